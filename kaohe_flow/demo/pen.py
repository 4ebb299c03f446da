"""What officers and reviewers write: sentences with plausible figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from random import Random
from typing import Final

import yaml

REJECTIONS: Final[Mapping[str, Sequence[str]]] = {
    "unit_check": (
        "佐证材料不全，请补充签到表或系统截图后再报。",
        "完成日期与附件日期不一致，请核对后重新填写。",
        "说明过于笼统，请写明件数、对象和办理结果。",
    ),
    "line_review": (
        "系统数据与申报数量不一致，请附平台导出数据。",
        "缺少群众回执，无法核实走访真实性，请补充。",
        "该项工作由两人共同完成，请写明本人承担的部分。",
    ),
}
APPROVALS: Final = (
    "材料齐全，情况属实。",
    "经与系统数据核对一致，同意。",
    "佐证充分，按标准评分。",
    "完成情况较好，个别记录不够规范，酌情评分。",
)
PASSES: Final = ("材料齐全，属本单位本期工作。", "已核对原始记录，同意上报。", "情况属实，请归口审核。")
ADDITIONS: Final = (
    "已按意见补充原始记录。",
    "已补充系统导出数据并更正日期。",
    "已补充说明本人承担的部分及佐证。",
)
PETITIONS: Final = (
    "本人已按要求提交系统导出数据和群众回执，认定工作未完成与事实不符，请求复核原始记录。",
    "当日本人正在处置另一起警情，有接处警记录可以证明，原决定认定事实不清，请求撤销。",
    "评分时未考虑本人承担的主办工作量，协办民警亦可证明，请求按实际完成情况重新评定。",
)
RULINGS: Final[Mapping[str, Sequence[str]]] = {
    "uphold": ("经调阅原始记录并听取双方说明，原决定事实清楚、依据充分，予以维持。",),
    "change": ("经复核，申请人补充的佐证属实，应当计分，原驳回决定予以变更。",),
    "revoke": ("经复核，现有证据不足以认定原决定所列事实，予以撤销。",),
}
GROUNDS: Final = (
    "当时按指令临时外出处置警情，有接处警单和同组民警证明。",
    "已在当日向值班领导口头报告，事后补办了手续。",
)
RECOMMENDED: Final = "事迹属实，同意申报。"
VERIFIED: Final = "经核对原件，情况属实。"
ADOPTED: Final = "经核实情况属实，予以采纳。"
NOT_ADOPTED: Final = "经调阅记录，时间与接处警单不符，不予采纳。"
DISMISSAL: Final = "申辩理由成立，有接处警单为证，不予扣分。"
IMPOSITION: Final = "事实清楚，证据充分，按规定标准扣分。"


@cache
def _sentences() -> Mapping[str, Sequence[str]]:
    text = (resources.files(__package__) / "narrative.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Sequence[str]] = yaml.safe_load(text)
    return found


def summary(chance: Random, code: str) -> str:
    """What an officer reports under an indicator."""
    sentence = chance.choice(_sentences()[code])
    rate = chance.choice(("100%", "100%", "98.6%", "97.2%", "96.5%"))
    return sentence.format(
        a=chance.randrange(8, 31), b=chance.randrange(24, 96), c=chance.randrange(2, 7), rate=rate
    )
