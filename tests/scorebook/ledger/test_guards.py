"""What the database itself refuses around the seal, whatever program writes to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kaohe_flow.jobs.worker import pass_once
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scorebook.ledger.model import (
    Booking,
    CorrectionEntry,
    CorrectionFact,
    FactRevocation,
    Found,
    LedgerEntry,
    ScoreFact,
)
from tests.factories.casework import Bureau

CUTOFF = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
VOUCHER = "correction:1"


@pytest.fixture
def scored(bureau: Bureau) -> Bureau:
    """November is open; Wang has one claim scored."""
    bureau.approve(bureau.submit(bureau.city.wang))
    return bureau


@pytest.fixture
def sealed(scored: Bureau) -> Bureau:
    """The same after the seal."""
    for half_day in range(41):
        pass_once(scored.database, CUTOFF + timedelta(hours=12 * half_day))
    with scored.reading() as session:
        assert periods.get(session, scored.sheet.period.id).is_sealed
    return scored


def columns(row: ScoreFact | LedgerEntry, shared: type) -> dict[str, object]:
    return {name: getattr(row, name) for name in vars(shared)["__annotations__"]}


def corrected_fact(session: Session) -> CorrectionFact:
    fact = session.scalars(select(ScoreFact)).one()
    return CorrectionFact(**columns(fact, Found), voucher_key=VOUCHER)


def corrected_entry(session: Session) -> CorrectionEntry:
    entry = session.scalars(select(LedgerEntry)).one()
    return CorrectionEntry(**{**columns(entry, Booking), "seq": entry.seq + 1}, voucher_key=VOUCHER)


def revocation(session: Session) -> FactRevocation:
    fact = session.scalars(select(ScoreFact)).one()
    return FactRevocation(fact_id=fact.id, case_key=fact.case_key, reason="误记", revoked_at=fact.found_at)


@pytest.mark.parametrize("row", [corrected_fact, corrected_entry])
def test_nothing_is_corrected_before_the_seal(
    scored: Bureau, row: Callable[[Session], CorrectionFact | CorrectionEntry]
) -> None:
    with pytest.raises(DBAPIError, match="period not sealed"), scored.acting() as work:
        work.session.add(row(work.session))


@pytest.mark.parametrize("row", [corrected_fact, corrected_entry])
def test_corrections_are_taken_after_the_seal(
    sealed: Bureau, row: Callable[[Session], CorrectionFact | CorrectionEntry]
) -> None:
    with sealed.acting() as work:
        work.session.add(row(work.session))
        work.session.flush()


def test_no_fact_of_a_sealed_period_is_revoked(sealed: Bureau) -> None:
    with pytest.raises(DBAPIError, match="fact_revocation: period sealed"), sealed.acting() as work:
        work.session.add(revocation(work.session))


def test_a_fact_of_an_open_period_may_be_revoked(scored: Bureau) -> None:
    with scored.acting() as work:
        work.session.add(revocation(work.session))
        work.session.flush()
