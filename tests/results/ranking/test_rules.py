"""The order in which a ranking page names its groups, and where its reader begins."""

from __future__ import annotations

from decimal import Decimal

from kaohe_flow.results.ranking.rules import Seat, Standing, Standings, own_group, titled
from kaohe_flow.scorebook.scoring.facts.rules import Subject

SEATS = {
    "unit:1": Seat(2, "ZZB"),
    "unit:2": Seat(2, "FZ"),
    "unit:3": Seat(2, "QSX"),
    "unit:4": Seat(3, "QSX-CG"),
    "unit:5": Seat(4, "QSX-CG-SQ"),
}


def standing(subject: str, group: str, ranking: str = "in_sequence") -> Standing:
    return Standing(subject, subject, "unit", "", ranking, group, Decimal(1), 1, 1, ())


def test_groups_stand_by_level_then_by_how_many_units_they_have() -> None:
    rows = (
        standing("unit:5", "中队"),
        standing("unit:4", "派出所"),
        standing("unit:3", "县分局"),
        standing("unit:1", "市直部门"),
        standing("unit:2", "市直部门"),
    )

    groups = Standings(1, False, rows).groups("unit", SEATS)

    assert groups == ("市直部门", "县分局", "派出所", "中队")


def test_who_is_in_no_group_comes_last_whatever_the_level() -> None:
    rows = (standing("unit:1", "未编组"), standing("unit:5", "中队"))

    assert Standings(1, False, rows).groups("unit", SEATS) == ("中队", "未编组")


def test_groups_of_one_ranking_stay_together_in_the_order_of_the_scheme() -> None:
    rows = (standing("unit:4", "城关派出所", "in_unit"), standing("unit:3", "县分局"))

    assert Standings(1, False, rows).groups("unit", SEATS) == ("城关派出所", "县分局")


def test_a_group_called_after_a_code_is_shown_under_the_name_of_the_unit() -> None:
    squad = Subject(id="unit:5", name="社区中队", kind="unit")

    assert titled("派出所·QSX", (squad,), {"QSX": "青松县局"}) == "派出所·青松县局"
    assert titled("unit:5", (squad,), {}) == "社区中队"
    assert titled("甲组", (squad,), {"QSX": "青松县局"}) == "甲组"


def test_a_reader_begins_in_the_own_group_and_a_stranger_in_the_first() -> None:
    rows = (standing("unit:3", "县分局"), standing("unit:4", "派出所"))
    groups = ("县分局", "派出所")

    assert own_group(rows, groups, "unit:4") == "派出所"
    assert own_group(rows, groups, "unit:9") == "县分局"
