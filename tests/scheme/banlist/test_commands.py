"""The office keeps the ban list; nobody else lets anything pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.audit.queries import about
from kaohe_flow.scheme.banlist import commands, queries
from kaohe_flow.scheme.banlist.rules import (
    DEFAULT_BANS,
    Ban,
    BannedIndicator,
    OverrideNeedsOffice,
    PhraseNotFound,
    PhraseRefused,
    ReasonTooShort,
)

REASON = "省厅2026年12号文件要求统计上报"
BRIGADE = Actor(officer_id=None, name="刑侦大队内勤", principals=frozenset({"unit_admin@12"}))


@pytest.fixture(autouse=True)
def seeded(work: Work) -> None:
    commands.seed(work)


def test_the_regulations_are_entered_once_and_edits_survive(work: Work) -> None:
    commands.forbid(work, Ban("破案率", ("侦结",), "省厅通知"))

    assert commands.seed(work) == 0
    assert len(queries.entries(work.session)) == len(DEFAULT_BANS)
    assert queries.found_in(work.session, {"name": "侦结率"})


def test_an_office_may_forbid_more(work: Work) -> None:
    assert not queries.found_in(work.session, {"name": "交通违法处罚起数"})

    commands.forbid(work, Ban("违法处罚数", basis="道路执勤规范第77条"))

    assert queries.found_in(work.session, {"name": "交通违法处罚起数"})


def test_a_phrase_of_one_character_is_refused(work: Work) -> None:
    with pytest.raises(PhraseRefused):
        commands.forbid(work, Ban("案"))


def test_a_lifted_phrase_is_no_longer_found_but_still_listed(work: Work) -> None:
    entry = queries.entries(work.session)[0]

    commands.lift(work, entry.id, reason=REASON)

    assert not queries.found_in(work.session, {"name": entry.phrase})
    assert entry in queries.entries(work.session)


def test_only_an_office_lifts_a_phrase(work: Work) -> None:
    with pytest.raises(OverrideNeedsOffice):
        commands.lift(replace(work, actor=BRIGADE), 999, reason=REASON)
    with pytest.raises(PhraseNotFound):
        commands.lift(work, 999, reason=REASON)


def test_without_a_reason_the_refusal_names_what_was_found(work: Work) -> None:
    found = queries.found_in(work.session, {"name": "刑拘人数"})

    with pytest.raises(BannedIndicator, match="刑拘人数"):
        commands.let_pass(work, "indicator:1", found, None)


def test_a_brigade_with_a_reason_is_told_that_only_an_office_may(work: Work) -> None:
    found = queries.found_in(work.session, {"name": "刑拘人数"})

    with pytest.raises(OverrideNeedsOffice):
        commands.let_pass(replace(work, actor=BRIGADE), "indicator:1", found, REASON)


def test_an_office_override_is_recorded_with_its_reason_and_audited(work: Work) -> None:
    found = queries.found_in(work.session, {"name": "刑拘人数", "formula": "刑事拘留数"})

    commands.let_pass(work, "indicator:1", found, f" {REASON} ")

    (row,) = queries.overrides(work.session, "indicator:1")
    assert (row.phrases, row.reason, row.decided_by_name) == (["刑事拘留数"], REASON, "市局考核办")
    assert about(work.session, "indicator:1")[-1].deed == "banlist.let_pass"


def test_what_was_let_pass_once_needs_no_second_reason_but_a_new_phrase_does(work: Work) -> None:
    commands.let_pass(work, "indicator:1", queries.found_in(work.session, {"name": "刑拘数"}), REASON)

    commands.let_pass(work, "indicator:1", queries.found_in(work.session, {"name": "刑事拘留人次"}), None)
    with pytest.raises(BannedIndicator, match="破案率"):
        commands.let_pass(
            work, "indicator:1", queries.found_in(work.session, {"name": "刑拘数、破案率"}), None
        )
    assert len(queries.overrides(work.session)) == 1


def test_a_short_reason_is_refused_and_nothing_is_recorded(work: Work) -> None:
    with pytest.raises(ReasonTooShort):
        commands.let_pass(work, "indicator:1", queries.found_in(work.session, {"name": "刑拘数"}), "领导要求")

    assert not queries.overrides(work.session)


def test_an_indicator_without_forbidden_words_needs_nobody(work: Work) -> None:
    commands.let_pass(replace(work, actor=BRIGADE), "indicator:1", (), None)
