"""What can be asked of the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.records.attachment.model import Attachment

# A row as the doors see it.
AttachmentView = Attachment


def of_case(session: Session, case_key: str) -> Sequence[Attachment]:
    """Files of a case that were not taken away, in the order they came."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.case_key == case_key, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    ).all()


def one(session: Session, attachment_id: int) -> Attachment:
    """One file row. Raises ``NotFound``. Who may see it is decided by the case it belongs to."""
    attachment = session.get(Attachment, attachment_id)
    if attachment is None:
        raise NotFound
    return attachment


def count_of_case(session: Session, case_key: str) -> int:
    """How many files the case holds now."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Attachment)
            .where(Attachment.case_key == case_key, Attachment.removed_at.is_(None))
        )
        or 0
    )


def same_content_elsewhere(session: Session, attachment: Attachment) -> Sequence[str]:
    """Keys of other cases holding the same bytes: one proof used twice is worth a reviewer's look."""
    return session.scalars(
        select(Attachment.case_key)
        .where(
            Attachment.sha256 == attachment.sha256,
            Attachment.case_key != attachment.case_key,
            Attachment.removed_at.is_(None),
        )
        .distinct()
    ).all()


def every(session: Session) -> Iterator[tuple[str, str, str]]:
    """Case, name and hash of every file ever kept, those that were taken away included."""
    wanted = select(Attachment.case_key, Attachment.name, Attachment.sha256).order_by(Attachment.id)
    with session.execute(wanted.execution_options(yield_per=1000)) as rows:
        yield from rows
