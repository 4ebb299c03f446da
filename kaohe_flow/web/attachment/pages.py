"""Handing out evidence: only to those who may see the case, never as something a browser would run."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from kaohe_flow.records.attachment import queries
from kaohe_flow.web.common.attachments import PREVIEWS, store
from kaohe_flow.web.common.download import download as send
from kaohe_flow.web.common.policy import allow, officers
from kaohe_flow.web.common.presenter import presenter_of
from kaohe_flow.web.common.security import actor, reading
from kaohe_flow.workflow.instance import queries as running

bp = Blueprint("attachment", __name__, url_prefix="/attachments")
SANDBOX = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; object-src 'self'"


@bp.get("/<int:attachment_id>")
@allow(officers)
def download(attachment_id: int) -> ResponseReturnValue:
    """The bytes, checked against their hash; ``?inline=1`` shows PDF and pictures in the page."""
    session = reading()
    attachment = queries.one(session, attachment_id)
    if attachment.uploaded_by_id != actor().officer_id:
        instance = running.of_case(session, attachment.case_key)
        process_key = instance.process_key if instance else ""
        presenter_of(process_key).check_visible(session, attachment.case_key, actor())
    inline = attachment.media_type in PREVIEWS and request.args.get("inline") == "1"
    response = send(store().get(attachment.sha256), attachment.name, attachment.media_type, inline=inline)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Content-Security-Policy"] = SANDBOX + "; frame-ancestors 'self'"
    return response
