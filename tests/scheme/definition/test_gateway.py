"""Reading scheme files: what is accepted, and how every fault is told at once, with path and line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe_flow.kernel.errors import InvalidInput, Problem
from kaohe_flow.scheme.definition.document.gateway import DocumentRefused
from kaohe_flow.scheme.definition.gateway import (
    NoSuchScheme,
    SchemeRefused,
    library,
    load_scheme,
    read_scheme,
)

GOOD = """
id: good
lines:
  - {id: 治安, type: regular, weight: 60}
  - {id: 队伍, type: regular, weight: 40}
items:
  - {id: 漏管, line: 治安, mode: penalty, points: 2}
"""


def told(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        read_scheme(text)
    return [(problem.where, problem.text) for problem in refused.value.problems]


def problems_of(text: str) -> tuple[Problem, ...]:
    """None for a text that is a scheme; whatever else happens is a defect of the reader."""
    try:
        read_scheme(text)
    except InvalidInput as refused:
        return refused.problems
    return ()


@pytest.mark.parametrize("name", library())
def test_every_scheme_of_the_library_loads(name: str) -> None:
    scheme = load_scheme(name)

    assert scheme.id == name
    assert scheme.sheets


def test_the_demo_city_has_its_sixty_indicators_on_both_sheets() -> None:
    scheme = load_scheme("yunlan_demo")

    for sheet in scheme.sheets:
        modes = [item.mode.value for item in sheet.items]
        assert (modes.count("task"), modes.count("penalty"), modes.count("reward")) == (32, 17, 11)


def test_a_file_is_read_like_its_text(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")

    assert load_scheme(path) == read_scheme(GOOD)


def test_a_name_that_is_neither_file_nor_scheme_lists_what_there_is() -> None:
    with pytest.raises(NoSuchScheme, match="yunlan_demo"):
        load_scheme("no_such_scheme")


def test_all_faults_of_a_file_are_told_at_once_with_path_and_line() -> None:
    text = """
id: faulty
lines:
  - {id: 治安, type: regular, weight: 6o}
  - id: 队伍
    type: irregular
    weigth: 40
items:
  - {id: 漏管, line: 治按, mode: penalty, points: 2}
  - {id: 达标, rule: threshold, full: 5, full_at: "95 以上"}
  - {id: 公式, rule: formula, formula: "1 +"}
  - {id: 无规则, rule: guess}
"""

    found = dict(told(text))

    assert found["lines[0].weight 第 4 行"] == "“6o”不是数字"
    assert "regular、deduct" in found["lines[1].type 第 6 行"]
    assert found["lines[1].weigth 第 7 行"] == "不认识的键“weigth”，是不是“weight”？"
    assert "没有名为“治按”的线" in found["items[0].line 第 9 行"]
    assert ">= 95" in found["items[1].full_at 第 10 行"]
    assert "公式不能理解" in found["items[2].formula 第 11 行"]
    assert "tariff、ratio" in found["items[3].rule 第 12 行"]
    assert len(found) == 7


def test_numbers_are_decimals_and_never_pass_through_a_float() -> None:
    scheme = read_scheme(GOOD.replace("points: 2", "points: 0.1"))

    points = scheme.sheets[0].items[0].method.points  # type: ignore[union-attr]
    assert points == Decimal("0.1")
    assert str(points) == "0.1"


@pytest.mark.parametrize("written", ["1e3", "0x10", "1_000", ".5", "NaN", "inf", "1.2345", "12345678901234"])
def test_a_number_is_written_plainly_with_at_most_three_decimals(written: str) -> None:
    assert [where for where, _ in told(GOOD.replace("points: 2", f"points: {written}"))] == [
        "items[0].points 第 7 行"
    ]


def test_a_percent_is_a_share_only_where_a_share_is_meant() -> None:
    scheme = read_scheme(GOOD + "mitigations: {个人原因: 30%}\n")

    assert scheme.sheets[0].mitigations == {"个人原因": Decimal("0.3")}
    assert told(GOOD.replace("points: 2", "points: 2%"))


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    scheme = read_scheme("id: no\nname: 2026-03\nitems: [{id: on, mode: reward, points: 1, per: 12:30}]")

    assert (scheme.id, scheme.name, scheme.sheets[0].items[0].id) == ("no", "2026-03", "on")


def test_weights_must_add_up_or_be_declared() -> None:
    wrong = GOOD.replace("weight: 40", "weight: 30")

    assert told(wrong) == [
        (
            "lines 第 3 行",
            "权重合计 90，应为 100；不计入合计的请写 add_on: true，合计另有规定的请写 weights_total",
        )
    ]
    assert read_scheme(wrong + "weights_total: 90\n")
    assert read_scheme(wrong + "weights_total: free\n")
    assert told(GOOD.replace("weight: 40}", "weight: 40, add_on: true}"))[0][1].startswith("权重合计 60")


def test_weights_by_unit_kind_add_up_for_each_kind() -> None:
    table = "{by: unit_kind, values: {窗口: 40, 机关: 30}}"

    assert told(GOOD.replace("weight: 40", f"weight: {table}"))[0][1].startswith(
        "unit_kind=机关 的权重合计 90"
    )


def test_temporary_weights_add_up_too() -> None:
    change = "temporary_weights: [{from: 2026-07-01, to: 2026-07-31, weights: {治安: 70}}]\n"

    assert told(GOOD + change)[0][1].startswith("临时权重期间权重合计 110")
    assert read_scheme(GOOD + change.replace("治安: 70", "治安: 70, 队伍: 30"))
    assert "不是有权重的线或模块" in told(GOOD + change.replace("治安: 70", "治按: 60"))[0][1]


@pytest.mark.parametrize(
    ("addition", "sentence"),
    [
        ("  - {id: 漏管, mode: reward, points: 1}", "重复"),
        ("  - {id: a, mode: reward, points: 1, group: 没有}", "没有名为“没有”的分组"),
        ("  - {id: a, mode: reward, points: 1, mitigations: 没有}", "没有名为“没有”的情节"),
        ("  - {id: a, mode: reward, points: 1, fan_out: [{to: unit, item: 没有}]}", "没有名为“没有”的条目"),
        ("  - {id: a, rule: total_of, sheet: 没有}", "没有名为“没有”的考核表"),
        ("  - {id: a, rule: total_of, sheet: good}", "引用了自己的总分"),
        ("  - {id: a, line: 治安, full: 5, points: -1}", "请写明 base"),
        ("  - {id: a, line: z, full: 5, points: -1}\nmodules: [{id: m, weight: 10}]", "没有名为“z”的线"),
        (
            "  - {id: a, module: m, full: 5, points: -1}\nmodules: [{id: m, weight: 9, add_on: true}]",
            "达不到",
        ),
        (
            "  - {id: a, module: m, mode: penalty, points: 1}\nmodules: [{id: m, weight: 9, add_on: true}]",
            "起点",
        ),
        ("  - {id: a, full: 5, points: 5%}", "不能带百分号"),
        ("  - {id: a, rule: ratio}", "须写 full"),
        ("  - {id: a, rule: judged}", "须写 max 或 full"),
        ("  - {id: a, points: 1, sequence: [1, 2]}", "须写且只写其中一种"),
        ("  - {id: a, mode: reward, points: 1, line: 治安, module: 治安}", "只写一个"),
        ("  - {id: a, mode: reward, points: 1, from: 2026-07}", "应是日期"),
        ("  - {id: a, rule: threshold, full: 3, full_at: '>= 9', otherwise: linear}", "同时写"),
        ("  - {id: a, rule: bands, bands: [{when: '[9..1]', points: 1}]}", "下限大于上限"),
        ("  - {id: a, mode: reward, points: {min: 9, max: 1}}", "min 9 大于 max 1"),
        ("groups: [{id: g, cap: 1, floor: 2}]", "cap 1 小于 floor 2"),
        ("grades: [{id: 优}, {id: 良}]", "永远轮不到"),
        ("grades: [{id: 良, when: '>= 60'}, {id: 优, when: '>= 90'}]", "从高到低"),
        ("total: {floor: 5, ceiling: 1}", "大于 ceiling"),
        ("period: {kind: month, first_day: 31}", "1 到 28"),
        ("period: {kind: quarter, year_from: 13-01}", "月-日"),
        ("period: {kind: spans}", "须写 spans"),
        ("rounding: {total: 5}", "0 到 3"),
        ("format: 2", "只读 format: 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(addition: str, sentence: str) -> None:
    assert any(sentence in text for _, text in told(GOOD + addition + "\n"))


def test_an_item_may_have_versions_that_do_not_overlap() -> None:
    versions = """
id: versions
period: {kind: month, first_day: 26}
items:
  - {id: a, mode: reward, points: 1, to: 2026-06}
  - {id: a, mode: reward, points: 2, from: 2026-07-01}
"""

    assert len(read_scheme(versions).sheets[0].items) == 2
    assert "重复" in told(versions.replace("to: 2026-06", "to: 2026-07-25"))[0][1]


def test_sheets_take_over_what_the_top_level_says() -> None:
    text = """
id: shared
period: {kind: month}
items: [{id: a, mode: reward, points: x}, {id: b, mode: reward, points: 1, line: 没有}]
sheets:
  - {id: one, for: {kind: officer}}
  - {id: two, period: {kind: year}, total: {base: y}}
"""

    assert told(text) == [
        ("items[0].points 第 4 行", "“x”不是数字"),
        ("items[1].line 第 4 行", "没有名为“没有”的线，已有：（无）"),
        ("sheets[1].total.base 第 7 行", "“y”不是数字"),
    ]
    scheme = read_scheme(
        text.replace("points: x", "points: 1").replace("y}", "5}").replace(", line: 没有", "")
    )
    assert [sheet.period.kind.value for sheet in scheme.sheets if sheet.period] == ["month", "year"]
    assert all(len(sheet.items) == 2 for sheet in scheme.sheets)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "空的"),
        ("   \n# 只有注释\n", "空的"),
        ("- a\n- b", "以 id 开头"),
        ("id: a\nid: b", "重复，第 1 行已经写过"),
        ("a: &x 1\nb: *x", "锚点"),
        ("id: !!python/object:os.system x", "标签"),
        ("id: [1, 2", "YAML"),
        ("id: a: b", "冒号"),
        ("id: a\n\titems: 1", "YAML"),
        ("? [a, b]\n: 1", "键只能是一个词"),
        ("id: a\n---\nid: b", "一份文档"),
        ("id: " + "[" * 100, "嵌套超过"),
        ("id: \x00", "YAML"),
    ],
)
def test_a_text_that_is_no_document_is_refused_with_one_clear_sentence(text: str, sentence: str) -> None:
    assert any(sentence in said for _, said in told(text))


def test_a_file_in_another_encoding_says_so() -> None:
    assert "UTF-8" in told("id: 方案".encode("gb18030"))[0][1]


def test_deep_and_wide_documents_are_bounded() -> None:
    with pytest.raises(DocumentRefused):
        read_scheme("[" * 100_000)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    assert all(problem.text for problem in problems_of(text))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.characters(codec="utf-8"))
def test_no_slip_of_the_pen_breaks_the_reader(position: int, typed: str) -> None:
    text = GOOD[:position] + typed + GOOD[position + 1 :]

    assert all(problem.text for problem in problems_of(text))


def test_a_refused_file_counts_its_faults() -> None:
    with pytest.raises(SchemeRefused, match="有 1 处错误"):
        read_scheme(GOOD + "total: {floor: x}\n")
