"""Whatever is ruled, on whatever rung: the appellant's points never fall by an appeal."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe_flow.casework.appeal import commands as appeals
from kaohe_flow.casework.appeal.rules import Outcome, Petition
from kaohe_flow.casework.appeal.rules.contested import Relief
from kaohe_flow.casework.appeal.rules.ruling import Ruling
from kaohe_flow.casework.submission.rules import Quality
from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.role.queries import principals_of
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.instance import queries as running
from tests.factories.court import GROUNDS, REASONS, Court

RULINGS = st.tuples(
    st.sampled_from(Outcome),
    st.builds(
        Relief,
        quality=st.none() | st.sampled_from([one.value for one in Quality]),
        count=st.none() | st.integers(min_value=0, max_value=8).map(Decimal),
    ),
)


def points(work: Work, court: Court) -> Decimal:
    """The appellant's booked points, as the transaction sees them."""
    where = (court.bureau.sheet.period.id, SubjectKind.OFFICER, court.bureau.city.wang)
    return sum(ledger.sums(work.session, *where).values(), start=Decimal(0))


def as_(work: Work, officer_id: int) -> Work:
    """The same transaction in the hands of somebody else."""
    held = principals_of(work.session, officer_id, local_day(work.now))
    return Work(work.session, Actor(officer_id, "某人", held), work.now)


def tried(work: Work, court: Court, key: str, ruling: Ruling) -> bool:
    """A ruling by whoever sits on the rung, and the appellant's climb; False if it was refused."""
    instance = running.of_case(work.session, key)
    assert instance is not None
    (task,) = running.open_tasks(work.session, instance.id)
    judges = {
        "office_examine": (court.bureau.city.zheng, court.hou),
        "discipline_examine": (court.bureau.city.chu,),
    }
    judge = next(
        one for one in judges[task.step_id] if running.may_act(work.session, task, as_(work, one).actor)
    )
    attempt = work.session.begin_nested()
    try:
        appeals.rule(as_(work, judge), task.id, ruling)
    except KaoheError:
        attempt.rollback()
        return False
    attempt.commit()
    for waiting in running.open_tasks(work.session, instance.id):
        appeals.answer(as_(work, court.bureau.city.wang), waiting.id, "climb")
    return True


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rejected=st.booleans(),
    first=st.sampled_from(Quality),
    rulings=st.lists(RULINGS, min_size=1, max_size=6),
)
def test_the_appellants_points_never_fall(
    court: Court, rejected: bool, first: Quality, rulings: list[tuple[Outcome, Relief]]
) -> None:
    court.scored(first, count=Decimal(2))
    contested = court.rejected(count=Decimal(3)) if rejected else court.scored(first, count=Decimal(3))

    with court.bureau.acting(court.bureau.city.wang) as work:
        trial = work.session.begin_nested()
        key = appeals.file(work, contested, Petition(GROUNDS)).case_key
        seen = [points(work, court)]
        for outcome, relief in rulings:
            instance = running.of_case(work.session, key)
            assert instance is not None
            if instance.ended_at is not None:
                break
            tried(work, court, key, Ruling(outcome, REASONS, relief))
            seen.append(points(work, court))
        trial.rollback()

    assert seen == sorted(seen)
