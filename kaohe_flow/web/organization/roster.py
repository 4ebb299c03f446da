"""警力名单: templates out, files in, what an import would do, the import itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import InvalidInput
from kaohe_flow.kernel.sheet import MAX_UPLOAD_BYTES
from kaohe_flow.organization.roster import commands, gateway, queries
from kaohe_flow.organization.roster.rules import COLUMNS, Fate, RosterReport
from kaohe_flow.web.common.attachments import posted, store
from kaohe_flow.web.common.download import EXCEL, download
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.policy import allow, holding
from kaohe_flow.web.common.security import acting, actor, answered, now, reading
from kaohe_flow.web.organization.reach import managed_by

bp = Blueprint("roster", __name__, url_prefix="/roster")
may_import: Final = holding("office")
TEMPLATES: Final = {
    "xlsx": (gateway.template_xlsx, EXCEL),
    "csv": (gateway.template_csv, "text/csv; charset=utf-8"),
}


class FileNotChosen(InvalidInput):
    """Exactly one file is imported at a time."""

    code = "roster-file-not-chosen"
    message = "请选择一个 .xlsx 或 .csv 文件"


class PreviewOutdated(InvalidInput):
    """What is to be applied is not what this server showed."""

    code = "roster-preview-outdated"
    message = "预览已失效，请重新上传文件"


@dataclass(frozen=True, slots=True)
class Kept:
    """An uploaded roster between its preview and its import: the hash it is stored under, and its name."""

    digest: str
    name: str


@bp.get("/")
@allow(may_import)
def show() -> ResponseReturnValue:
    """The form for a roster file."""
    return _form()


@bp.get("/template.<kind>")
@allow(may_import)
def template(kind: str) -> ResponseReturnValue:
    """The empty table to fill in; unknown kinds get the Excel one."""
    known = kind if kind in TEMPLATES else "xlsx"
    make, mimetype = TEMPLATES[known]
    return download(make(), f"警力名单模板.{known}", mimetype)


@bp.post("/")
@allow(may_import)
def preview() -> ResponseReturnValue:
    """What the file would do, row by row; nothing is written into the register yet."""
    files = posted("file")
    try:
        if len(files) != 1:
            raise FileNotChosen(field="file")
        sheet = gateway.read(files[0].content, files[0].name)
    except InvalidInput as error:
        return _form(error)
    session = reading()
    book = queries.register(session, local_day(now()), managed_by(session, actor()))
    report = queries.preview(session, sheet, book)
    kept = _seal().dumps([store().put(files[0].content), files[0].name])
    return _report(report, files[0].name, kept=kept)


@bp.post("/import")
@allow(may_import)
def apply() -> ResponseReturnValue:
    """Apply the file that was shown; a second click leads back to the form."""
    try:
        kept = _unsealed(request.form.get("kept", ""))
        sheet = gateway.read(store().get(kept.digest), kept.name)
    except InvalidInput as error:
        return _form(error)
    within = managed_by(reading(), actor())
    with acting() as work:
        report = commands.import_roster(work, sheet, within=within)
        answered(work, url_for(".show"))
    return _report(report, kept.name)


def _form(error: InvalidInput | None = None) -> ResponseReturnValue:
    faults = [problem.text for problem in error.problems] or [str(error)] if error else []
    body = render_template(
        "organization/roster.html",
        columns=COLUMNS,
        notes=gateway.NOTES,
        max_bytes=MAX_UPLOAD_BYTES,
        errors={"file": faults} if faults else {},
    )
    return body, status_of(error) if error else 200


def _report(report: RosterReport, name: str, *, kept: str = "") -> ResponseReturnValue:
    fates = (Fate.REJECTED, Fate.CREATED, Fate.UPDATED, Fate.UNCHANGED)
    return render_template(
        "organization/report.html",
        name=name,
        kept=kept,
        report=report,
        lists=[(fate, report.with_fate(fate)) for fate in fates],
        counts={fate.value: report.count(fate) for fate in fates},
        changes=report.count(Fate.CREATED) + report.count(Fate.UPDATED),
    )


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(cast(str, current_app.secret_key), salt="kaohe-roster")


def _unsealed(text: str) -> Kept:
    try:
        digest, name = _seal().loads(text)
    except (BadSignature, ValueError):
        raise PreviewOutdated from None
    return Kept(digest, name)
