"""Business lines are opened and change hands."""

from __future__ import annotations

import pytest

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.line import commands, queries
from tests.factories.organization import MiniCity


def test_a_line_belongs_to_a_department(work: Work, city: MiniCity) -> None:
    commands.open_line(work, code="xz", name="行政审批", owner_id=city.legal)

    assert queries.by_code(work.session, "xz").owner_id == city.legal
    assert [line.code for line in queries.owned_by(work.session, city.legal)] == ["fz", "xz"]
    assert list(queries.all_by_code(work.session)) == ["fz", "xz", "zz"]


def test_a_line_changes_hands(work: Work, city: MiniCity) -> None:
    commands.hand_over(work, "fz", owner_id=city.politics)

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
