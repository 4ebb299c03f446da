"""Two people, one case: exactly one wins, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import func, select

from kaohe_flow.casework.submission import commands as claims
from kaohe_flow.casework.submission.model import Verdict
from kaohe_flow.casework.submission.rules import ClaimState, Finding
from kaohe_flow.kernel.errors import Conflict, KaoheError
from tests.factories.casework import Bureau

ROUNDS = 5


def at_once(*deeds: Callable[[], None]) -> list[BaseException | None]:
    """Run deeds at the same moment; what each raised."""
    barrier, raised = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number: int, deed: Callable[[], None]) -> None:
        barrier.wait()
        try:
            deed()
        except KaoheError as exc:
            raised[number] = exc  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(raised)


def test_two_reviewers_of_one_claim_leave_one_verdict(bureau: Bureau) -> None:
    for _ in range(ROUNDS):
        case_key = bureau.submit(bureau.city.wang)
        task_id = bureau.task(case_key, "unit_check")

        def judge(decision: str, task: int = task_id) -> None:
            with bureau.acting(bureau.city.qian) as work:
                claims.review(work, task, Finding(decision, "核对完毕"))

        raised = at_once(lambda: judge("pass"), lambda: judge("reject"))

        assert sorted(error is None for error in raised) == [False, True]
        assert isinstance(next(error for error in raised if error), Conflict)
    with bureau.reading() as session:
        assert session.scalar(select(func.count()).select_from(Verdict)) == ROUNDS


def test_a_withdrawal_and_a_verdict_cannot_both_happen(bureau: Bureau) -> None:
    for _ in range(ROUNDS):
        case_key = bureau.submit(bureau.city.wang)
        task_id = bureau.task(case_key, "unit_check")
        claim_id = bureau.claim_of(case_key).id

        def judge(task: int = task_id) -> None:
            with bureau.acting(bureau.city.qian) as work:
                claims.review(work, task, Finding("pass"))

        def take_back(number: int = claim_id) -> None:
            with bureau.acting(bureau.city.wang) as work:
                claims.withdraw(work, number)

        raised = at_once(judge, take_back)

        assert sorted(error is None for error in raised) == [False, True]
        withdrawn = bureau.claim_of(case_key).state is ClaimState.WITHDRAWN
        assert withdrawn == (raised[1] is None)
        assert (bureau.waiting(case_key) == []) == withdrawn
