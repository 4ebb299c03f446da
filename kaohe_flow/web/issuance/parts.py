"""The table in which somebody writes who gets how much: its rows, what was typed, an even start."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import InvalidInput, Problem
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.organization.unit.rules import Branch
from kaohe_flow.scheme.indicator.rules import Split
from kaohe_flow.scheme.issuance.rules import Part
from kaohe_flow.web.common.filters import figure
from kaohe_flow.web.common.presenter import Form

PICK: Final = "pick"
REASON: Final = "reason-"
MILLI: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row: a unit directly below or an officer of the unit itself. ``key`` is ``unit:12`` or
    ``officer:7``, ``heads`` how many people stand behind it."""

    key: str
    name: str
    note: str
    heads: int

    @property
    def is_unit(self) -> bool:
        """Whether it is divided further there."""
        return self.key.startswith("unit:")


def recipients(session: Session, unit_id: int, day: date) -> tuple[Recipient, ...]:
    """Who may get a part of what this unit holds: own children first, then own officers."""
    counts = {branch.unit_id: branch.total for branch in _flat(officers.tree(session, day))}
    below = [
        Recipient(f"unit:{unit.id}", unit.name, unit.kind.label, counts.get(unit.id, 0))
        for unit in units.children(session, unit_id, day)
    ]
    own = [
        Recipient(f"officer:{one.id}", one.name, f"{one.police_no} · {one.post}", 1)
        for one in officers.members_on(session, unit_id, day)
    ]
    return (*below, *own)


def read_parts(
    form: Form, rows: Sequence[Recipient], total: Decimal | None, split: Split
) -> tuple[Part, ...]:
    """The ticked rows and those with a figure. A standard ticked without a figure means the same for all.

    Raises ``InvalidInput`` naming every figure that is none.
    """
    picked = set(form.getlist(PICK))
    faults: list[Problem] = []
    parts = []
    for row in rows:
        typed = form.get(row.key, "").strip()
        if row.key not in picked and not typed:
            continue
        value = read_figure(typed, row.key, faults)
        if value is None and not typed and split is Split.SAME:
            value = total
        parts.append(part_to(row.key, value, form.get(REASON + row.key, "")))
    if faults:
        raise InvalidInput(problems=tuple(faults))
    return tuple(parts)


def part_to(key: str, target: Decimal | None, reason: str = "") -> Part:
    """A part for ``unit:12`` or ``officer:7``."""
    kind, _, number = key.partition(":")
    if kind == "unit":
        return Part(to_unit_id=int(number), target=target, reason=reason)
    return Part(to_officer_id=int(number), target=target, reason=reason)


def read_figure(text: str, where: str, faults: list[Problem]) -> Decimal | None:
    """A figure as typed, in whatever width; what is none is noted among the ``faults``."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not plain:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value != value.quantize(MILLI):
        faults.append(Problem(where, f"“{text}”不是数字，最多三位小数"))
        return None
    return value


def divided(total: Decimal, heads: Sequence[int]) -> list[Decimal]:
    """The total by head, without a remainder: whole numbers for a whole total, else thousandths."""
    step = Decimal(1) if total == total.to_integral_value() else MILLI
    units_of_it, done, given = int(total / step), 0, 0
    shares = []
    for head in heads:
        done += head
        upto = units_of_it * done // max(1, sum(heads))
        shares.append((upto - given) * step)
        given = upto
    return shares


def even_start(
    rows: Sequence[Recipient], picked: Sequence[str], total: Decimal | None, split: Split
) -> Mapping[str, Any]:
    """What the table shows when somebody asks for an even start: by head among the ticked rows; with none
    ticked among the units below, or the officers where there are none. Whoever would get nothing is left out.
    """
    if total is None:
        return {}
    units_below = [row for row in rows if row.is_unit]
    chosen = [row for row in rows if row.key in picked] or units_below or list(rows)
    if split is Split.SAME:
        return {row.key: figure(total) for row in chosen}
    shares = divided(total, [row.heads for row in chosen])
    return {row.key: figure(share) for row, share in zip(chosen, shares, strict=True) if share}


def _flat(branches: Sequence[Branch]) -> list[Branch]:
    return [one for branch in branches for one in (branch, *_flat(branch.children))]
