"""``kaohe score``: try a scheme on facts, offline, by the same rules as the product."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import click

from kaohe_flow.kernel.errors import InvalidInput, KaoheError
from kaohe_flow.scheme.definition.gateway import load_scheme
from kaohe_flow.scorebook.scoring.facts.gateway import load_facts
from kaohe_flow.scorebook.scoring.outcome.rules import Outcome, as_json, as_plain
from kaohe_flow.scorebook.scoring.rules import evaluate
from kaohe_flow.scorebook.scoring.step.rules import Step, shown

SOME_REFUSED = 1
UNUSABLE = 2
TELLING = frozenset({"rule", "line_type", "sum", "rounding", "veto"})
EPILOG = """退出码：0 已计分；1 已计分但有事实未计入（仅在 --strict 时）；2 方案或事实文件不能用。
格式见 docs/reference/scheme-format.md。"""


@click.command("score", epilog=EPILOG)
@click.argument("scheme")
@click.argument("facts")
@click.option("--json", "to_json", is_flag=True, help="输出 JSON（每一步的数字都在内）")
@click.option("--explain", is_flag=True, help="表格之后列出每条明细的计算步骤")
@click.option("--strict", is_flag=True, help="有事实未计入时退出码为 1")
def score(scheme: str, facts: str, to_json: bool, explain: bool, strict: bool) -> None:
    """按方案给事实计分：SCHEME 是方案文件（或随产品提供的方案名），FACTS 是事实文件。"""
    try:
        loaded = load_scheme(scheme)
        outcome = evaluate(loaded, load_facts(facts, scheme_id=loaded.id))
    except KaoheError as exc:
        for sentence in _sentences(exc):
            click.echo(sentence, err=True)
        sys.exit(UNUSABLE)
    click.echo(as_json(as_plain(outcome)) if to_json else "\n".join(_report(outcome, explain=explain)))
    if strict and outcome.refused:
        sys.exit(SOME_REFUSED)


def _sentences(exc: KaoheError) -> Iterator[str]:
    yield f"错误：{exc}"
    if isinstance(exc, InvalidInput):
        for problem in exc.problems:
            yield f"  {problem.where}：{problem.text}"


def _report(outcome: Outcome, *, explain: bool) -> Iterator[str]:
    yield f"方案：{outcome.scheme.title}"
    names = {subject.id: subject.title for subject in outcome.subjects}
    sheets = {sheet.id: sheet.title for sheet in outcome.scheme.sheets}
    yield from _totals(outcome, names, sheets)
    yield from _ranks(outcome, names)
    yield from _due(outcome)
    if explain:
        yield from _lines(outcome, names)
    yield from _refused(outcome)


def _totals(outcome: Outcome, names: dict[str, str], sheets: dict[str, str]) -> Iterator[str]:
    grades = {
        (one.sheet, one.period, graded.subject): graded.grade or graded.reason
        for one in outcome.grades
        for graded in one.grades
    }
    rows = [
        (
            names.get(total.subject, total.subject),
            sheets.get(total.sheet, total.sheet),
            total.period or "—",
            "未考核" if total.points is None else f"{total.points:f}",
            grades.get((total.sheet, total.period, total.subject), ""),
            "、".join((*total.flags, *((total.reason,) if total.reason else ()))),
        )
        for total in outcome.totals
    ]
    yield ""
    yield from _table(("对象", "考核表", "考核期", "总分", "等次", "说明"), rows)


def _ranks(outcome: Outcome, names: dict[str, str]) -> Iterator[str]:
    titles = {
        (sheet.id, ranking.id): ranking.title for sheet in outcome.scheme.sheets for ranking in sheet.rankings
    }
    for listed in outcome.ranks:
        groups = dict.fromkeys((place.ranking, place.group) for place in listed.places)
        for ranking, group in groups:
            title = " ".join(part for part in (titles[listed.sheet, ranking], group, listed.period) if part)
            yield ""
            yield f"排名：{title}"
            yield from _table(
                ("名次", "对象", "总分", "说明"),
                [
                    (
                        "—" if place.place is None else str(place.place),
                        names.get(place.subject, place.subject),
                        "未考核" if place.points is None else f"{place.points:f}",
                        place.reason or ("并列" if place.tied > 1 else ""),
                    )
                    for place in listed.places
                    if (place.ranking, place.group) == (ranking, group)
                ],
            )


def _due(outcome: Outcome) -> Iterator[str]:
    if outcome.deadlines:
        yield ""
        rows = [(one.id, str(one.from_), str(one.workdays), str(one.deadline)) for one in outcome.deadlines]
        yield from _table(("时限", "起算日", "工作日", "届满日"), rows)


def _lines(outcome: Outcome, names: dict[str, str]) -> Iterator[str]:
    for line in outcome.lines:
        yield ""
        yield f"{names.get(line.subject, line.subject)} {line.fact} {line.title}：{line.points:f}"
        yield from _steps("", line.steps)
    for total in outcome.totals:
        yield ""
        yield f"{names.get(total.subject, total.subject)} 总分"
        for line_result in total.lines:
            yield from _steps(line_result.title, line_result.steps)
        for module_result in total.modules:
            yield from _steps(module_result.title, module_result.steps)
        yield from _steps("", total.steps)


def _steps(title: str, steps: Sequence[Step]) -> Iterator[str]:
    """Steps that say something: those that changed the figure, the first one, and the rounding."""
    for step in steps:
        if step.changed or step.name in TELLING:
            yield f"  {title} · {_told(step)}" if title else f"  {_told(step)}"


def _told(step: Step) -> str:
    note = f"（{step.note}）" if step.note else ""
    return f"{step.label}　{step.formula} → {shown(step.after)}{note}"


def _refused(outcome: Outcome) -> Iterator[str]:
    if not outcome.refused:
        return
    yield ""
    yield f"未计入的事实（{len(outcome.refused)} 件）"
    rows = [(one.fact or "—", one.subject or "—", one.item or "—", one.reason) for one in outcome.refused]
    yield from _table(("事实", "对象", "条目", "原因"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Columns padded by display width: a Chinese character takes two."""
    table = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(_width(row[n]) for row in table) for n in range(len(head))]
    for row in table:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
