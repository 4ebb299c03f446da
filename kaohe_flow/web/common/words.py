"""What fields are called on pages, whichever form or failure names them."""

from __future__ import annotations

import re
from typing import Final

from flask import Flask

IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
NUMBERED: Final = re.compile(r"(ground|adopted|answer)_(\d+)")
NUMBERED_TITLES: Final = {
    "ground": "第 {} 条申辩理由",
    "adopted": "第 {} 条是否采纳",
    "answer": "第 {} 条的答复",
}
FIELD_TITLES: Final = {
    "applies_to": "适用范围",
    "base_points": "分值",
    "basis": "依据",
    "bpmn": "流程图",
    "cap": "封顶",
    "case_no": "案件或警情编号",
    "closes_on": "停用日期",
    "coauthors": "共同完成人数",
    "code": "编码",
    "count": "数量",
    "cutoff_at": "报送截止",
    "cutoff_on": "报送截止",
    "data_source": "数据来源",
    "days": "放假与调休",
    "deadline_at": "截止日期",
    "deadline_text": "完成时限",
    "deed": "事迹名称",
    "description": "事实经过",
    "document_no": "文书编号",
    "done": "完成数",
    "ends_on": "结束日期",
    "evidence_kinds": "佐证种类",
    "factor": "系数",
    "file": "文件",
    "files": "证明材料",
    "first": "起始日期",
    "floor": "扣分下限",
    "formula": "计算公式",
    "found_on": "发现日期",
    "goal": "上级目标",
    "goal_id": "上级目标",
    "grounds": "事实和理由",
    "group_code": "同一事迹组",
    "happened_on": "发生日期",
    "indicator_version_id": "指标",
    "into_id": "并入单位",
    "keeper": "承担民警",
    "kind": "类别",
    "last": "结束日期",
    "last_day": "最后一日",
    "level": "层级",
    "line_code": "归口业务线",
    "measure": "计量口径",
    "mitigation": "情节",
    "mode": "记分方式",
    "module": "模块",
    "month": "月份",
    "name": "名称",
    "number": "序号",
    "officer_id": "民警",
    "old": "原密码",
    "one": "甲方警号",
    "opinion": "意见",
    "option": "情形",
    "other": "乙方警号",
    "outcome": "处理意见",
    "override_reason": "保留理由",
    "overturn": "撤销的记分",
    "owner_id": "归口单位",
    "parent_id": "上级单位",
    "parts": "分解对象",
    "password": "密码",
    "peer_group": "同类分组",
    "period_id": "考核期",
    "phrase": "禁设内容",
    "pilot": "试运行",
    "points": "分值",
    "police_no": "警号",
    "post": "职务",
    "quality": "完成质量",
    "ranked": "参加排名",
    "reason": "理由",
    "remark": "说明",
    "role": "职责",
    "rule": "规则参数",
    "rule_text": "记分规则",
    "sequence": "考核序列",
    "short_name": "简称",
    "since": "起始日期",
    "split": "分解方式",
    "starts_on": "开始日期",
    "subject_id": "考核对象",
    "summary": "情况说明",
    "synonyms": "近义说法",
    "target": "目标数",
    "target_kind": "考核对象",
    "term": "适用时间",
    "title": "标题",
    "total": "本级目标值",
    "unit_id": "单位",
    "unit_of_measure": "计量单位",
    "username": "用户名",
    "valid_from": "生效日期",
    "value": "实际数",
    "working_days": "延长的工作日",
    "year": "年份",
}


CASE_TITLES: Final = {
    "appeal": "复议",
    "correction": "更正",
    "issue": "下达",
    "penalty": "扣分",
    "reward": "加分",
    "seal": "封存",
    "submission": "报送",
}


def register(app: Flask) -> None:
    """Make the titles known to the templates."""
    app.add_template_filter(field_title)
    app.add_template_filter(case_no)


def case_no(case_key: str) -> str:
    """The number of a case as people say it: ``submission:250`` is 报送-250."""
    kind, _, number = case_key.partition(":")
    return f"{CASE_TITLES.get(kind, kind)}-{number.replace(':', '-')}"


def field_title(where: str) -> str:
    """A field in words; a place that is words already as it is; '' for a name nobody outside should read."""
    numbered = NUMBERED.fullmatch(where)
    if numbered is not None:
        return NUMBERED_TITLES[numbered[1]].format(numbered[2])
    return FIELD_TITLES.get(where, "" if IDENTIFIER.fullmatch(where) else where)
