"""Names that a scheme may use in ``by``, ``for``, ``only_if`` and formulas, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.feel import Value
from kaohe_flow.scheme.definition.cycle.rules import Period
from kaohe_flow.scheme.definition.sheet.rules import Sheet
from kaohe_flow.scorebook.scoring.facts.rules import Fact, Subject

SUBJECT_NAMES: Final = (
    "subject",
    "kind",
    "unit",
    "parent",
    "unit_kind",
    "sequence",
    "peer_group",
    "post",
    "sheet",
    "period",
)
FACT_NAMES: Final = (
    "role",
    "option",
    "verdict",
    "count",
    "points",
    "value",
    "previous",
    "done",
    "target",
    "coauthors",
    "days",
    "date",
    "filed",
    "found",
    "deed",
    "origin",
)


def facets_of(subject: Subject, sheet: Sheet, period: Period | None) -> dict[str, Value]:
    """What is known about a subject; attributes of free choice cannot hide the fixed names."""
    fixed: dict[str, Value] = {
        "subject": subject.id,
        "kind": subject.kind,
        "unit": subject.unit,
        "parent": subject.parent,
        "unit_kind": subject.unit_kind,
        "sequence": subject.sequence,
        "peer_group": subject.peer_group,
        "post": subject.post,
        "sheet": sheet.id,
        "period": period.label if period is not None else None,
    }
    return {**subject.attributes, **fixed}


def with_fact(facets: Mapping[str, Value], fact: Fact, **more: Decimal) -> dict[str, Value]:
    """The properties of the subject and of one fact together."""
    own: dict[str, Value] = {name: getattr(fact, name) for name in FACT_NAMES}
    return {**fact.attributes, **facets, **own, **more}
