"""Laws of the scoring that hold for any facts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe_flow.scheme.definition.gateway import load_scheme, read_scheme
from kaohe_flow.scheme.definition.rules import Scheme
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.entry.rules import score_lines
from kaohe_flow.scorebook.scoring.facts.rules import Fact, FactBook, Subject
from kaohe_flow.scorebook.scoring.outcome.rules import as_json, as_plain
from kaohe_flow.scorebook.scoring.rules import evaluate
from kaohe_flow.scorebook.scoring.total.rules import total_of

SCHEME = read_scheme("""
id: laws
lines:
  - {id: x, type: regular, weight: 60}
  - {id: y, type: deduct, weight: 40}
groups:
  - {id: honour, same_deed: highest, cap: 12}
  - {id: strict, cap: 6, over: refuse}
mitigations: {轻: 30%, 重: 2}
coefficients: {identities: {能手: 1.35, 徒弟: 0.9}}
total: {base: 5}
items:
  - {id: late, line: x, mode: penalty, sequence: [1, 2, 5], cap: 30}
  - {id: fault, line: y, mode: penalty, points: 1.5, reach: [{count: 7, total: 20}]}
  - {id: merit, mode: reward, points: 5, group: honour, coauthors: mean}
  - {id: story, mode: reward, points: 3.335, group: honour}
  - {id: deed, mode: reward, points: 2, group: strict}
  - {id: form, full: 10, points: -3, over: refuse}
  - {id: visits, rule: ratio, full: 10, target: 7}
  - {id: rate, rule: threshold, full: 7, full_at: ">= 95", otherwise: linear, zero_at: 80}
  - {id: shared, mode: reward, points: 10, coauthors: shares}
rankings: [{id: r}]
""")
SHEET = SCHEME.sheets[0]
SUBJECTS = (Subject("甲", identities=("能手", "徒弟")), Subject("乙"), Subject("丙", assessed=False))

whole = st.integers(1, 4).map(Decimal)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    return Fact(
        id="",
        subject=draw(st.sampled_from("甲乙丙")),
        item=draw(st.sampled_from([item.id for item in SHEET.items])),
        date=date(2026, 3, 1) + timedelta(days=draw(st.integers(0, 6))),
        count=draw(whole),
        coauthors=draw(whole),
        deed=draw(st.sampled_from([None, "A", "B"])),
        mitigation=draw(st.sampled_from([(), ("轻",), ("重",), ("轻", "重")])),
        done=draw(whole),
        value=draw(st.integers(70, 100).map(Decimal)),
        role=None,
    )


@st.composite
def books(draw: st.DrawFn) -> tuple[Fact, ...]:
    drawn = draw(st.lists(facts(), max_size=14))
    numbered = [replace(one, id=f"F{n}") for n, one in enumerate(drawn)]
    return tuple(replace(one, coauthors=Decimal(1)) if one.item == "shared" else one for one in numbered)


def book(facts_: tuple[Fact, ...]) -> FactBook:
    return FactBook(SUBJECTS, facts_)


@given(books(), st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_the_order_of_the_facts_does_not_matter(given_facts: tuple[Fact, ...], chance: random.Random) -> None:
    shuffled = list(given_facts)
    chance.shuffle(shuffled)

    assert as_plain(evaluate(SCHEME, book(tuple(shuffled)))) == {
        **as_plain(evaluate(SCHEME, book(given_facts))),
        "refused": as_plain(evaluate(SCHEME, book(tuple(shuffled))))["refused"],
    }
    first = {one.fact for one in evaluate(SCHEME, book(given_facts)).refused}
    assert first == {one.fact for one in evaluate(SCHEME, book(tuple(shuffled))).refused}


@given(books(), st.data())
@settings(max_examples=120, deadline=None)
def test_a_revoked_fact_is_as_if_it_never_was(given_facts: tuple[Fact, ...], data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from([one.id for one in given_facts]))) if given_facts else set()
    revoked = tuple(replace(one, revoked=one.id in chosen) for one in given_facts)
    without = tuple(one for one in given_facts if one.id not in chosen)

    assert {**as_plain(evaluate(SCHEME, book(revoked))), "revoked": []} == as_plain(
        evaluate(SCHEME, book(without))
    )


@given(books())
@settings(max_examples=120, deadline=None)
def test_every_fact_counts_or_is_refused_and_never_both(given_facts: tuple[Fact, ...]) -> None:
    outcome = evaluate(SCHEME, book(given_facts))

    counted = [line.fact for line in outcome.lines]
    refused = [one.fact for one in outcome.refused]
    assert sorted(counted + refused) == sorted(one.id for one in given_facts)


@given(books())
@settings(max_examples=120, deadline=None)
def test_sums_equal_totals_and_limits_are_kept(given_facts: tuple[Fact, ...]) -> None:
    outcome = evaluate(SCHEME, book(given_facts))

    for total in outcome.totals:
        if total.points is None:
            continue
        own = [line for line in outcome.lines if line.subject == total.subject]
        assert total.steps[0].after == 5 + sum(line.points for line in total.lines if line.points is not None)
        assert total.points == total.steps[-1].after
        assert sum(line.points for line in own if line.item in {"merit", "story"}) <= Decimal("12.01")
        assert sum(line.points for line in own if line.item == "deed") <= 6
        assert sum(line.points for line in own if line.item == "form") >= -10
        assert sum(line.points for line in own if line.item == "late") >= -30
        assert sum(line.points for line in own if line.item == "visits") <= 10


@given(books())
@settings(max_examples=60, deadline=None)
def test_steps_join_without_a_gap(given_facts: tuple[Fact, ...]) -> None:
    outcome = evaluate(SCHEME, book(given_facts))

    chains = [line.steps for line in outcome.lines] + [total.steps for total in outcome.totals]
    chains += [line.steps for total in outcome.totals for line in total.lines]
    for steps in chains:
        assert all(one.after == other.before for one, other in pairwise(steps))


@given(books())
@settings(max_examples=60, deadline=None)
def test_one_subject_alone_comes_to_the_same_as_among_all(given_facts: tuple[Fact, ...]) -> None:
    """The ledger scores one subject at a time; the ranking evaluates all of them."""
    outcome = evaluate(SCHEME, book(given_facts))

    for subject in SUBJECTS:
        scene = Scene(SHEET, subject)
        scored = score_lines(scene, [one for one in given_facts if one.subject == subject.id])
        assert scored.lines == tuple(line for line in outcome.lines if line.subject == subject.id)
        assert total_of(scene, scored.lines) == outcome.total(subject.id)


def values(thing: Any) -> Iterator[Any]:
    if is_dataclass(thing) and not isinstance(thing, type):
        for one in fields(thing):
            yield from values(getattr(thing, one.name))
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from values(key)
            yield from values(value)
    elif isinstance(thing, list | tuple | set | frozenset):
        for one in thing:
            yield from values(one)
    else:
        yield thing


@given(books())
@settings(max_examples=40, deadline=None)
def test_there_is_no_float_anywhere(given_facts: tuple[Fact, ...]) -> None:
    outcome = evaluate(SCHEME, book(given_facts))

    assert not [one for one in values(outcome) if isinstance(one, float)]
    assert "E" not in as_json(as_plain(outcome)["totals"]).replace("能手", "")


def test_there_is_no_float_in_any_scheme_of_the_library() -> None:
    for name in ("nanning_railway_2020", "shangcheng_branch", "yunlan_demo"):
        assert not [one for one in values(load_scheme(name)) if isinstance(one, float)]


def scaled(factor: int) -> Scheme:
    return read_scheme(f"""
id: scaled
total: {{base: {10 * factor}}}
groups: [{{id: g, cap: {7 * factor}, same_deed: highest}}]
items:
  - {{id: plus, mode: reward, points: {3 * factor}, group: g}}
  - {{id: minus, mode: penalty, points: {2 * factor}, cap: {9 * factor}}}
""")


@given(
    st.lists(
        st.tuples(st.sampled_from(["plus", "minus"]), st.integers(1, 3), st.sampled_from([None, "A"])),
        max_size=8,
    ),
    st.integers(2, 9),
)
@settings(max_examples=60, deadline=None)
def test_points_times_k_give_totals_times_k(drawn: list[tuple[str, int, str | None]], factor: int) -> None:
    told = tuple(
        Fact(f"F{n}", "甲", item, count=Decimal(count), deed=deed)
        for n, (item, count, deed) in enumerate(drawn)
    )
    only = FactBook((Subject("甲"),), told)

    single = evaluate(scaled(1), only).total("甲").points
    times = evaluate(scaled(factor), only).total("甲").points

    assert single is not None
    assert times == single * factor


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=12), st.integers(0, 12))
@settings(max_examples=80, deadline=None)
def test_places_follow_totals_and_ties_share_them(scores: list[int], missing: int) -> None:
    scheme = read_scheme("""
id: places
items: [{id: a, rule: judged, min: -50, max: 50, choose: last}]
rankings: [{id: r}]
""")
    subjects = tuple(Subject(f"S{n}", assessed=n != missing) for n in range(len(scores)))
    told = tuple(Fact(f"F{n}", f"S{n}", "a", points=Decimal(one)) for n, one in enumerate(scores))

    places = {one.subject: one.place for one in evaluate(scheme, FactBook(subjects, told)).ranks[0].places}

    ranked = [one for n, one in enumerate(scores) if n != missing]
    for n, score in enumerate(scores):
        expected = None if n == missing else 1 + sum(other > score for other in ranked)
        assert places[f"S{n}"] == expected


LIBRARY = {name: load_scheme(name) for name in ("nanning_railway_2020", "shangcheng_branch", "yunlan_demo")}
extreme = st.sampled_from(["0", "0.001", "1", "7", "99.999", "999999999999", "0.000000000001"]).map(Decimal)


@given(st.sampled_from(sorted(LIBRARY)), st.data())
@settings(max_examples=120, deadline=None)
def test_no_facts_whatever_break_a_scheme(name: str, data: st.DataObject) -> None:
    scheme = LIBRARY[name]
    items = [item for sheet in scheme.sheets for item in sheet.items]
    told = []
    for n in range(data.draw(st.integers(0, 6))):
        item = data.draw(st.sampled_from(items))
        options = [None, "x", *getattr(item.method, "options", {})]
        told.append(
            Fact(
                f"F{n}",
                data.draw(st.sampled_from(["甲", "所"])),
                item.id,
                count=data.draw(extreme),
                points=data.draw(st.none() | extreme),
                value=data.draw(st.none() | extreme),
                previous=data.draw(st.none() | extreme),
                done=data.draw(st.none() | extreme),
                target=data.draw(st.none() | extreme),
                coauthors=data.draw(extreme),
                option=data.draw(st.sampled_from(options)),
                marks=tuple(data.draw(st.lists(extreme, max_size=5))),
                deed=data.draw(st.sampled_from([None, "A"])),
            )
        )
    subjects = (
        Subject("甲", unit="所", identities=("岗位能手",)),
        Subject("所", kind="unit", unit_kind="队所", factors={"协作系数": Decimal(1)}),
    )

    outcome = evaluate(scheme, FactBook(subjects, tuple(told)))

    assert as_json(as_plain(outcome))
    assert {one.fact.split("→")[0] for one in (*outcome.lines, *outcome.refused)} >= {one.id for one in told}
