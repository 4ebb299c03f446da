"""The rules sheet is read row by row, and every fault of a row is named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kaohe_flow.scheme.indicator.gateway import HEADINGS, SheetRefused, SheetRow, read_rules_sheet
from kaohe_flow.scheme.indicator.rules import (
    DISCIPLINE,
    OWN_UNIT,
    Content,
    Kind,
    Mode,
    Module,
    Split,
    TargetKind,
)
from tests.factories.writing import wide

LINES = {"法制": "fz", "fz": "fz"}
FULL = {
    "指标编码": "biz-07",
    "指标名称": "矛盾纠纷化解率",
    "模块": "业务工作",
    "记分方式": "任务加减分",
    "分值": "6",
    "封顶": "8分",
    "指标类别": "过程指标",
    "记分规则": "95%以上得满分",
    "规则参数": '{""rate"": 0.95}',
    "计量口径": "登记并化解",
    "计量单位": "%",
    "计算公式": "化解数÷登记数",
    "数据来源": "纠纷系统",
    "佐证种类": "协议、截图/照片",
    "完成时限": "每月25日",
    "归口业务线": "法制",
    "考核对象": "民警",
    "适用层级": "5",
    "适用范围": "派出所，窗口",
    "同一事迹组": "化解",
    "分解方式": "",
}


def read(*rows: dict[str, str]) -> tuple[SheetRow, ...]:
    lines = [",".join(HEADINGS)]
    lines += [",".join(f'"{row.get(heading, "")}"' for heading in HEADINGS) for row in rows]
    return read_rules_sheet("\n".join(lines).encode(), "指标.csv", LINES)


def first(**changes: str) -> Content:
    (row,) = read({**FULL, **changes})
    assert row.content is not None, row.problems
    return row.content


def faults(**changes: str) -> list[tuple[str, str]]:
    (row,) = read({**FULL, **changes})
    assert row.content is None
    return [(fault.where, fault.text) for fault in row.problems]


def test_a_full_row_is_read_completely() -> None:
    (row,) = read(FULL)

    assert (row.number, row.code) == (2, "BIZ-07")
    assert row.content == Content(
        name="矛盾纠纷化解率",
        module=Module.BUSINESS,
        mode=Mode.TASK,
        base_points=Decimal(6),
        cap=Decimal(8),
        kind=Kind.PROCESS,
        rule_text="95%以上得满分",
        rule={"rate": "0.95"},
        group_code="化解",
        measure="登记并化解",
        unit_of_measure="%",
        formula="化解数÷登记数",
        data_source="纠纷系统",
        evidence_kinds=("协议", "截图", "照片"),
        deadline_text="每月25日",
        line_code="fz",
        target_kind=TargetKind.OFFICER,
        level=5,
        applies_to=("派出所", "窗口"),
        split=Split.SAME,
    )


@pytest.mark.parametrize(("points", "limit"), [("-1", "-5"), ("1", "5"), ("−1", f"{wide('5')}分")])
def test_deductions_are_deductions_with_or_without_the_minus(points: str, limit: str) -> None:
    read_row = first(**{"记分方式": "惩罚扣分", "分值": points, "封顶": limit})

    assert (read_row.base_points, read_row.cap, read_row.floor) == (Decimal(-1), None, Decimal(-5))


def test_a_rate_is_one_standard_and_a_number_is_divided_unless_the_sheet_says_otherwise() -> None:
    assert first(**{"计量单位": "件"}).split is Split.ADD_UP
    assert first(**{"计量单位": "件", "分解方式": "同一标准"}).split is Split.SAME


def test_identifiers_are_understood_as_well_as_titles() -> None:
    assert first(**{"模块": "Special", "记分方式": "reward"}).module is Module.SPECIAL


def test_owners_that_are_no_line_are_known_by_name() -> None:
    assert first(**{"归口业务线": "本单位"}).line_code == OWN_UNIT
    assert first(**{"归口业务线": "纪检"}).line_code == DISCIPLINE


@pytest.mark.parametrize(
    ("heading", "text", "words"),
    [
        ("指标编码", "07", "以字母开头"),
        ("指标名称", "", "请填写指标名称"),
        ("模块", "其他", "队伍建设"),
        ("模块", "", "队伍建设"),
        ("记分方式", "加分", "奖励加分"),
        ("分值", "六", "不是数字"),
        ("分值", "", "请填写分值"),
        ("分值", "NaN", "之间"),
        ("分值", "0.0001", "三位小数"),
        ("封顶", "5", "不能低于"),
        ("指标类别", "定性", "结果指标"),
        ("规则参数", "0.5", "JSON"),
        ("规则参数", "{", "JSON"),
        ("归口业务线", "刑侦", "刑侦"),
        ("考核对象", "领导", "民警"),
        ("适用层级", "6", "1至5"),
    ],
)
def test_a_fault_names_its_column(heading: str, text: str, words: str) -> None:
    ((where, told),) = faults(**{heading: text})

    assert words in told
    assert where == heading


def test_all_faults_of_a_row_are_told_together() -> None:
    assert [where for where, _ in faults(**{"分值": "x", "模块": "y", "适用层级": "z"})] == [
        "分值",
        "模块",
        "适用层级",
    ]


def test_a_code_that_stands_twice_is_refused_the_second_time() -> None:
    one, two = read(FULL, FULL)

    assert one.content is not None
    assert two.content is None
    assert "与第 2 行重复" in two.problems[0].text


def test_a_sheet_without_the_needed_columns_is_refused_as_a_whole() -> None:
    with pytest.raises(SheetRefused, match="缺少列 记分方式、分值"):
        read_rules_sheet("指标编码,指标名称,模块\n".encode(), "a.csv", {})


def test_a_sheet_with_unknown_columns_is_refused_as_a_whole() -> None:
    with pytest.raises(SheetRefused, match="不认识的列 备注"):
        read_rules_sheet((",".join([*HEADINGS, "备注"])).encode(), "a.csv", {})


def test_a_sheet_of_thousands_of_rows_is_refused_as_a_whole() -> None:
    with pytest.raises(SheetRefused, match="2000 行"):
        read(*[{"指标编码": "A"}] * 2001)


def test_deeply_nested_parameters_are_a_fault_and_not_a_crash() -> None:
    assert "JSON" in faults(**{"规则参数": "[" * 3000})[0][1]
