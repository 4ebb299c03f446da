"""The words diagrams may use, read from the tables that process owners read: ``bpmn/README.md``."""

from __future__ import annotations

import re
from functools import cache

from tests.diagrams.drawing import FOLDER

Row = tuple[str, ...]


@cache
def table(heading: str) -> dict[str, Row]:
    """Rows of the table under a third-level heading, by the word in their first cell."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    section = re.split(rf"^### {heading}$", text, maxsplit=1, flags=re.MULTILINE)[1]
    section = re.split(r"^##", section, maxsplit=1, flags=re.MULTILINE)[0]
    rows = [
        re.split(r"\s*\|\s*", line.strip())[1:-1] for line in section.splitlines() if line.startswith("| `")
    ]
    words = {row[0].strip("`"): tuple(row[1:]) for row in rows}
    assert len(words) == len(rows), f"a word stands twice in the table {heading}"
    return words


def in_use(heading: str) -> set[str]:
    """Words that some diagram must use: all but the spare ones (备用)."""
    return {word for word, row in table(heading).items() if not any("备用" in cell for cell in row)}


def quoted(cell: str) -> set[str]:
    """The words in backquotes of a cell."""
    return set(re.findall(r"`([^`]+)`", cell))
