"""The reference page is complete and true: every key is on it, every example gives the figures beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from kaohe_flow.scheme.definition.amount.rules import AmountFormula, AmountTable, Discretion
from kaohe_flow.scheme.definition.binding.rules import keys_of
from kaohe_flow.scheme.definition.cycle.rules import Cycle, CycleKind, NamedSpan
from kaohe_flow.scheme.definition.gateway import library, read_scheme
from kaohe_flow.scheme.definition.item.rules import Absent, Authors, FanOut, ItemHead, Mode, Over
from kaohe_flow.scheme.definition.method.rules import (
    METHODS,
    Band,
    Choice,
    Option,
    Partial,
    Reach,
    Reading,
    Step,
    Tier,
    VetoScope,
)
from kaohe_flow.scheme.definition.rules import SchemeHead
from kaohe_flow.scheme.definition.sheet.rules import (
    Coefficients,
    Grade,
    Group,
    Line,
    LineType,
    Mark,
    Module,
    Quota,
    Ranking,
    Rounding,
    Sheet,
    TemporaryWeights,
    TotalRule,
    UnitFactor,
)
from kaohe_flow.scorebook.scoring.entry.rules import ScoreLine
from kaohe_flow.scorebook.scoring.facts.gateway import FACT_KEYS, BookHead, Days, read_facts
from kaohe_flow.scorebook.scoring.facts.rules import Deadline, Fact, Identity, Refusal, Subject
from kaohe_flow.scorebook.scoring.grade.rules import Graded, QuotaCount
from kaohe_flow.scorebook.scoring.line.rules import ItemResult, LineResult
from kaohe_flow.scorebook.scoring.module.rules import ModuleResult
from kaohe_flow.scorebook.scoring.outcome.rules import Due, as_plain
from kaohe_flow.scorebook.scoring.rank.rules import Place
from kaohe_flow.scorebook.scoring.rules import evaluate
from kaohe_flow.scorebook.scoring.step.rules import Step as ScoringStep
from kaohe_flow.scorebook.scoring.total.rules import Total

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "scheme-format.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0].strip("# ").split("：")[0]: part for part in re.split(r"\n(?=##+ )", PAGE)}
WRITTEN = {
    SchemeHead: "方案的顶层",
    Sheet: "考核表",
    Cycle: "考核期",
    NamedSpan: "考核期",
    Module: "模块",
    Line: "线",
    TemporaryWeights: "临时权重",
    Group: "分组",
    Coefficients: "系数",
    UnitFactor: "单位系数",
    TotalRule: "总分",
    Mark: "总分",
    Rounding: "取位",
    Ranking: "排名",
    Grade: "等次",
    Quota: "等次",
    ItemHead: "条目",
    FanOut: "连带",
    Option: "tariff",
    Discretion: "tariff",
    Tier: "tariff",
    Reach: "tariff",
    Step: "threshold",
    Band: "bands",
    AmountTable: "随对象而变的数值",
    AmountFormula: "随对象而变的数值",
    BookHead: "事实文件",
    Days: "事实文件",
    Deadline: "事实文件",
    Subject: "考核对象",
    Identity: "考核对象",
} | {method: name for name, method in METHODS.items()}
ANSWERED = (
    ScoreLine,
    ScoringStep,
    Total,
    LineResult,
    ModuleResult,
    ItemResult,
    Place,
    Graded,
    QuotaCount,
    Due,
)
EXAMPLE = re.compile(r"```yaml\n# 方案\n(.*?)```\s+```yaml\n# 事实\n(.*?)```\s+结果：(.*?)\n", re.DOTALL)
EXAMPLES = EXAMPLE.findall(PAGE)


@pytest.mark.parametrize("cls", WRITTEN, ids=lambda cls: cls.__name__)
def test_every_key_of_the_format_has_its_row(cls: type) -> None:
    section = SECTIONS[WRITTEN[cls]]

    missing = [key for key in keys_of(cls) if f"| `{key}` |" not in section and not _is_discretion(cls)]

    assert not missing


def _is_discretion(cls: type) -> bool:
    return cls is Discretion and "`{min, max}` 的键是 `min` 和 `max`" in SECTIONS["tariff"]


def test_every_key_of_a_fact_has_its_row() -> None:
    section = SECTIONS["事实"]

    assert not [key for key in {*FACT_KEYS, "subjects"} if f"| `{key}` |" not in section]


@pytest.mark.parametrize("cls", [*ANSWERED, Refusal], ids=lambda cls: cls.__name__)
def test_every_key_of_the_result_is_explained(cls: type) -> None:
    section = SECTIONS["结果（JSON）"]

    assert not [one.name for one in fields(cls) if f"`{one.name.rstrip('_')}`" not in section]


def test_every_word_of_a_closed_list_is_on_the_page() -> None:
    lists = (CycleKind, Mode, Over, Absent, Authors, Choice, Partial, Reading, VetoScope, LineType)

    assert not [word.value for words in lists for word in words if f"`{word.value}`" not in PAGE]


def test_every_scheme_of_the_library_is_named() -> None:
    assert all(f"`{name}`" in PAGE for name in library())


def test_every_reason_for_refusal_is_listed() -> None:
    sources = (ROOT / "kaohe_flow" / "scorebook" / "scoring").rglob("*.py")
    codes = set()
    for source in sources:
        text = source.read_text(encoding="utf-8")
        codes |= set(re.findall(r'FactRefused\(\s*[\w.]+,\s*"([a-z-]+)"', text))
        codes |= set(re.findall(r'Refusal\(.*?,\s*"([a-z]+-[a-z-]+|closed|parts)"', text))
        codes |= set(re.findall(r'return "([a-z]+-[a-z-]+|parts)", f?"', text))

    section = SECTIONS["结果（JSON）"]
    assert len(codes) > 20
    assert not [code for code in codes if f"`{code}`" not in section]


def test_every_step_the_rules_leave_is_named() -> None:
    named = set()
    for source in (ROOT / "kaohe_flow" / "scorebook" / "scoring").rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        named |= set(re.findall(r'(?:Step|take)\(\s*"([a-z_]+)"', text))

    assert {"rule", "share", "rounding", "sum", "veto"} <= named
    assert not [name for name in named if f"`{name}`" not in PAGE]


def stated(results: str) -> Iterator[tuple[str, str]]:
    for part in results.split("，"):
        subject, figure = part.split(" ")
        yield subject, figure


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].split("\n", 1)[0])
def test_every_example_gives_the_figures_beside_it(example: tuple[str, str, str]) -> None:
    scheme = read_scheme(example[0])

    outcome = evaluate(scheme, read_facts(example[1]))

    found = {one.subject: "未考核" if one.points is None else f"{one.points:f}" for one in outcome.totals}
    assert found == dict(stated(example[2]))
    assert as_plain(outcome)


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) == PAGE.count("# 方案\nid:") > 8
    assert PAGE.count("结果：") == len(EXAMPLES)


def test_a_fact_has_the_keys_of_its_class_and_origin_is_not_written() -> None:
    assert frozenset(keys_of(Fact)) == FACT_KEYS | {"origin"}
