"""Keeping results: trial totals, signatures, the seal. The clock moves it; people only sign."""

from __future__ import annotations

from sqlalchemy import select

from kaohe_flow.kernel.chain import GENESIS
from kaohe_flow.kernel.errors import NotAllowed
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.records.audit.commands import record
from kaohe_flow.results.ranking import queries as ranking
from kaohe_flow.results.sealing import queries
from kaohe_flow.results.sealing.model import AuthoritySeal, Signature, Snapshot, SnapshotRow
from kaohe_flow.results.sealing.rules import (
    SIGNING_STEPS,
    SnapshotKind,
    as_content,
    case_key,
    digest,
    parse_case_key,
)
from kaohe_flow.scheme.period import commands as periods
from kaohe_flow.scheme.period import queries as period_queries
from kaohe_flow.scheme.period.rules import PeriodKind
from kaohe_flow.scheme.plan import queries as plans
from kaohe_flow.scorebook.ledger.queries import head
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.commands import Card
from kaohe_flow.workflow.instance.rules import Decision

PROCESS = "period_seal"


def begin(work: Work, period_id: int, unit_id: int) -> bool:
    """Start the sealing of a period for an authority. False if it has begun already."""
    key = case_key(period_id, unit_id)
    if running.of_case(work.session, key) is not None:
        return False
    period = period_queries.get(work.session, period_id)
    authority = units.get(work.session, unit_id)
    card = Card(f"{period.name}封存与公示", None, period.name, authority.name, tag="封存")
    # The limits in the diagram are those of a month; a quarter or a year brings its own notice window.
    own = {} if period.kind is PeriodKind.MONTH else {"notice_wd": period.notice_wd}
    instances.start(work.because_of(period.cutoff_at), PROCESS, key, card, own)
    return True


def keep(work: Work, period_id: int, kind: SnapshotKind, reason: str) -> Snapshot:
    """Work the result out anew and keep it as the next version of the period."""
    period = period_queries.get(work.session, period_id)
    rows = ranking.current(work.session, period).rows
    before = queries.latest(work.session, period_id)
    seq, ledger_hash = head(work.session, period_id)
    plan = plans.governing(work.session, period.starts_on)
    prev = before.hash if before else GENESIS
    snapshot = Snapshot(
        period_id=period_id,
        version=before.version + 1 if before else 1,
        kind=kind,
        reason=reason,
        made_at=work.now,
        made_by=work.actor.name,
        plan_sha256=plan.sha256,
        ledger_seq=seq,
        ledger_hash=ledger_hash,
        prev=prev,
        hash=digest(rows, ledger_hash, plan.sha256, prev),
    )
    work.session.add(snapshot)
    work.session.flush()
    work.session.add_all(
        SnapshotRow(
            snapshot_id=snapshot.id,
            number=number,
            subject=row.subject,
            points=row.points,
            place=row.place,
            content=as_content(row),
        )
        for number, row in enumerate(rows, start=1)
    )
    work.session.flush()
    record(work, "result.kept", f"period:{period_id}", version=snapshot.version, kind=kind.value)
    return snapshot


def sign(work: Work, task_id: int) -> None:
    """Sign for one's authority: confirms the result, can neither bring the seal forward nor stop it."""
    task = running.task(work.session, task_id)
    if work.actor.officer_id is None or task.step_id not in SIGNING_STEPS:
        raise NotAllowed
    period_id, unit_id = parse_case_key(task.instance.case_key)
    work.session.add(
        Signature(
            period_id=period_id,
            unit_id=unit_id,
            step_id=task.step_id,
            officer_id=work.actor.officer_id,
            name=work.actor.name,
            signed_at=work.now,
        )
    )
    instances.complete(work, PROCESS, task_id, Decision("sign"))
    record(work, "result.signed", task.instance.case_key, step=task.step_id)


def seal(work: Work, period_id: int, unit_id: int) -> None:
    """Put an authority's seal; with the last one the result is kept and the period sealed, once."""
    known = select(AuthoritySeal).where(
        AuthoritySeal.period_id == period_id, AuthoritySeal.unit_id == unit_id
    )
    if work.session.scalars(known).first() is not None:
        return
    steps = queries.signed_steps(work.session, period_id, unit_id)
    work.session.add(
        AuthoritySeal(
            period_id=period_id,
            unit_id=unit_id,
            is_signed=steps >= set(SIGNING_STEPS),
            sealed_at=work.now,
        )
    )
    work.session.flush()
    if queries.all_authorities_sealed(work.session, period_id):
        keep(work, period_id, SnapshotKind.SEALED, "公示期满，自动封存")
        periods.seal(work, period_id, signed=queries.is_signed_by_all(work.session, period_id))
