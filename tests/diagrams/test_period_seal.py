"""period_seal, every path."""

from __future__ import annotations

from tests.diagrams.world import Case, not_passed

SIGNERS = ("sign_compiler", "sign_head", "sign_leader")


def closed() -> Case:
    return Case("period_seal")


def to_be_signed() -> Case:
    return closed().wait().wait()


def signed_in_time() -> Case:
    case = to_be_signed()
    for signer in SIGNERS:
        case.decide(signer, "sign")
    return case.wait()


def signed_by_nobody() -> Case:
    return to_be_signed().wait()


STORIES = (signed_in_time, signed_by_nobody)


def test_every_flow_is_taken_by_some_story() -> None:
    assert not_passed("period_seal", STORIES) == set()


def test_reviewers_have_three_working_days_then_the_notice_runs_for_three() -> None:
    case = closed()

    assert case.topics == ["seal.close_submission"]

    case.wait()

    assert case.waited == "03-05 23:59:59"
    assert case.topics[-2:] == ["seal.trial_totals", "seal.publish_notice"]

    case.wait()

    assert case.waited == "03-11 23:59:59"
    assert case.topics[-1] == "seal.corrections"
    assert case.open == ["sign_compiler"]


def test_three_people_sign_one_after_the_other() -> None:
    case = to_be_signed()
    for signer, following in zip(SIGNERS, (["sign_head"], ["sign_leader"], []), strict=True):
        case.decide(signer, "sign")

        assert case.open == following


def test_signatures_do_not_bring_the_seal_forward() -> None:
    case = to_be_signed()
    for signer in SIGNERS:
        case.decide(signer, "sign")

    assert "seal.seal" not in case.topics
    assert case.ended_at is None

    case.wait()

    assert case.waited == "03-13 23:59:59"
    assert case.topics[-3:] == ["seal.corrections", "seal.seal", "seal.reports"]
    assert case.ended_at == "sealed"


def test_a_signature_on_the_last_day_does_not_put_the_seal_off() -> None:
    case = to_be_signed().wait_days(1)
    for signer in SIGNERS:
        case.decide(signer, "sign")

    assert case.wait().waited == "03-13 23:59:59"
    assert "seal.mark_unsigned" not in case.topics
    assert case.ended_at == "sealed"


def test_nobody_can_prevent_the_seal_by_not_signing() -> None:
    case = to_be_signed().decide("sign_compiler", "sign").wait()

    assert case.waited == "03-13 23:59:59"
    assert case.topics[-3:] == ["seal.mark_unsigned", "seal.seal", "seal.reports"]
    assert case.open == []
    assert case.ended_at == "sealed"
