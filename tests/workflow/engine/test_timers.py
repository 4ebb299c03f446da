"""Time limits: who is early enough, what fires when, and that nothing fires twice or never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kaohe_flow.workflow.errors import EngineFailed, TaskGone
from tests.workflow.engine.drawings import arrows, boundary, diagram, node, timer
from tests.workflow.engine.worlds import MONDAY, Case, World, compiled

NODES = node("start", "s") + node("user", "u") + node("end", "e") + node("user", "late") + node("end", "e2")
FLOWS = "s->u\nu->e\nb->late\nlate->e2"


def limited(kind: str, text: str, *, interrupting: bool = True) -> Case:
    nodes = NODES + boundary("b", "u", timer(kind, text), interrupting=interrupting)
    return Case(compiled(diagram(nodes, FLOWS)), level=2, until="2025-11-25T18:00:00+08:00")


def test_a_limit_that_passes_withdraws_the_task_and_takes_the_other_way() -> None:
    case = limited("timeDuration", "PT36H")
    assert case.now.next_due_at == MONDAY + timedelta(hours=36)

    assert case.tick(hours=35).trace == ()
    case.tick(hours=1)

    assert case.open == ["late"]
    assert case.path == ["fired b", "cancelled u", "flow b-late", "entered late"]
    assert case.now.next_due_at is None


def test_who_finishes_after_the_limit_loses_even_if_the_clock_was_not_looked_at() -> None:
    case = limited("timeDuration", "PT1H")
    before = case.now.state
    case.world.later(hours=2)

    with pytest.raises(TaskGone):
        case.do("u")

    assert case.now.state == before


def test_who_finishes_in_time_cancels_the_limit() -> None:
    case = limited("timeDuration", "PT1H")

    case.do("u")

    assert case.now.finished
    assert case.now.next_due_at is None
    assert case.now.ended_at == "e"


def test_a_reminder_leaves_the_task_open_and_comes_once() -> None:
    case = limited("timeDuration", "PT1H", interrupting=False)

    case.tick(hours=1)
    assert case.open == ["late", "u"]
    assert case.tick(hours=9).trace == ()
    case.do("u")
    assert not case.now.finished
    case.do("late")

    assert case.now.finished


def test_a_cycle_of_reminders_catches_up_and_stops_at_its_count() -> None:
    case = limited("timeCycle", "R3/P1D", interrupting=False)
    assert case.now.next_due_at == MONDAY + timedelta(days=1)

    case.tick(days=2)
    assert case.open == ["late", "late", "u"]
    case.tick(days=30)

    assert case.open == ["late", "late", "late", "u"]
    assert case.now.next_due_at is None


def test_a_cycle_without_end_stops_with_its_task() -> None:
    case = limited("timeCycle", "R/P1D", interrupting=False)
    case.tick(days=1)
    assert case.now.next_due_at == MONDAY + timedelta(days=2)

    case.do("u")

    assert case.open == ["late"]
    assert case.now.next_due_at is None


def test_a_cycle_of_months_stays_on_its_day() -> None:
    case = limited("timeCycle", "R/2025-12-31T08:00:00+08:00/P1M", interrupting=False)
    due = []
    for _ in range(4):
        assert case.now.next_due_at is not None
        due.append(case.now.next_due_at)
        case.world.now = case.now.next_due_at
        case.tick()

    assert [moment.isoformat()[:10] for moment in due] == [
        "2025-12-31",
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
    ]


def test_an_interrupting_cycle_fires_once() -> None:
    case = limited("timeCycle", "R5/P1D")

    case.tick(days=9)

    assert case.open == ["late"]


def test_a_backlog_of_reminders_is_worked_off_in_portions() -> None:
    case = limited("timeCycle", "R/PT1M", interrupting=False)

    case.tick(days=1)
    assert case.now.next_due_at is not None
    assert case.now.next_due_at <= case.world.now
    with pytest.raises(EngineFailed, match="积压"):
        case.do("u")
    case.tick()
    case.tick()

    assert case.now.next_due_at > case.world.now - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("timeDate", "2025-11-25T18:00:00+08:00", datetime(2025, 11, 25, 10, tzinfo=UTC)),
        ("timeDate", "2025-11-25", datetime(2025, 11, 25, 15, 59, 59, tzinfo=UTC)),
        ("timeDate", "until", datetime(2025, 11, 25, 10, tzinfo=UTC)),
        ("timeDate", "${until}", datetime(2025, 11, 25, 10, tzinfo=UTC)),
        ("timeDate", "= workdays(level + 1)", MONDAY + timedelta(days=3)),
        ("timeDate", "period_end()", datetime(2025, 12, 25, 15, 59, 59, tzinfo=UTC)),
        ("timeDuration", 'if level > 1 then "P3D" else "P1D"', MONDAY + timedelta(days=3)),
        ("timeDuration", 'duration("PT1H")', MONDAY + timedelta(hours=1)),
        ("timeDuration", "P1M", datetime(2025, 12, 24, 1, tzinfo=UTC)),
        ("timeCycle", '= "R2/PT10M"', MONDAY + timedelta(minutes=10)),
        ("timeCycle", "R2/2025-12-01T00:00:00Z/P1D", datetime(2025, 12, 1, tzinfo=UTC)),
    ],
)
def test_times_may_be_written_as_literals_or_worked_out(kind: str, text: str, expected: datetime) -> None:
    case = limited(kind, text)

    assert case.now.next_due_at == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDate", "level"),
        ("timeDate", '"P1D"'),
        ("timeDate", '"2025-11-25T18:00:00"'),
        ("timeDuration", '"tomorrow"'),
        ("timeDuration", "true"),
        ("timeCycle", '"R/PT1S"'),
        ("timeCycle", 'duration("PT1S")'),
        ("timeDate", "nowhere"),
    ],
)
def test_an_expression_that_gives_no_time_fails_naming_its_element(kind: str, text: str) -> None:
    with pytest.raises(EngineFailed) as failed:
        limited(kind, text)

    assert failed.value.step_id == "b"


def test_the_deadline_is_worked_out_once_when_the_task_opens() -> None:
    case = limited("timeDate", "workdays(2)")
    first = case.now.next_due_at

    case.tick(days=1)

    assert case.now.next_due_at == first


def test_the_due_date_of_a_task_is_kept_in_its_state() -> None:
    nodes = node("start", "s") + node("end", "e") + node("user", "u", camunda__dueDate="${workdays(3)}")
    case = Case(compiled(diagram(nodes, "s->u\nu->e")))

    case.tick(days=1)

    assert case.now.waiting[0].due_at == MONDAY + timedelta(days=3)
    assert case.now.next_due_at is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P2D", MONDAY + timedelta(days=2)),
        ("2025-11-25", datetime(2025, 11, 25, 15, 59, 59, tzinfo=UTC)),
        ("= null", None),
    ],
)
def test_a_due_date_may_be_literal_or_missing(text: str, expected: datetime | None) -> None:
    nodes = node("start", "s") + node("end", "e") + node("user", "u", camunda__dueDate=text)

    case = Case(compiled(diagram(nodes, "s->u\nu->e")))

    assert case.now.waiting[0].due_at == expected


def test_timers_fire_in_the_order_of_their_times_however_late_the_clock_is_looked_at() -> None:
    nodes = NODES + boundary("b", "u", timer("timeDuration", "P3D"))
    nodes += boundary("r", "u", timer("timeDuration", "P1D"), interrupting=False)
    nodes += node("service", "w", camunda__topic="remind") + node("end", "e3")
    case = Case(compiled(diagram(nodes, FLOWS + "\nr->w\nw->e3")))

    case.tick(days=10)

    assert [step for step in case.path if step.startswith("fired")] == ["fired r", "fired b"]
    assert [topic for topic, _, _ in case.world.performed] == ["remind"]


def test_a_limit_inside_a_sub_process_is_seen_and_goes_with_it() -> None:
    inner = node("start", "s1") + node("user", "u1") + node("end", "e1") + node("end", "e1b")
    inner += boundary("b1", "u1", timer("timeDuration", "PT5H")) + arrows("s1->u1\nu1->e1\nb1->e1b")
    nodes = node("start", "s") + node("sub", "p", inner) + boundary("b", "p", timer("timeDuration", "PT2H"))
    nodes += node("end", "e") + node("end", "late")
    case = Case(compiled(diagram(nodes, "s->p\np->e\nb->late")))
    assert case.now.next_due_at == MONDAY + timedelta(hours=2)

    case.tick(hours=2)

    assert case.now.ended_at == "late"
    assert case.path == ["fired b", "cancelled u1", "cancelled p", "flow b-late", "entered late", "left late"]


def test_a_timer_between_two_tasks_waits_and_goes_on() -> None:
    nodes = (
        node("start", "s")
        + node("catch", "c", timer("timeDuration", "P3D"))
        + node("user", "u")
        + node("end", "e")
    )
    case = Case(compiled(diagram(nodes, "s->c\nc->u\nu->e")))
    assert case.open == []

    case.tick(days=3)

    assert case.open == ["u"]


def test_a_host_in_another_zone_sees_the_same_moments() -> None:

    there = World(MONDAY.astimezone(ZoneInfo("America/St_Johns")))
    nodes = NODES + boundary("b", "u", timer("timeDuration", "P1M"))

    case = Case(compiled(diagram(nodes, FLOWS)), there)

    assert case.now.next_due_at == datetime(2025, 12, 24, 1, tzinfo=UTC)


def test_a_limit_may_lead_back_to_its_own_task_and_holds_again() -> None:
    nodes = (
        node("start", "s")
        + node("user", "u")
        + node("end", "e")
        + boundary("b", "u", timer("timeDuration", "P1D"))
    )
    case = Case(compiled(diagram(nodes, "s->u\nu->e\nb->u")))
    first = case.task("u").token

    for _ in range(3):
        case.tick(days=1)
        assert case.open == ["u"]
        assert case.now.next_due_at == case.world.now + timedelta(days=1)

    assert case.task("u").token != first


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("R/2000-01-25T00:00:00+08:00/P1M", datetime(2025, 11, 24, 16, tzinfo=UTC)),
        ("R/2000-01-01T00:00:00Z/PT1M", MONDAY),
        ("R/2000-01-01T00:00:30Z/PT1M", MONDAY + timedelta(seconds=30)),
        ("R/2030-01-01T00:00:00Z/P1D", datetime(2030, 1, 1, tzinfo=UTC)),
        ("R2/2025-11-20T00:00:00Z/P1D", datetime(2025, 11, 20, tzinfo=UTC)),
    ],
)
def test_an_endless_cycle_that_began_long_ago_starts_with_its_next_call(text: str, due: datetime) -> None:
    assert limited("timeCycle", text, interrupting=False).now.next_due_at == due
