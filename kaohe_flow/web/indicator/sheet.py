"""指标规则表: the template out, a filled sheet in, every faulty row named."""

from __future__ import annotations

import io
from typing import Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from kaohe_flow.kernel.errors import InvalidInput
from kaohe_flow.kernel.sheet import MAX_UPLOAD_BYTES
from kaohe_flow.scheme.indicator import commands
from kaohe_flow.scheme.indicator.gateway import HEADINGS, REQUIRED_HEADINGS
from kaohe_flow.web.common.attachments import posted
from kaohe_flow.web.common.download import EXCEL, download
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.policy import allow
from kaohe_flow.web.common.security import acting, answered
from kaohe_flow.web.indicator.rights import drafters
from kaohe_flow.web.indicator.rulings import check_rule

bp = Blueprint("rules_sheet", __name__, url_prefix="/import")
NOTES: Final = (
    ("指标编码", "必填，大写字母、数字和短横，例如 BIZ-07；已有的编码按修订处理"),
    ("模块", "必填：队伍建设、业务工作、专项工作、考勤考核、激励加分"),
    ("记分方式", "必填：任务加减分、惩罚扣分、奖励加分"),
    ("分值", "必填，最多三位小数；扣分写不写负号都可以"),
    ("封顶", "每期最多加几分；扣分指标填最多扣几分"),
    (
        "记分规则、计量口径、计量单位、计算公式、数据来源、佐证种类、完成时限、归口业务线",
        "草稿可空，生效前必须补齐",
    ),
    ("分解方式", "数量分解（各部分之和等于上级目标）或同一标准；以百分比计的默认为同一标准"),
)


class SheetNotChosen(InvalidInput):
    """Exactly one file is imported at a time."""

    code = "rules-sheet-not-chosen"
    message = "请选择一个 .xlsx 或 .csv 文件"


@bp.get("/")
@allow(drafters)
def show() -> ResponseReturnValue:
    """The form for a rules sheet."""
    return _form()


@bp.get("/template.<kind>")
@allow(drafters)
def template(kind: str) -> ResponseReturnValue:
    """The empty sheet; unknown kinds get the Excel one."""
    if kind == "csv":
        empty = ("\ufeff" + ",".join(HEADINGS) + "\r\n").encode()
        return download(empty, "指标规则表模板.csv", "text/csv; charset=utf-8")
    return download(_workbook(), "指标规则表模板.xlsx", EXCEL)


@bp.post("/")
@allow(drafters)
def take_in() -> ResponseReturnValue:
    """Rows become drafts; refused rows are listed with everything wrong with them."""
    files = posted("file")
    try:
        if len(files) != 1:
            raise SheetNotChosen
        with acting() as work:
            done = commands.import_sheet(work, files[0].content, files[0].name, check_rule=check_rule)
            answered(work, url_for(".show"))
    except InvalidInput as error:
        return _form(error)
    return render_template("indicator/imported.html", done=done, name=files[0].name)


def _form(error: InvalidInput | None = None) -> ResponseReturnValue:
    faults = [problem.text for problem in error.problems] or [str(error)] if error else []
    body = render_template(
        "indicator/import.html",
        errors={"file": faults} if faults else {},
        notes=NOTES,
        required=REQUIRED_HEADINGS,
        max_bytes=MAX_UPLOAD_BYTES,
    )
    return body, status_of(error) if error else 200


def _workbook() -> bytes:
    book = Workbook()
    table = book.active
    assert table is not None
    table.title = "指标规则表"
    table.append(list(HEADINGS))
    for number, title in enumerate(HEADINGS, start=1):
        table.cell(row=1, column=number).font = Font(bold=title in REQUIRED_HEADINGS)
        column = table.column_dimensions[get_column_letter(number)]
        column.width, column.number_format = 18, "@"
    table.freeze_panes = "A2"
    notes = book.create_sheet("填写说明")
    for line in (("栏目", "要求"), *NOTES):
        notes.append(line)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 30, 80
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
