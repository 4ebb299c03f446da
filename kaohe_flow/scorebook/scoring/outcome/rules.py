"""The outcome of a run, and the same as plain values for JSON: numbers exact, dates as ISO text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from kaohe_flow.scheme.definition.rules import Scheme
from kaohe_flow.scorebook.scoring.entry.rules import ScoreLine
from kaohe_flow.scorebook.scoring.facts.rules import Refusal, Subject
from kaohe_flow.scorebook.scoring.grade.rules import Graded, QuotaCount
from kaohe_flow.scorebook.scoring.rank.rules import Place
from kaohe_flow.scorebook.scoring.step.rules import shown
from kaohe_flow.scorebook.scoring.total.rules import Total

Plain: TypeAlias = "str | bool | int | Decimal | list[Plain] | dict[str, Plain] | None"


@dataclass(frozen=True, slots=True)
class RankList:
    """The places of one ranking of one sheet in one period."""

    sheet: str
    period: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class GradeList:
    """The grades of one sheet in one period, with the quotas behind them."""

    sheet: str
    period: str
    grades: tuple[Graded, ...]
    quotas: tuple[QuotaCount, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A limit worked out on the calendar: the last day on which it is kept."""

    id: str
    from_: date
    workdays: int
    deadline: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """``lines`` are score lines, one per fact that counts; ``refused`` those that do not, with reasons."""

    scheme: Scheme
    subjects: tuple[Subject, ...]
    lines: tuple[ScoreLine, ...]
    totals: tuple[Total, ...]
    ranks: tuple[RankList, ...]
    grades: tuple[GradeList, ...]
    refused: tuple[Refusal, ...]
    revoked: tuple[str, ...]
    deadlines: tuple[Due, ...]

    def total(self, subject: str, sheet: str | None = None) -> Total:
        """The total of a subject; on the named sheet when there are several. Raises ``KeyError``."""
        for one in self.totals:
            if one.subject == subject and sheet in {None, one.sheet}:
                return one
        raise KeyError(subject)


def as_plain(outcome: Outcome) -> dict[str, Plain]:
    """The outcome as the JSON of ``kaohe score`` has it."""
    scheme = outcome.scheme
    ranks = [_with(one, place) for one in outcome.ranks for place in one.places]
    grades = [_with(one, graded) for one in outcome.grades for graded in one.grades]
    quotas = [_with(one, quota) for one in outcome.grades for quota in one.quotas]
    return {
        "scheme": {"id": scheme.id, "name": scheme.title, "version": scheme.version},
        "subjects": _values(outcome.subjects),
        "lines": _values(outcome.lines),
        "totals": _values(outcome.totals),
        "ranks": _values(ranks),
        "grades": _values(grades),
        "quotas": _values(quotas),
        "deadlines": _values(outcome.deadlines),
        "refused": _values(outcome.refused),
        "revoked": list(outcome.revoked),
    }


def _with(of: RankList | GradeList, one: Place | Graded | QuotaCount) -> dict[str, object]:
    own = {field.name: getattr(one, field.name) for field in fields(one)}
    return {"sheet": of.sheet, "period": of.period, **own}


def _values(values: Sequence[object]) -> list[Plain]:
    return [plain(value) for value in values]


def plain(value: object) -> Plain:
    """Dataclasses and mappings as objects, dates as ISO text, everything else as it is."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name.rstrip("_"): plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int | Decimal):
        return value
    raise TypeError(f"no plain form of {type(value).__name__}")


def as_json(value: Plain, indent: str = "") -> str:
    """JSON text with every number written out exactly (at most six decimals), never by way of a float."""
    inner = indent + "  "
    if isinstance(value, Decimal):
        return shown(value)
    if isinstance(value, dict) and value:
        rows = [f"{inner}{_quoted(key)}: {as_json(one, inner)}" for key, one in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(inner + as_json(one, inner) for one in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
