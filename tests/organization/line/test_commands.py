"""Business lines are opened and change hands."""

from __future__ import annotations

from datetime import date

import pytest

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.line import commands, queries
from kaohe_flow.organization.unit.commands import OrderTooEarly, close
from kaohe_flow.organization.unit.rules import Order
from tests.factories.organization import FOUNDED, TODAY, MiniCity


def test_a_line_belongs_to_a_department(work: Work, city: MiniCity) -> None:
    commands.open_line(work, code="xz", name="行政审批", owner_id=city.legal)

    assert queries.by_code(work.session, "xz").owner_id == city.legal
    assert [line.code for line in queries.owned_by(work.session, city.legal)] == ["fz", "xz"]
    assert list(queries.all_by_code(work.session)) == ["fz", "xz", "zz"]


def test_a_line_changes_hands(work: Work, city: MiniCity) -> None:
    commands.hand_over(work, "fz", owner_id=city.politics, order=Order(TODAY))

    assert [line.code for line in queries.owned_by(work.session, city.politics)] == ["fz", "zz"]


@pytest.mark.parametrize(("code", "name"), [("fz", "别的名称"), ("other", "执法监督")])
def test_code_and_name_are_unique(work: Work, city: MiniCity, code: str, name: str) -> None:
    with pytest.raises(commands.LineTaken, match="执法监督"):
        commands.open_line(work, code=code, name=name, owner_id=city.legal)


def test_faults_and_unknown_lines_are_named(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.LineRefused) as refused:
        commands.open_line(work, code="行政", name="", owner_id=city.legal)

    assert [problem.where for problem in refused.value.problems] == ["code", "name"]
    with pytest.raises(queries.LineNotFound, match="“xx”"):
        queries.by_code(work.session, "xx")


def test_who_was_competent_before_is_kept_with_its_days(work: Work, city: MiniCity) -> None:
    line = commands.hand_over(work, "fz", owner_id=city.politics, order=Order(TODAY, "党委会议纪要"))

    (past,) = queries.past(work.session)[line.id]
    assert (past.owner_id, past.valid_from, past.valid_to) == (city.legal, FOUNDED, date(2026, 11, 9))
    with pytest.raises(OrderTooEarly):
        commands.hand_over(work, "fz", owner_id=city.legal, order=Order(date(2026, 11, 1)))


def test_a_line_ends_once_and_keeps_its_code(work: Work, city: MiniCity) -> None:
    with pytest.raises(commands.LineEndsTooEarly):
        commands.close_line(work, "fz", last_day=date(2019, 1, 1))
    commands.close_line(work, "fz", last_day=TODAY)

    assert queries.owned_by(work.session, city.legal, TODAY) == ()
    with pytest.raises(commands.LineClosed):
        commands.close_line(work, "fz", last_day=date(2027, 1, 1))
    with pytest.raises(commands.LineTaken):
        commands.open_line(work, code="fz", name="新的", owner_id=city.legal)


def test_a_department_that_ends_gets_no_line(work: Work, city: MiniCity) -> None:
    close(work, city.far_station, last_day=TODAY)

    with pytest.raises(commands.LineOwnerRefused, match="河口派出所"):
        commands.open_line(work, code="xx", name="新业务", owner_id=city.far_station)
