"""Deeds of the audit trail in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SUBJECTS: Final[Mapping[str, str]] = {
    "account": "账号",
    "appeal": "复议",
    "banlist": "负面清单",
    "banned_phrase": "负面清单",
    "calendar": "工作日历",
    "claim": "报送",
    "correction": "更正",
    "identity": "岗位身份",
    "indicator": "指标",
    "issuance": "下达",
    "line": "业务线",
    "login": "登录",
    "officer": "民警",
    "password": "密码",
    "penalty": "扣分",
    "period": "考核期",
    "process": "流程图",
    "relation": "回避关系",
    "result": "结果",
    "reward": "加分",
    "role": "职责",
    "roster": "名册",
    "scheme": "方案",
    "submission": "报送",
    "unit": "单位",
}
DEEDS: Final[Mapping[str, str]] = {
    "account.created": "登记账号",
    "account.signed_out": "退出全部登录",
    "account.state_set": "变更账号状态",
    "banlist.forbid": "列入负面清单",
    "banlist.let_pass": "说明理由保留禁设内容",
    "banlist.lift": "停用负面清单条目",
    "calendar.set": "修改工作日历",
    "identity.ended": "终止岗位身份",
    "identity.granted": "核定岗位身份",
    "line.closed": "停用业务线",
    "line.handed_over": "移交业务线",
    "line.opened": "设立业务线",
    "login": "登录",
    "login.failed": "登录失败",
    "officer.appointed": "变更岗位",
    "officer.back": "销假",
    "officer.hired": "录入民警",
    "officer.left": "办理离职",
    "officer.on_leave": "登记请假",
    "officer.returned": "结束借调",
    "officer.seconded": "登记借调",
    "officer.transferred": "调动",
    "password.changed": "修改密码",
    "password.reset": "重置密码",
    "process.deployed": "发布流程图",
    "relation.declared": "登记回避关系",
    "relation.ended": "解除回避关系",
    "role.granted": "授予职责",
    "role.revoked": "终止职责",
    "roster.imported": "导入名册",
    "scheme.adopted": "导入考核方案",
    "unit.classified": "排名归类",
    "unit.closed": "撤销单位",
    "unit.established": "设立单位",
    "unit.merged": "合并单位",
    "unit.moved": "调整隶属",
    "unit.renamed": "单位更名",
    "unit.sponsored": "指定包保领导",
}


def told(deed: str) -> str:
    """A deed in words; of casework its kind and the word of the trail."""
    kind, _, rest = deed.partition(".")
    return DEEDS.get(deed) or f"{SUBJECTS.get(kind, kind)}（{rest or deed}）"
