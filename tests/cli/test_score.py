"""``kaohe score`` as people use it: tables, JSON, exit codes, errors in Chinese."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaohe_flow.cli.score import score

SCHEME = """
id: station
name: 派出所民警月度考核
total: {base: 100}
items:
  - {id: 旷工, mode: penalty, points: 10, per: 天}
  - {id: 破案, mode: reward, points: 3, per: 起, cap: 10}
rankings: [{id: 全所}]
"""
FACTS = """
subjects: [{id: 张三}, {id: 李四, assessed: false, reason: 产假}]
facts:
  - {subject: 张三, item: 旷工, count: 2}
  - {subject: 张三, item: 破案, count: 5}
  - {subject: 张三, item: 立功}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    return str(tmp_path / "scheme.yaml"), str(tmp_path / "facts.yaml")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(score, arguments)


def test_the_table_shows_totals_places_and_what_does_not_count(files: tuple[str, str]) -> None:
    result = call(*files)

    assert result.exit_code == 0
    assert "方案：派出所民警月度考核" in result.stdout
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["1", "张三", "90.00"] in rows
    assert ["—", "李四", "未考核", "未考核：产假"] in rows
    assert ["F3", "张三", "立功", "没有条目“立功”"] in rows


def test_columns_stand_under_each_other_with_chinese_in_them(files: tuple[str, str]) -> None:
    lines = call(*files).stdout.splitlines()

    head = next(line for line in lines if line.startswith("名次"))
    row = next(line for line in lines if line.startswith("1 "))
    assert len(head[: head.index("总分")].encode("gb18030")) == len(
        row[: row.index("90.00")].encode("gb18030")
    )


def test_explain_lists_the_steps(files: tuple[str, str]) -> None:
    text = call(*files, "--explain").stdout

    assert "记分规则　-10 × 2 天 → -20" in text
    assert "超出限额 5 分不计" in text


def test_json_carries_exact_numbers(files: tuple[str, str]) -> None:
    result = call(*files, "--json")

    found = json.loads(result.stdout, parse_float=Decimal)
    assert [one["points"] for one in found["totals"]] == [Decimal(90), None]
    assert found["refused"][0]["code"] == "unknown-item"
    assert found["lines"][0]["steps"][0]["name"] == "rule"


def test_strict_tells_by_its_exit_code_that_facts_were_refused(files: tuple[str, str]) -> None:
    assert call(*files, "--strict").exit_code == 1
    assert call(files[0], files[1]).exit_code == 0


def test_faults_of_a_file_go_to_the_error_stream_all_at_once(files: tuple[str, str]) -> None:
    path = Path(files[0])
    path.write_text(
        SCHEME.replace("points: 10", "points: 十").replace("cap: 10", "cup: 10"), encoding="utf-8"
    )

    result = call(*files)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "有 2 处错误" in result.stderr
    assert "items[0].points 第 6 行：“十”不是数字" in result.stderr
    assert "是不是“cap”" in result.stderr


@pytest.mark.parametrize("missing", [0, 1])
def test_a_missing_file_is_named(files: tuple[str, str], missing: int) -> None:
    arguments = ["nowhere.yaml" if n == missing else one for n, one in enumerate(files)]

    result = call(*arguments)

    assert result.exit_code == 2
    assert "nowhere.yaml" in result.stderr


def test_a_scheme_of_the_library_goes_by_its_name(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("period: 2026-03\nsubjects: [{id: 张三}]\n", encoding="utf-8")

    result = call("nanning_railway_2020", str(facts))

    assert result.exit_code == 0
    assert "100.00" in result.stdout
