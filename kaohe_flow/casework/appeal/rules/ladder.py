"""The rungs: offices level by level, then discipline, or the leading group in its place."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe_flow.organization.unit.rules import Titled


class RungKind(Titled):
    """Who sits on a rung of the ladder."""

    OFFICE = "office", "考核办"
    DISCIPLINE = "discipline", "纪检"
    LEADING_GROUP = "leading_group", "领导小组"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder. ``below_unit_id``: the unit of the decision it stands one level above."""

    kind: RungKind
    unit_id: int
    below_unit_id: int
    limit: str

    @property
    def is_final(self) -> bool:
        """Offices can be appealed from; discipline and the leading group end the ladder."""
        return self.kind is not RungKind.OFFICE


def limit_name(kind: RungKind, offices_before: int) -> str:
    """The variable of the diagram that says how many working days a rung has to answer."""
    if kind is not RungKind.OFFICE:
        return "appeal_answer_final_wd"
    return "appeal_answer_l2_wd" if offices_before else "appeal_answer_l1_wd"
