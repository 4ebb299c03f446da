"""The written pages as the tests read them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TUTORIAL = DOCS / "process-owner" / "change-a-process.md"
SHIPPED = ROOT / "bpmn" / "work_submission_v1.bpmn"
FRONT = tuple(path for path in (ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md"))
PAGES = (*FRONT, ROOT / "bpmn" / "README.md", *sorted(DOCS.rglob("*.md")))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def name(path: Path) -> str:
    """A page as test ids show it."""
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of one language, in order, without the last line break."""
    found = FENCE.findall(path.read_text(encoding="utf-8"))
    return [body.removesuffix("\n") for kind, body in found if kind == language]


def prose(path: Path) -> str:
    """A page without its fenced blocks and code spans: what may hold links."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", path.read_text(encoding="utf-8")))


def changed(text: str, steps: list[str]) -> str:
    """A file after every “找到 … 换成 …” of a page; each passage must be there exactly once."""
    assert len(steps) % 2 == 0
    for old, new in zip(steps[::2], steps[1::2], strict=True):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def with_recheck() -> str:
    """The shipped diagram with one more level of review, as the tutorial tells people to type it."""
    return changed(SHIPPED.read_text(encoding="utf-8"), blocks(TUTORIAL, "xml"))
