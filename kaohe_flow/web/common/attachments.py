"""Files of a posted form, and files as tiles on a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, cast

from flask import current_app, request, url_for
from sqlalchemy.orm import Session

from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.records.attachment.queries import AttachmentView, same_content_elsewhere
from kaohe_flow.web.common.filters import local, size

PREVIEWS: Final = {"application/pdf": "pdf", "image/jpeg": "image", "image/png": "image"}


def store() -> FileStore:
    """The application's file store."""
    return cast(FileStore, current_app.extensions["kaohe_files"])


def posted(field: str = "files") -> list[Upload]:
    """The files of the posted form; empty inputs are left out."""
    return [
        Upload(name=file.filename, content=file.read())
        for file in request.files.getlist(field)
        if file.filename
    ]


def tiles(session: Session, attachments: Iterable[AttachmentView]) -> list[dict[str, Any]]:
    """Attachments for the macro ``files``; the same bytes in another case are pointed out."""
    return [
        {
            "id": attachment.id,
            "name": attachment.name,
            "url": url_for("attachment.download", attachment_id=attachment.id),
            "size": size(attachment.size),
            "note": _note(session, attachment),
            "preview": PREVIEWS.get(attachment.media_type, ""),
        }
        for attachment in attachments
    ]


def _note(session: Session, attachment: AttachmentView) -> str:
    elsewhere = same_content_elsewhere(session, attachment)
    warning = f" · 与 {len(elsewhere)} 件其他事项的附件相同" if elsewhere else ""
    return local(attachment.uploaded_at) + warning
