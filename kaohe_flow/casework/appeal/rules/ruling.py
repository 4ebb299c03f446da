"""What a rung may decide: with reasons, within the rule, never to the appellant's loss."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from kaohe_flow.casework.appeal.rules import Outcome
from kaohe_flow.casework.appeal.rules.contested import Relief
from kaohe_flow.kernel.errors import InvalidInput, Problem
from kaohe_flow.kernel.points import ZERO

MIN_REASONS: Final = 10
MAX_REASONS: Final = 2000


class RulingRefused(InvalidInput):
    """The ruling cannot be given as it stands."""

    code = "appeal-ruling-refused"
    message = "复议决定有误，请按提示修改"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rung decides."""

    outcome: Outcome
    reasons: str
    relief: Relief = field(default_factory=Relief)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The appellant's points before and after a replacement, signed.

    ``line``: the case's own lines as booked; ``raw``: the same before limits and coefficient (None: nothing
    stands); ``total``: all lines of the appellant in the period. Limits may move points between lines, so
    the line alone does not tell who loses.
    """

    line_before: Decimal
    line_after: Decimal
    raw_before: Decimal | None
    raw_after: Decimal | None
    total_before: Decimal
    total_after: Decimal

    @property
    def is_worse(self) -> bool:
        """Whether the appellant would lose anything: in the total, or of the figure itself."""
        loses_figure = (self.raw_after or ZERO) < (self.raw_before or ZERO)
        return loses_figure or self.total_after < self.total_before

    @property
    def changes_nothing(self) -> bool:
        """Whether the new figure is the old one."""
        return self.raw_before is not None and self.raw_after == self.raw_before


def reasons_faults(reasons: str) -> tuple[Problem, ...]:
    """A ruling without reasons is none."""
    length = len(reasons.strip())
    if length < MIN_REASONS:
        return (Problem("opinion", f"复议决定必须写明理由，至少 {MIN_REASONS} 个字，现有 {length} 个字"),)
    if length > MAX_REASONS:
        return (Problem("opinion", f"理由最多 {MAX_REASONS} 个字，现有 {length} 个字"),)
    return ()


def outlook_faults(outlook: Outlook, field_name: str, owed: Decimal | None = None) -> tuple[Problem, ...]:
    """An appeal never makes it worse (公务员法第九十六条的不加重原则), and a change changes something.

    ``owed``: the total a lower rung ruled after the seal, which the ledger does not show yet.
    """
    if owed is not None and outlook.total_after < owed:
        text = f"复议不得加重：前一级已决定本期计为 {owed:.2f} 分，按所填数据为 {outlook.total_after:.2f} 分"
        return (Problem(field_name, text),)
    if outlook.is_worse:
        before = outlook.line_before if outlook.raw_before is None else outlook.raw_before
        text = (
            f"复议不得加重：按所填数据为 {outlook.raw_after or ZERO:.2f} 分，低于原来的 {before:.2f} 分；"
            "认为另有应当扣分的事项，须按惩罚扣分程序另行办理"
        )
        return (Problem(field_name, text),)
    if outlook.changes_nothing:
        text = f"所填数据与原结果相同（{outlook.raw_before:.2f} 分）；如认为原决定正确，请选择“维持”"
        return (Problem(field_name, text),)
    return ()
