"""Attaching evidence to a case and freezing it with a submission."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe_flow.kernel.errors import Conflict, NotFound
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.attachment import queries
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.attachment.model import Attachment
from kaohe_flow.records.attachment.rules import MAX_FILES_PER_CASE, FileRefused, check_file


class EvidenceFrozen(Conflict):
    """A submitted file is part of the record."""

    code = "evidence-frozen"
    message = "该附件已随申报提交，不能再删除；如有错误请在补正时另行上传说明"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived: the name the officer gave it and its bytes."""

    name: str
    content: bytes


def attach(work: Work, store: FileStore, case_key: str, uploads: list[Upload]) -> list[Attachment]:
    """Check all files first, then keep all of them: one bad file leaves nothing behind in the database."""
    kinds = [check_file(upload.name, upload.content) for upload in uploads]
    if queries.count_of_case(work.session, case_key) + len(uploads) > MAX_FILES_PER_CASE:
        raise FileRefused(name=uploads[-1].name, reason=f"每件最多 {MAX_FILES_PER_CASE} 个附件")
    assert work.actor.officer_id is not None
    rows = [
        Attachment(
            case_key=case_key,
            name=upload.name,
            media_type=kind.media_type,
            size=len(upload.content),
            sha256=store.put(upload.content),
            uploaded_by_id=work.actor.officer_id,
            uploaded_at=work.now,
        )
        for upload, kind in zip(uploads, kinds, strict=True)
    ]
    work.session.add_all(rows)
    work.session.flush()
    return rows


def freeze(work: Work, case_key: str, round_number: int) -> list[str]:
    """Bind every loose file of the case to submission ``round_number``; returns all hashes of the case."""
    files = queries.of_case(work.session, case_key)
    for attachment in files:
        if attachment.round == 0:
            attachment.round = round_number
    return [attachment.sha256 for attachment in files]


def remove(work: Work, case_key: str, attachment_id: int) -> None:
    """Take away a file that has not been submitted. Raises ``EvidenceFrozen`` for one that has."""
    attachment = queries.one(work.session, attachment_id)
    if attachment.case_key != case_key or attachment.removed_at is not None:
        raise NotFound
    if attachment.round:
        raise EvidenceFrozen
    attachment.removed_at = work.now
