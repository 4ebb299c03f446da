"""What is sealed, and how a snapshot is spelled for its hash."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from kaohe_flow.kernel.chain import Plain, canonical
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.points import to_milli
from kaohe_flow.results.ranking.rules import Standing

CASE: Final = "seal"
SIGNING_STEPS: Final = {"sign_compiler": "汇总人", "sign_head": "部门负责人", "sign_leader": "领导"}


class SnapshotKind(StrEnum):
    """Trial totals are shown for objection; the sealed result stands; a correction is a later version."""

    TRIAL = "trial"
    SEALED = "sealed"
    CORRECTED = "corrected"


SNAPSHOT_TITLES: Final = {
    SnapshotKind.TRIAL: "试算",
    SnapshotKind.SEALED: "已封存",
    SnapshotKind.CORRECTED: "封存后更正",
}


class NoSnapshot(NotFound):
    """The period has no result of that version yet."""

    code = "no-snapshot"
    message = "该考核期还没有这一版结果"


def case_key(period_id: int, unit_id: int) -> str:
    """Name of the sealing case of a period and an authority."""
    return f"{CASE}:{period_id}:{unit_id}"


def parse_case_key(key: str) -> tuple[int, int]:
    """Period and authority of a sealing case. Raises ``NoSnapshot`` for any other key."""
    kind, _, rest = key.partition(":")
    period_id, _, unit_id = rest.partition(":")
    if kind != CASE or not (period_id.isdigit() and unit_id.isdigit()):
        raise NoSnapshot
    return int(period_id), int(unit_id)


def as_content(row: Standing) -> dict[str, Any]:
    """A standing as it is kept: words as they were, figures exact as text."""
    return {
        "name": row.name,
        "kind": row.kind,
        "unit": row.unit,
        "ranking": row.ranking,
        "group": row.group,
        "tied": row.tied,
        "modules": [[title, str(points)] for title, points in row.modules],
        "reason": row.reason,
        "flags": list(row.flags),
    }


def as_standing(subject: str, points: Decimal | None, place: int | None, content: dict[str, Any]) -> Standing:
    """The standing a row was made from."""
    return Standing(
        subject=subject,
        name=content["name"],
        kind=content["kind"],
        unit=content["unit"],
        ranking=content["ranking"],
        group=content["group"],
        points=points,
        place=place,
        tied=content["tied"],
        modules=tuple((title, Decimal(value)) for title, value in content["modules"]),
        reason=content["reason"],
        flags=tuple(content["flags"]),
    )


def digest(rows: Sequence[Standing], ledger_hash: bytes, plan_sha256: str, prev: bytes) -> bytes:
    """Hash of a snapshot: its rows in their order, the ledger head, the plan, the version before."""
    told: list[Plain] = [
        {
            **as_content(row),
            "subject": row.subject,
            "milli": None if row.points is None else to_milli(row.points),
            "place": row.place,
        }
        for row in rows
    ]
    payload = canonical({"rows": told, "plan": plan_sha256, "ledger": ledger_hash.hex()})
    return sha256(b"kaohe-snapshot-v1\0" + prev + payload).digest()
