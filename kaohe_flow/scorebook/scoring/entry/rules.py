"""From facts to score lines (记分明细), each of them one ledger entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.calendar import WorkCalendar
from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scheme.definition.cycle.rules import Period
from kaohe_flow.scheme.definition.item.rules import Item
from kaohe_flow.scheme.definition.sheet.rules import Coefficients
from kaohe_flow.scorebook.scoring.admission.rules import admit, items_for, meets_condition
from kaohe_flow.scorebook.scoring.award.rules import Draft, consequences, draft_item
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.bound.rules import Limits, bound, judge, refuses
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactRefused, Identity, Refusal, Subject, in_order
from kaohe_flow.scorebook.scoring.step.rules import Step, settle, shown

ONE: Final = Decimal(1)
EVERY_DAY: Final = WorkCalendar()


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One fact's points as they enter the ledger, rounded, with every step that led there.

    ``applicable`` is false where the item has no meaning for the subject; its points are then 0 and the total
    treats the item as the scheme says (``zero_target``).
    """

    fact: str
    subject: str
    sheet: str
    period: str
    item: str
    title: str
    points: Decimal
    raw: Decimal
    steps: tuple[Step, ...]
    applicable: bool = True
    vetoes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    date: date | None = None
    deed: str | None = None
    origin: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """All score lines of one subject, and the facts that were refused."""

    lines: tuple[ScoreLine, ...]
    refused: tuple[Refusal, ...]


def score_lines(
    scene: Scene, facts: Sequence[Fact], *, calendar: WorkCalendar = EVERY_DAY, closed: bool = False
) -> Scored:
    """One score line per fact that counts, in order of day and id.

    All facts of the subject in the period must be given: limits, sequences and same deeds look at them
    together. ``closed`` refuses to take anything back. Never raises for a single fact.
    """
    items = items_for(scene.sheet, scene.subject, scene.period)
    refused: list[Refusal] = []
    live, taken_back = _taken_back(
        in_order([one for one in facts if not one.revoked]), refused, closed=closed
    )
    live = _admitted(live, items, scene, calendar, refused)
    live = _within_refusing_limits(live, taken_back, items, scene, refused)
    live = [fact for fact in live if fact.id not in taken_back]
    drafts = _drafts(live, items, scene, refused)
    bound(drafts, _limits(scene))
    _multiply(drafts, scene)
    return Scored(tuple(_rounded(drafts, scene)), tuple(refused))


def _limits(scene: Scene) -> Limits:
    return Limits(scene.sheet, scene.facets, scene.subject.carried)


def _taken_back(
    facts: list[Fact], refused: list[Refusal], *, closed: bool
) -> tuple[list[Fact], dict[str, int]]:
    """The ordinary facts, and which of them are taken back at which position in the order."""
    known = {fact.id for fact in facts if fact.revokes is None}
    taken: dict[str, int] = {}
    for position, fact in enumerate(facts):
        if fact.revokes is None:
            continue
        if closed:
            text = f"考核期已封存，不能撤销 {fact.revokes}"
            refused.append(Refusal(fact.id, fact.subject, fact.item, "closed", text))
        elif fact.revokes not in known:
            text = f"要撤销的 {fact.revokes} 不存在"
            refused.append(Refusal(fact.id, fact.subject, fact.item, "unknown-fact", text))
        else:
            taken.setdefault(fact.revokes, position)
    return facts, taken


def _admitted(
    facts: list[Fact],
    items: dict[str, Item],
    scene: Scene,
    calendar: WorkCalendar,
    refused: list[Refusal],
) -> list[Fact]:
    kept = []
    facets = scene.facets
    for fact in facts:
        if fact.revokes is not None:
            kept.append(fact)
            continue
        item = items.get(fact.item)
        try:
            admit(fact, item, scene.sheet, calendar)
            if item is not None:
                meets_condition(fact, item, facets)
        except FactRefused as exc:
            refused.append(exc.as_refusal())
        else:
            kept.append(fact)
    return kept


def _within_refusing_limits(
    facts: list[Fact],
    taken_back: dict[str, int],
    items: dict[str, Item],
    scene: Scene,
    refused: list[Refusal],
) -> list[Fact]:
    """Facts one by one in their order: one that breaks a refusing limit at its time is left out.

    A fact taken back later still took room until then.
    """
    limits = _limits(scene)
    if not refuses(scene.sheet):
        return [fact for fact in facts if fact.revokes is None]
    accepted: list[Fact] = []
    gone: set[str] = set()
    for fact in facts:
        if fact.revokes is not None:
            gone |= {fact.revokes} & taken_back.keys()
            continue
        trial = [*(one for one in accepted if one.id not in gone), fact]
        trial_refused: list[Refusal] = []
        drafts = _drafts(trial, items, scene, trial_refused)
        if any(one.fact == fact.id for one in trial_refused):
            accepted.append(fact)  # refused for another reason, told where all facts are drafted
            continue
        bound(drafts, limits, cut=False)
        try:
            judge(fact, drafts, limits)
        except FactRefused as exc:
            refused.append(exc.as_refusal())
        else:
            accepted.append(fact)
    return accepted


def _drafts(facts: list[Fact], items: dict[str, Item], scene: Scene, refused: list[Refusal]) -> list[Draft]:
    """Drafts in the order of the facts. A fact that cannot count is refused and the rest worked out anew."""
    drafts: list[Draft] = []
    for id_ in dict.fromkeys(fact.item for fact in facts):
        drafts += _drafts_of_item(items[id_], [fact for fact in facts if fact.item == id_], scene, refused)
    position = {fact.id: n for n, fact in enumerate(facts)}
    return sorted(drafts, key=lambda draft: position[draft.fact.id])


def _drafts_of_item(item: Item, facts: list[Fact], scene: Scene, refused: list[Refusal]) -> list[Draft]:
    remaining = list(facts)
    while remaining:
        try:
            drafts = draft_item(item, remaining, scene)
            limits = _limits(scene)
            for draft in drafts:
                limits.of_item(item, draft.fact)
        except FactRefused as exc:
            refused.append(exc.as_refusal())
            remaining = [fact for fact in remaining if fact is not exc.fact]
        else:
            return drafts
    return []


def coefficient_of(rule: Coefficients, subject: Subject, period: Period | None) -> tuple[Decimal, str]:
    """The factor of a person and the identities it came from; the default when none is held."""
    day = None
    if period is not None:
        day = period.first if rule.as_of == "first_day" else period.last
    held = [one if isinstance(one, Identity) else Identity(one) for one in subject.identities]
    named = {one.identity: rule.identities[one.identity] for one in held if _counts(one, rule, day)}
    if not named:
        return rule.default, f"无系数身份，按 {shown(rule.default)}"
    text = "、".join(f"{name} {shown(value)}" for name, value in named.items())
    if rule.choose == "product":
        product = ONE
        for value in named.values():
            product *= value
        return product, f"{text}，相乘"
    chosen = max(named.values()) if rule.choose == "highest" else min(named.values())
    return chosen, text if len(named) == 1 else f"{text}，取{'高' if rule.choose == 'highest' else '低'}"


def _counts(one: Identity, rule: Coefficients, day: date | None) -> bool:
    return one.identity in rule.identities and one.held_on(day)


def _multiply(drafts: list[Draft], scene: Scene) -> None:
    """The coefficient, where the scheme puts it on every line."""
    rule = scene.sheet.coefficients
    if rule is None or rule.applies_to == "total":
        note = "" if rule is None else "系数乘在总分上"
        for draft in drafts:
            draft.take("coefficient", "系数", "× 1", draft.value, note)
        return
    factor, why = coefficient_of(rule, scene.subject, scene.period)
    for draft in drafts:
        draft.take("coefficient", "系数", f"× {shown(factor)}", draft.value * factor, why)


def _rounded(drafts: list[Draft], scene: Scene) -> list[ScoreLine]:
    """Parts of one figure are rounded so that they add up to the rounded figure; all else by itself."""
    places = scene.sheet.rounding.entry
    exact: dict[str, Decimal] = {}
    settled: dict[str, Decimal] = {}
    lines = []
    for draft in drafts:
        if draft.increment:
            so_far = exact[draft.item.id] = exact.get(draft.item.id, ZERO) + draft.value
            points = settle(so_far, places) - settled.get(draft.item.id, ZERO)
            settled[draft.item.id] = settled.get(draft.item.id, ZERO) + points
        else:
            points = settle(draft.value, places)
        draft.take("rounding", "取位", f"四舍五入到 {places} 位", points)
        lines.append(_line(draft, scene))
    return lines


def _line(draft: Draft, scene: Scene) -> ScoreLine:
    vetoes, flags = consequences(draft)
    fact = draft.fact
    return ScoreLine(
        fact=fact.id,
        subject=fact.subject,
        sheet=scene.sheet.id,
        period=scene.period.label if scene.period is not None else "",
        item=draft.item.id,
        title=draft.item.title,
        points=draft.value,
        raw=draft.steps[2].after if len(draft.steps) > 2 else draft.value,  # noqa: PLR2004 - rule, share, mitigation
        steps=tuple(draft.steps),
        applicable=draft.applicable,
        vetoes=vetoes,
        flags=flags,
        date=fact.date,
        deed=fact.deed,
        origin=fact.origin,
        note=fact.note,
    )
