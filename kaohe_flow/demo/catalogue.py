"""The indicators of the demo: words from ``wording.yaml``, points and rules from the demo scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from kaohe_flow.demo.seasons import Seasons
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import Problem
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.scheme.banlist import commands as banlist
from kaohe_flow.scheme.definition.amount.rules import Discretion, resolve
from kaohe_flow.scheme.definition.binding.rules import keys_of
from kaohe_flow.scheme.definition.document.gateway import read_document
from kaohe_flow.scheme.definition.document.rules import Faults, Listing, Node, Record, Scalar
from kaohe_flow.scheme.definition.gateway import LIBRARY, read_scheme
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.method.rules import METHODS, Tariff
from kaohe_flow.scheme.indicator import commands as indicators
from kaohe_flow.scheme.indicator import queries
from kaohe_flow.scheme.indicator.rules import Content, Kind, Mode, Module, Split, TargetKind
from kaohe_flow.scheme.plan.commands import adopt

SCHEME: Final = "yunlan_demo"
SHEET: Final = "officer_month"
ON_THE_WAY: Final = "SPEC-04"  # issued in the open month, through the procedure
DRAFT: Final = "TEAM-04"  # not complete yet
MODULES: Final = {
    "TEAM": Module.TEAM,
    "BIZ": Module.BUSINESS,
    "SPEC": Module.SPECIAL,
    "ATT": Module.ATTENDANCE,
    "REW": Module.INCENTIVE,
}


@dataclass(frozen=True, slots=True)
class Issuable:
    """An indicator in force, and to whom it is to be handed down."""

    version_id: int
    code: str
    content: Content
    reach: str
    target: Decimal | None
    item: Item

    @property
    def is_claimable(self) -> bool:
        """Whether officers report work against it."""
        return self.content.mode is Mode.TASK


def scheme_text() -> str:
    """The scheme file of the demo city, as it ships."""
    return (resources.files(LIBRARY) / f"{SCHEME}.yaml").read_text(encoding="utf-8")


@cache
def wordings() -> tuple[Mapping[str, Any], ...]:
    """The words of every indicator; all figures are text."""
    text = (resources.files(__package__) / "wording.yaml").read_text(encoding="utf-8")
    return tuple(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506 - the loader that builds nothing but text


def put_in_force(
    database: Database, seasons: Seasons, author: Actor, *, all_of_them: bool = False
) -> tuple[Issuable, ...]:
    """Adopt the scheme and make the indicators effective from the first month on.

    The reduced city has some of them, a larger one all.
    """
    with database.write_tx(author, seasons.founded_at) as work:
        banlist.seed(work)
        adopt(work, scheme_text(), seasons.first.span.starts_on, name=SCHEME)
        return tuple(effective_of(work, code, seasons.first.id) for code in _ready(all_of_them=all_of_them))


def in_force_already(database: Database, *, all_of_them: bool = False) -> tuple[Issuable, ...]:
    """The indicators of a city whose indicators were put in force before, as they were first worded."""
    with database.read() as session:
        return tuple(
            _issuable(code, queries.versions(session, queries.by_code(session, code).id)[-1].id)
            for code in _ready(all_of_them=all_of_them)
        )


def _ready(*, all_of_them: bool) -> list[str]:
    wanted = [words for words in wordings() if all_of_them or "scale" not in words]
    return [words["code"] for words in wanted if "stage" not in words]


def draft_of(work: Work, code: str) -> int:
    """Draft one indicator as it is worded; returns the id of its version."""
    return indicators.draft(work, code, contents()[code], check_rule=checked_with_the_scheme).id


def effective_of(work: Work, code: str, period_id: int) -> Issuable:
    """Draft one indicator and put it in force from a period on."""
    version = indicators.make_effective(
        work, draft_of(work, code), from_period_id=period_id, check_rule=checked_with_the_scheme
    )
    return _issuable(code, version.id)


def _issuable(code: str, version_id: int) -> Issuable:
    words = next(words for words in wordings() if words["code"] == code)
    target = words.get("same") or words.get("total")
    whole = Decimal(target) if target else None
    return Issuable(version_id, code, contents()[code], words["at"], whole, items()[code])


def checked_with_the_scheme(_rule: Mapping[str, Any]) -> tuple[Problem, ...]:
    """The rules were taken out of a scheme that was read without a fault."""
    return ()


@cache
def contents() -> Mapping[str, Content]:
    """What each indicator says, by code."""
    rules = _rules_as_written(scheme_text())
    return {
        words["code"]: _content(words, items()[words["code"]], rules[words["code"]]) for words in wordings()
    }


@cache
def items() -> Mapping[str, Item]:
    """The rules of the officers' sheet, by code."""
    scheme = read_scheme(scheme_text(), name=SCHEME)
    sheet = next(sheet for sheet in scheme.sheets if sheet.id == SHEET)
    return {item.id: item for item in sheet.items}


def _content(words: Mapping[str, Any], item: Item, rule: Mapping[str, Any]) -> Content:
    base = Decimal(words["base"]) if "base" in words else _points(item)
    cap = resolve(item.cap, {}) if item.cap is not None else None
    is_penalty = item.mode.value == Mode.PENALTY.value
    return Content(
        name=item.name,
        module=MODULES[words["code"].partition("-")[0]],
        mode=Mode(item.mode.value),
        base_points=-base if is_penalty else base,
        cap=None if is_penalty else cap,
        floor=-cap if is_penalty and cap is not None else None,
        kind=Kind(words.get("kind", Kind.RESULT.value)),
        rule_text=words["rule"],
        rule=rule,
        group_code=item.group[0] if item.group else None,
        measure=words["measure"],
        unit_of_measure=words["unit"],
        formula=words["formula"],
        data_source=words["source"],
        evidence_kinds=tuple(words["evidence"]),
        deadline_text=words["deadline"],
        line_code=words["line"],
        target_kind=TargetKind.BOTH,
        applies_to=() if words["at"] == "all" else (item.level,),
        split=Split.ADD_UP if "total" in words else Split.SAME,
    )


def _points(item: Item) -> Decimal:
    """Full points of a task, points each time of a penalty or reward."""
    if item.full is not None:
        return resolve(item.full, {})
    method = item.method
    if isinstance(method, Tariff) and method.points is not None and not isinstance(method.points, Discretion):
        return resolve(method.points, {})
    raise ValueError(f"{item.id}: no plain points")


def _rules_as_written(text: str) -> dict[str, Mapping[str, Any]]:
    """Per item of the sheet: its way of scoring and the keys of that way, every figure as text."""
    root = read_document(text, name=SCHEME, faults=Faults())
    sheets = _nodes(root, "sheets")
    sheet = next(one for one in sheets if _text(one, "id") == SHEET)
    found: dict[str, Mapping[str, Any]] = {}
    for item in _nodes(sheet, "items"):
        method = _text(item, "rule") or "tariff"
        keys = set(keys_of(METHODS[method]))
        assert isinstance(item, Record)
        found[_text(item, "id")] = {
            method: {key: _plain(node) for key, node in item.entries.items() if key in keys}
        }
    return found


def _nodes(node: Node, key: str) -> tuple[Node, ...]:
    listing = node.entries[key] if isinstance(node, Record) else None
    return listing.nodes if isinstance(listing, Listing) else ()


def _text(node: Node, key: str) -> str:
    value = node.entries.get(key) if isinstance(node, Record) else None
    return value.text if isinstance(value, Scalar) else ""


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [_plain(child) for child in node.nodes]
    return {key: _plain(child) for key, child in node.entries.items()}
