"""The written pages as the tests read them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
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
