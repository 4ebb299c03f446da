"""Casting: a mould with other people, words, files, moments and points, row by row."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, TypeVar

from kaohe_flow.casework.submission.model import Claim, ClaimVersion, Verdict
from kaohe_flow.casework.submission.rules import ClaimContent, fact_content
from kaohe_flow.casework.submission.rules import Finding as Reviewed
from kaohe_flow.demo.bulk.mould import Mould, TaskShape
from kaohe_flow.demo.bulk.pools import Asked, Pools
from kaohe_flow.demo.bulk.script import FREEZING, JUDGING, Act, Script
from kaohe_flow.demo.bulk.sheaf import Row, Sheaf
from kaohe_flow.kernel.calendar import WorkCalendar, local_day
from kaohe_flow.kernel.chain import Plain, canonical
from kaohe_flow.kernel.points import from_milli, to_milli
from kaohe_flow.organization.role.queries import Pool
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.attachment.model import Attachment
from kaohe_flow.records.attachment.rules import check_file
from kaohe_flow.scorebook.ledger.commands import Finding
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.workflow.instance.model import HistoryEntry, ProcessInstance, Recusal, Task

FIGURES: Final = ("count", "done", "target", "value", "points")
Told = TypeVar("Told", ClaimContent, Reviewed)
TOKEN_BYTES: Final = 9  # as many as the engine draws for a task


@dataclass
class Case:
    """One claim being cast: its script, its mould, and what has happened so far."""

    script: Script
    mould: Mould
    claim_id: int
    instance_id: int
    judged: set[int] = field(default_factory=set)
    hashes: list[Plain] = field(default_factory=list)
    rows: dict[type, list[Row]] = field(default_factory=dict)
    tasks: dict[int, Row] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name of the case."""
        return f"submission:{self.claim_id}"

    @property
    def content(self) -> ClaimContent:
        """What was last reported."""
        found = [act.content for act in self.script.acts if act.content is not None]
        return found[-1]

    def keep(self, model: type, row: Row) -> None:
        """A row to be written when the case is over."""
        self.rows.setdefault(model, []).append(row)


class Caster:
    """Does the deeds of cases to rows; the ledger and the audit trail are somebody else's."""

    def __init__(self, sheaf: Sheaf, files: FileStore, pools: Pools, calendar: WorkCalendar) -> None:
        self._sheaf = sheaf
        self._files = files
        self._pools = pools
        self._calendar = calendar
        self._stored: dict[bytes, tuple[str, str]] = {}

    def begin(self, script: Script, mould: Mould) -> Case:
        """A claim comes into being."""
        return Case(script, mould, self._sheaf.number(Claim), self._sheaf.number(ProcessInstance))

    def act(self, case: Case, number: int) -> None:
        """The rows that one deed leaves."""
        act, mould = case.script.acts[number], case.mould
        if act.deed in FREEZING:
            self._freeze(case, number, act)
        if act.deed in JUDGING:
            self._judge(case, number, act)
        for place, shape in enumerate(mould.tasks):
            if shape.closed == number:
                _close(case.tasks[place], shape, act)
            if shape.opened == number:
                self._open(case, place, shape, act.at)
        opinion = act.finding.opinion if act.finding else ""
        case.keep(
            HistoryEntry,
            mould.history[number]
            | {
                "instance_id": case.instance_id,
                "at": act.at,
                "actor_id": act.actor.officer_id,
                "actor_name": act.actor.name,
                "opinion": opinion or None,
            },
        )

    def finish(self, case: Case) -> None:
        """Hand the rows of a case that is over to the sheaf."""
        self._sheaf.add(Claim, [_claim(case)])
        self._sheaf.add(ProcessInstance, [_instance(case)])
        self._sheaf.add(Task, list(case.tasks.values()))
        for model, rows in case.rows.items():
            self._sheaf.add(model, rows)

    def _freeze(self, case: Case, number: int, act: Act) -> None:
        case.judged.clear()
        frozen_as = case.mould.versions[number]
        for upload in act.files:
            digest, media_type = self._store(upload)
            case.hashes.append(digest)
            row = {
                "id": self._sheaf.number(Attachment),
                "case_key": case.key,
                "round": frozen_as["round"],
                "name": upload.name,
                "media_type": media_type,
                "size": len(upload.content),
                "sha256": digest,
                "uploaded_by_id": case.script.officer_id,
                "uploaded_at": act.at,
                "removed_at": None,
            }
            case.keep(Attachment, row)
        assert act.content is not None, "filing and fixing have a content"
        frozen = canonical({**act.content.canonical(), "files": case.hashes})
        row = {"claim_id": case.claim_id, "content": frozen, "submitted_at": act.at}
        case.keep(ClaimVersion, frozen_as | row | {"sha256": sha256(frozen).hexdigest()})

    def _store(self, upload: Upload) -> tuple[str, str]:
        """Hash and media type; the same bytes are looked at once."""
        if upload.content not in self._stored:
            kind = check_file(upload.name, upload.content)
            self._stored[upload.content] = self._files.put(upload.content), kind.media_type
        return self._stored[upload.content]

    def _judge(self, case: Case, number: int, act: Act) -> None:
        finding, who = act.finding, act.actor
        assert finding is not None, "a verdict finds something"
        assert who.officer_id is not None, "the clock judges nothing"
        case.judged.add(who.officer_id)
        case.keep(
            Verdict,
            case.mould.verdicts[number]
            | {
                "id": self._sheaf.number(Verdict),
                "claim_id": case.claim_id,
                "opinion": finding.opinion,
                "quality": finding.quality,
                "count": finding.count,
                "done": finding.done,
                "value": finding.value,
                "points": finding.points,
                "decided_by_id": who.officer_id,
                "decided_by_name": who.name,
                "decided_at": act.at,
            },
        )

    def _open(self, case: Case, place: int, shape: TaskShape, at: datetime) -> None:
        pool = self.pool(case, shape, at)
        row = {
            "id": self._sheaf.number(Task),
            "instance_id": case.instance_id,
            "token": secrets.token_urlsafe(TOKEN_BYTES),
            "pool": pool.label,
            "climbed": pool.climbed,
            "opened_at": at,
            "due_at": self._calendar.deadline(at, shape.days),
        }
        case.tasks[place] = shape.columns | row
        for officer_id in sorted(pool.recused):
            case.keep(Recusal, {"task_id": row["id"], "officer_id": officer_id})

    def pool(self, case: Case, shape: TaskShape, at: datetime) -> Pool:
        """Who may take the task."""
        script = case.script
        asked = Asked(
            script.officer_id, script.place.id, script.task.line_code, judged=frozenset(case.judged)
        )
        return self._pools.of(shape.expressions, asked, local_day(at))


def fact_of(case: Case) -> Finding:
    """What the last verdict hands to the ledger."""
    script, last = case.script, case.script.acts[-1]
    content, task = case.content, script.task
    assert last.finding is not None, "points follow from a verdict"
    assert content.happened_on is not None, "a report names its day"
    return Finding(
        period_id=script.period_id,
        subject_kind=SubjectKind.OFFICER,
        subject_id=script.officer_id,
        unit_id=script.place.id,
        indicator_version_id=task.version_id,
        item=task.code,
        happened_on=content.happened_on,
        case_key=case.key,
        content=fact_content(_as_kept(content), _as_kept(last.finding), case.mould.known),
        found_by_id=last.actor.officer_id,
        found_by_name=last.actor.name,
    )


def _as_kept(told: Told) -> Told:
    """Figures as they come back from the database: in thousandths."""
    figures = {name: getattr(told, name, None) for name in FIGURES}
    kept: dict[str, Any] = {n: from_milli(to_milli(one)) for n, one in figures.items() if one is not None}
    return replace(told, **kept)


def _close(row: Row, shape: TaskShape, act: Act) -> None:
    """Whoever acted closed it, unless the procedure went on without the task."""
    row["closed_at"] = act.at
    if shape.columns["closed_by_id"] is not None:
        row["closed_by_id"], row["closed_by_name"] = act.actor.officer_id, act.actor.name


def _claim(case: Case) -> Row:
    script, content = case.script, case.content
    frozen = [act.at for act in script.acts if act.deed in FREEZING]
    return case.mould.claim | {
        "id": case.claim_id,
        "officer_id": script.officer_id,
        "unit_id": script.place.id,
        "period_id": script.period_id,
        "indicator_version_id": script.task.version_id,
        "summary": content.summary,
        "happened_on": content.happened_on,
        "case_no": content.case_no,
        "count": content.count,
        "done": content.done,
        "target": content.target,
        "value": content.value,
        "option": content.option,
        "created_at": script.acts[0].at,
        "submitted_at": frozen[-1],
    }


def _instance(case: Case) -> Row:
    script = case.script
    return case.mould.instance | {
        "id": case.instance_id,
        "case_key": case.key,
        "title": script.task.title,
        "subject_id": script.officer_id,
        "subject_name": script.officer.name,
        "unit_name": script.place.name,
        "tag": script.task.tag,
        "started_by_id": script.officer_id,
        "started_at": script.acts[0].at,
        "ended_at": script.acts[-1].at,
    }
