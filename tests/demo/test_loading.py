from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select

from kaohe_flow.casework.appeal.model import Appeal
from kaohe_flow.casework.penalty.model import Penalty
from kaohe_flow.casework.penalty.rules.finding import PenaltyState
from kaohe_flow.casework.reward.model import Reward
from kaohe_flow.casework.reward.rules.claim import RewardState
from kaohe_flow.casework.submission.model import Claim, ClaimVersion, Verdict
from kaohe_flow.casework.submission.rules import ClaimState
from kaohe_flow.demo.loading import ACCOUNTS, is_empty
from kaohe_flow.demo.seasons import founding
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.organization.account.gateway import verify
from kaohe_flow.organization.account.model import Account
from kaohe_flow.organization.officer.model import Officer
from kaohe_flow.organization.unit.model import Unit
from kaohe_flow.records.attachment.model import Attachment
from kaohe_flow.records.audit import queries as audit
from kaohe_flow.results.ranking import queries as ranking
from kaohe_flow.results.ranking.rules import Standing
from kaohe_flow.scheme.indicator.model import IndicatorVersion
from kaohe_flow.scheme.indicator.rules import VersionState
from kaohe_flow.scheme.issuance import queries as issuance
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.period.rules import PeriodState
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.model import ScoreFact
from kaohe_flow.workflow.inbox import queries as inbox
from kaohe_flow.workflow.inbox.rules import Box
from kaohe_flow.workflow.instance.model import HistoryEntry, InstanceState, ProcessInstance
from tests.demo.conftest import Loaded, load_city


def test_only_an_empty_installation_is_loaded(database: Database, city: Loaded) -> None:
    assert is_empty(database)
    assert not is_empty(city.database)


def test_a_thinner_city_loads_at_the_first_minute_of_a_month_on_every_database(
    engine: Engine, tmp_path: Path
) -> None:
    new_month = datetime(2026, 11, 25, 16, 1, tzinfo=UTC)

    thin = load_city(engine, tmp_path, new_month, thin=8)

    with thin.database.read() as session:
        before, current = session.scalars(select(Period).order_by(Period.starts_on)).all()
        assert (before.state, current.state) == (PeriodState.SUBMISSION_CLOSED, PeriodState.OPEN)
        assert current.starts_on == local_day(new_month)
        assert ledger.first_broken(session, before.id) is None
        assert audit.first_broken(session) is None
        assert session.scalar(select(func.count()).select_from(ScoreFact))


def test_sixty_officers_serve_in_two_chains(city: Loaded) -> None:
    with city.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Officer)) == 60
        assert session.scalar(select(func.count()).where(Unit.parent_id.is_(None))) == 2
        stages = Counter(session.scalars(select(IndicatorVersion.state)))
    assert stages == {VersionState.EFFECTIVE: 25, VersionState.DRAFT: 1}


def test_every_account_opens_with_the_password_that_is_announced(city: Loaded) -> None:
    with city.database.read() as session:
        found = {row.username: row for row in session.scalars(select(Account))}

    assert set(found) == {username for username, _ in ACCOUNTS}
    assert not any(row.must_change_password for row in found.values())
    assert verify(found["minjing"].password_hash, "demo-2026-kaohe")


def test_the_month_before_is_sealed_and_signed_and_this_one_takes_reports(city: Loaded) -> None:
    with city.database.read() as session:
        before, current = session.scalars(select(Period).order_by(Period.starts_on)).all()

    assert before.state is PeriodState.RESULT_SEALED
    assert not before.sealed_unsigned
    assert current.state is PeriodState.OPEN


def test_all_but_the_indicator_on_its_way_are_in_the_hands_of_named_officers(city: Loaded) -> None:
    with city.database.read() as session:
        gaps = issuance.coverage(session)
        rows = inbox.page(session, city.actor("xianban"), Box.CLAIMABLE).rows

    assert {gap.version.indicator.code for gap in gaps} == {"SPEC-04"}
    assert "分解落实" in {row.step_name for row in rows}


def test_every_officer_of_stations_and_brigades_holds_several_tasks(city: Loaded) -> None:
    with city.database.read() as session:
        period = session.scalars(select(Period).order_by(Period.starts_on.desc())).first()
        assert period is not None
        me = city.actor("minjing").officer_id
        assert me is not None
        held = {one.code for one in issuance.assigned_to(session, me, period.id, effective_only=True)}

    assert {"BIZ-01", "BIZ-07", "BIZ-09", "TEAM-03", "SPEC-02"} <= held


def test_claims_end_in_all_the_ways_there_are(city: Loaded) -> None:
    with city.database.read() as session:
        states = Counter(session.scalars(select(Claim.state)))
        rounds = Counter(session.scalars(select(Claim.round).where(Claim.state == ClaimState.SCORED)))

    assert sum(states.values()) > 200
    assert set(ClaimState) - set(states) <= {ClaimState.LAPSED}
    assert states[ClaimState.SCORED] / sum(states.values()) > 0.6
    assert rounds[2] > 5  # rejected, corrected, approved


def test_each_submitted_claim_has_evidence_of_its_own(city: Loaded) -> None:
    with city.database.read() as session:
        kept = session.scalars(select(Attachment)).all()
        submitted = select(Claim.id).where(Claim.round > 0)
        keys = {f"submission:{claim_id}" for claim_id in session.scalars(submitted)}

    assert keys <= {row.case_key for row in kept}
    assert len({row.sha256 for row in kept}) == len(kept)
    assert city.files.get(kept[0].sha256)


def test_somebody_waits_for_each_of_the_people_in_the_story(city: Loaded) -> None:
    with city.database.read() as session:
        waiting = {
            username: sum(inbox.counts(session, city.actor(username)).values())
            for username in (
                "minjing",
                "neiqin",
                "shenhe",
                "shenhe2",
                "xianban",
                "shiban",
                "zhiban",
                "zhengzhi",
            )
        }

    assert all(waiting.values()), waiting
    assert min(waiting[name] for name in ("neiqin", "shenhe", "shenhe2")) >= 3


def test_the_protagonist_has_a_notice_and_a_returned_claim_on_the_desk(city: Loaded) -> None:
    with city.database.read() as session:
        rows = inbox.page(session, city.actor("minjing"), Box.MINE).rows

    assert {row.step_name for row in rows} == {"补正材料", "确认或申辩"}


def test_penalties_rewards_and_appeals_stand_at_every_stage(city: Loaded) -> None:
    with city.database.read() as session:
        penalties = set(session.scalars(select(Penalty.state)))
        rewards = set(session.scalars(select(Reward.state)))
        appeals = session.scalar(select(func.count()).select_from(Appeal)) or 0
        running = session.scalar(
            select(func.count()).where(
                ProcessInstance.process_key == "appeal_review", ProcessInstance.state == InstanceState.RUNNING
            )
        )

    assert penalties == set(PenaltyState)
    assert {RewardState.SCORED, RewardState.NOTICE, RewardState.UNDER_REVIEW} <= rewards
    assert appeals >= 3
    assert running


def test_nothing_happens_outside_the_two_months(city: Loaded) -> None:
    with city.database.read() as session:
        moments = session.scalars(select(HistoryEntry.at)).all()

    assert founding(city.now) < min(moments)
    assert max(moments) <= city.now


def test_nobody_judges_a_claim_of_their_own(city: Loaded) -> None:
    with city.database.read() as session:
        own = select(func.count()).where(
            Verdict.claim_id == Claim.id, Verdict.decided_by_id == Claim.officer_id
        )
        assert session.scalar(own) == 0


def test_no_case_stands_still_and_no_limit_is_left_unfired(city: Loaded) -> None:
    with city.database.read() as session:
        incidents = select(func.count()).where(ProcessInstance.state == InstanceState.INCIDENT)
        overdue = select(func.count()).where(
            ProcessInstance.state == InstanceState.RUNNING, ProcessInstance.next_due_at <= city.now
        )
        assert session.scalar(incidents) == 0
        assert session.scalar(overdue) == 0


def test_the_deliberate_extremes_show_in_the_sealed_month(city: Loaded) -> None:
    with city.database.read() as session:
        before = session.scalars(select(Period).order_by(Period.starts_on)).first()
        assert before is not None
        rows = [row for row in ranking.current(session, before).rows if row.ranking == "in_sequence"]
    officers = [row for row in rows if row.kind == "officer"]

    assert _places(officers, "市直部门")[:2] == [1, 1]
    assert any(row.points is not None and row.points < 0 for row in officers)
    assert any(row.points == 0 for row in officers if row.group == "派出所")
    assert any(row.points is None and "请假" in row.reason for row in officers)


def test_loading_tells_how_far_it_is(city: Loaded) -> None:
    assert len(city.told) > 3
    assert city.told[0] == "单位、民警、职责"


def test_a_claim_comes_no_later_than_the_cut_off(city: Loaded) -> None:
    with city.database.read() as session:
        rows = session.execute(
            select(ClaimVersion.submitted_at, Period.cutoff_at)
            .join(Claim, Claim.id == ClaimVersion.claim_id)
            .join(Period, Period.id == Claim.period_id)
            .where(ClaimVersion.round == 1)
        ).all()

    assert all(submitted <= cutoff + timedelta(seconds=1) for submitted, cutoff in rows)


def _places(rows: list[Standing], group: str) -> list[int]:
    return sorted(row.place for row in rows if row.group == group and row.place is not None)
