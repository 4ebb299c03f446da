"""What single cases have come to, everything that was booked for them later included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scorebook.ledger.model import CorrectionEntry, LedgerEntry
from kaohe_flow.scorebook.ledger.rules import EntryKind, SubjectKind

VOLUMES = (LedgerEntry, CorrectionEntry)


def booked(
    session: Session, case_keys: Iterable[str], kind: SubjectKind = SubjectKind.OFFICER
) -> Mapping[str, Decimal]:
    """Points that stand by these cases, corrections after the seal included.

    A case of which no award stands, because none was booked or all were reversed, is left out: nothing is
    not the same as 0.00.
    """
    wanted = sorted(set(case_keys))
    points: dict[str, Decimal] = {}
    standing: dict[str, int] = {}
    for volume in VOLUMES:
        awards = func.sum(case((volume.kind == EntryKind.AWARD, 1), else_=-1))
        rows = session.execute(
            select(volume.case_key, func.sum(volume.points), awards)
            .where(volume.case_key.in_(wanted), volume.subject_kind == kind)
            .group_by(volume.case_key)
        )
        for case_key, sum_, awarded in rows:
            points[case_key] = points.get(case_key, ZERO) + sum_
            standing[case_key] = standing.get(case_key, 0) + int(awarded)
    return {case_key: points[case_key] for case_key, awarded in standing.items() if awarded > 0}
