"""Decision tables: which rules hold, in which shape the answer comes, and what an unclear table says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kaohe_flow.workflow.engine.port import Value
from kaohe_flow.workflow.errors import DiagramRefused, EngineFailed
from tests.workflow.engine.drawings import diagram, node, table
from tests.workflow.engine.worlds import Case, compiled

JUEL = b'<inputEntry expressionLanguage="juel">'
JUEL_INPUT = b'<inputExpression expressionLanguage="juel">'
POINTS = (
    ("< 0.6", "-", "0", '"不合格"'),
    ("[0.6..1)", "-", "base * rate", '"部分"'),
    (">= 1", '"刑侦", "治安"', "base * 1.5", '"超额"'),
    (">= 1", 'not("刑侦", "治安")', "base", '"完成"'),
)


def asking(dmn: bytes, **attributes: str) -> Any:
    nodes = node("start", "s") + node("user", "u") + node("end", "e")
    nodes += node("decision", "d", camunda__decisionRef="score", **attributes)
    return compiled(diagram(nodes, "s->d\nd->u\nu->e"), dmn=[dmn])


def answer(dmn: bytes, attributes: dict[str, str] | None = None, /, **variables: Value) -> dict[str, Value]:
    case = Case(asking(dmn, **(attributes or {})), **variables)
    return {name: value for name, value in case.now.variables.items() if name not in variables}


@pytest.mark.parametrize(
    ("rate", "line", "points", "grade"),
    [
        ("0.59", "刑侦", "0", "不合格"),
        ("0.6", "刑侦", "3.00", "部分"),
        ("0.999", "交警", "4.995", "部分"),
        ("1", "刑侦", "7.5", "超额"),
        ("1", "交警", "5", "完成"),
    ],
)
def test_outputs_without_a_result_variable_become_variables(
    rate: str, line: str, points: str, grade: str
) -> None:
    dmn = table("score", ("rate", "line"), ("points", "grade"), POINTS)

    given = answer(dmn, rate=Decimal(rate), line=line, base=Decimal(5))

    assert given == {"points": Decimal(points), "grade": grade}
    assert isinstance(given["points"], Decimal)


def test_the_answer_may_be_one_value_or_one_object() -> None:
    one = table("score", ("n",), ("points",), (("1", "2.50"),))
    two = table("score", ("n",), ("points", "why"), (("1", "2.50", '"甲"'),))

    assert answer(one, {"camunda__resultVariable": "r"}, n=1) == {"r": Decimal("2.50")}
    assert answer(two, {"camunda__resultVariable": "r"}, n=1) == {
        "r": {"points": Decimal("2.50"), "why": "甲"}
    }
    single = {"camunda__resultVariable": "r", "camunda__mapDecisionResult": "singleResult"}
    assert answer(one, single, n=1) == {"r": {"points": Decimal("2.50")}}


def test_no_rule_means_no_value_and_never_zero() -> None:
    dmn = table("score", ("n",), ("points",), (("1", "2"),))

    assert answer(dmn, n=9) == {"points": None}


def test_two_rules_at_once_are_refused_by_a_unique_table() -> None:
    dmn = table("score", ("n",), ("points",), (("> 1", "1"), ("> 2", "1")))

    assert answer(dmn, n=2) == {"points": Decimal(1)}
    with pytest.raises(EngineFailed, match="第 1、2 行同时符合"):
        answer(dmn, n=3)


def test_the_first_rule_wins_and_later_ones_are_not_even_looked_at() -> None:
    dmn = table("score", ("n",), ("points",), (("> 1", "1"), ("> nowhere", "2")), "FIRST")

    assert answer(dmn, n=3) == {"points": Decimal(1)}


def test_any_accepts_rules_that_agree() -> None:
    dmn = table("score", ("n",), ("points",), (("> 1", "1"), ("> 2", "1"), ("> 3", "2")), "ANY")

    assert answer(dmn, n=3) == {"points": Decimal(1)}
    with pytest.raises(EngineFailed, match="结果不同"):
        answer(dmn, n=4)


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", "6.75"), ("MIN", "1.25"), ("MAX", "3"), ("COUNT", "3")]
)
def test_collected_rules_may_be_summed_up(aggregation: str, expected: str) -> None:
    rules = (("> 0", "1.25"), ("> 1", "2.5"), ("> 2", "3"), ("> 3", "100"))
    dmn = table("score", ("n",), ("points",), rules, "COLLECT", f' aggregation="{aggregation}"')

    assert answer(dmn, n=3) == {"points": Decimal(expected)}
    assert answer(dmn, {"camunda__resultVariable": "r"}, n=3) == {"r": Decimal(expected)}


def test_a_sum_over_no_rule_is_no_value() -> None:
    dmn = table("score", ("n",), ("points",), (("> 9", "1"),), "COLLECT", ' aggregation="SUM"')

    assert answer(dmn, n=1) == {"points": None}


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
def test_collected_rules_without_a_sum_are_a_list_in_their_order(policy: str) -> None:
    dmn = table("score", ("n",), ("points",), (("> 0", "3"), ("> 1", "1"), ("> 9", "7")), policy)

    assert answer(dmn, n=3) == {"points": [Decimal(3), Decimal(1)]}
    assert answer(dmn, {"camunda__resultVariable": "r"}, n=3) == {"r": [Decimal(3), Decimal(1)]}
    rows = {"camunda__resultVariable": "r", "camunda__mapDecisionResult": "resultList"}
    assert answer(dmn, rows, n=3) == {"r": [{"points": Decimal(3)}, {"points": Decimal(1)}]}


def test_input_expressions_are_worked_out_and_cells_see_the_variables() -> None:
    dmn = table("score", ("a + b",), ("points",), ((">= goal", "? - goal"), ("< goal", "0")))

    with pytest.raises(DiagramRefused):
        asking(dmn)
    dmn = table("score", ("a + b",), ("points",), ((">= goal", "a + b - goal"), ("< goal", "0")))
    assert answer(dmn, a=2, b=3, goal=4) == {"points": Decimal(1)}


@pytest.mark.parametrize(
    ("dmn", "words"),
    [
        (table("other", ("n",), ("p",), (("1", "2"),)), "没有一并部署"),
        (table("score", ("n",), ("p",), (("1 +", "2"),)), "第 1 行第 1 列"),
        (table("score", ("n",), ("p",), (("1", "2"), ("2", "foo("))), "第 2 行结果“p”"),
        (table("score", ("n +",), ("p",), (("1", "2"),)), "第 1 列条件的取值"),
        (table("score", ("",), ("p",), (("1", "2"),)), "没有写取值表达式"),
        (table("score", ("n",), ("p",), (("1", "2"),), "PRIORITY"), "命中方式"),
        (table("score", ("n",), ("p",), (("1", "2"),), "UNIQUE", ' aggregation="SUM"'), "汇总方式"),
        (
            table("score", ("n",), ("p", "q"), (("1", "2", "3"),), "COLLECT", ' aggregation="SUM"'),
            "只能有一列",
        ),
        (table("score", ("n",), ("p", "p"), (("1", "2", "3"),)), "与别的列重复"),
        (table("score", ("n",), (), (("1",),)), "没有结果列"),
        (table("score", ("n",), ("p",), ()), "一行规则也没有"),
        (table("score", ("n",), ("p",), (("1",),)), "格数与列数不一致"),
        (table("score", ("n",), ("p",), (("1", "2"),)).replace(b"<inputEntry>", JUEL), "只能用 FEEL"),
        (
            table("score", ("n",), ("p",), (("1", "2"),)).replace(b"<inputExpression>", JUEL_INPUT),
            "只能用 FEEL",
        ),
        (b"<x/>", "没有决策"),
        (b"<x", "XML"),
        (b'<d><decision id="score"><literalExpression/></decision></d>', "没有决策表"),
    ],
)
def test_a_faulty_table_is_refused_with_its_place(dmn: bytes, words: str) -> None:
    with pytest.raises(DiagramRefused) as refused:
        asking(dmn)

    assert any(words in fault.text for fault in refused.value.faults)


def test_a_decision_id_used_twice_is_refused() -> None:
    nodes = node("start", "s") + node("decision", "d", camunda__decisionRef="score") + node("end", "e")
    dmn = table("score", ("n",), ("p",), (("1", "2"),))

    with pytest.raises(DiagramRefused, match="重复"):
        compiled(diagram(nodes, "s->d\nd->e"), dmn=[dmn, dmn])


def test_a_cell_that_cannot_be_worked_out_names_row_and_column() -> None:
    dmn = table("score", ("n",), ("p",), (("0", "1"), ("> nowhere", "2")))

    with pytest.raises(EngineFailed, match="第 2 行第 1 列"):
        answer(dmn, n=3)


def test_summing_what_is_no_number_fails() -> None:
    dmn = table("score", ("n",), ("p",), (("-", '"a"'),), "COLLECT", ' aggregation="SUM"')

    with pytest.raises(EngineFailed, match="不都是数字"):
        answer(dmn, n=1)
