"""Units and lines to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy.orm import Session

from kaohe_flow.organization.line import queries as lines
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import Branch

Options = list[tuple[str, str]]
INDENT = "　"


def unit_options(session: Session, day: date, *, above: int | None = None) -> Options:
    """The units of the day as an indented tree; ``above``: only those that stand higher than this level."""
    return list(_flattened(units.tree(session, day, {}), above, 0))


def _flattened(branches: Iterable[Branch], above: int | None, depth: int) -> Iterator[tuple[str, str]]:
    for branch in branches:
        if above is None or branch.level < above:
            yield str(branch.unit_id), f"{INDENT * depth}{branch.name}（{branch.code}）"
            yield from _flattened(branch.children, above, depth + 1)


def line_options(session: Session, day: date) -> Options:
    """The business lines of the day."""
    return [(line.code, f"{line.name}（{line.code}）") for line in lines.in_force(session, day)]
