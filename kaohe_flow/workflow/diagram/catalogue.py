"""All rules by code, with what each is about. The reference page has one heading per rule."""

from __future__ import annotations

from typing import Final, Literal

from kaohe_flow.workflow.diagram.graph import Located
from kaohe_flow.workflow.errors import Fault

Severity = Literal["error", "warning"]

ERRORS: Final = {
    # the file
    "xml": "文件读不了",
    "not-bpmn": "不是流程图",
    "process-missing": "没有流程",
    "process-several": "一个文件里有几个流程",
    "process-key": "流程编号不合格",
    "not-executable": "流程没有勾选“可执行”",
    "misplaced": "元素放错位置",
    "too-large": "图太大",
    "id-missing": "元素没有编号",
    "id-invalid": "编号里有不能用的字符",
    "id-duplicate": "编号重复",
    # elements
    "element-unsupported": "不支持的元素",
    "script": "脚本",
    "setting-refused": "写了却不会生效的设置",
    "event-unsupported": "不支持的事件",
    "event-trigger": "事件没有或有几个触发条件",
    "event-subprocess": "事件子流程",
    "loop": "循环标记",
    "multi-instance": "会签（多实例）没有写清楚",
    "message": "消息没有选定",
    "boundary-host": "边界事件没有贴在任务上",
    "call": "调用的流程不存在",
    # structure
    "start-missing": "没有开始事件",
    "start-several": "几个开始事件",
    "end-missing": "没有结束事件",
    "flow-against-direction": "连线方向不对",
    "flow-dangling": "连线没有连上",
    "flow-crosses": "连线穿过子流程边界",
    "unreachable": "走不到的环节",
    "dead-end": "断头的环节",
    "no-way-out": "走不出去的回路",
    "split-implicit": "任务直接分叉",
    "busy-loop": "不停的回路",
    # gateways
    "condition-missing": "分支没有条件",
    "default-missing": "没有默认流向",
    "default-wrong": "默认流向指错",
    "default-conditioned": "默认流向上写了条件",
    "condition-ignored": "条件写在不起作用的地方",
    "event-gateway": "事件网关后面不是事件",
    # people
    "candidates-missing": "没有办理人",
    "candidates-grammar": "办理人写法不对",
    "role-unknown": "没有这个角色",
    "scope-unknown": "没有这个范围",
    "line-unknown": "没有这条业务线",
    "form-missing": "没有表单",
    "form-unknown": "没有这张表单",
    "outcomes": "没有写清办理结果",
    "decision-name": "没有写清结果变量",
    "lane-missing": "任务不在泳道里",
    # tasks
    "topic-missing": "服务任务没有主题",
    "topic-unknown": "没有这个主题",
    "table-missing": "没有指定决策表",
    "table-unknown": "没有这张决策表",
    "result-mapping": "决策结果取法不对",
    "step-unknown": "催办对象不对",
    # expressions
    "expression": "表达式写错",
    "variable-unknown": "没有这个变量",
    "variable-too-early": "变量用得太早",
    "outcome-unknown": "没有这种办理结果",
    "limit": "时限参数不对",
    # timers
    "timer-missing": "定时器没有写时间",
    "timer-time": "时间写错",
    "timer-kind": "定时器类型选错",
    "timer-cycle": "循环定时器放错地方",
    # behaviour of the whole
    "side-branch-joins": "催办支线并回主线",
    "deadlock": "卡死",
    "unsynchronised": "同一件事办两遍",
    "never-executed": "永远轮不到",
    # policy
    "silence-approves": "沉默变成同意",
    "score-unreviewed": "没人审核就计分",
    "step-skipped": "少了必经环节",
    # decision tables
    "table-not-dmn": "不是决策表",
    "table-decisions": "一个文件一张决策表",
    "table-duplicate": "决策表编号重复",
    "table-hit-policy": "命中方式不对",
    "table-columns": "列没有写清楚",
    "table-cells": "格数与列数不一致",
    "table-empty": "没有规则",
    "table-cell": "单元格写错",
    "table-type": "单元格类型不对",
    "table-overlap": "几行同时符合",
}

WARNINGS: Final = {
    "process-name": "流程没有名称",
    "setting-unused": "用不到的设置",
    "vendor": "别家产品的设置",
    "pool-ignored": "多余的泳池和消息流",
    "data-ignored": "数据对象不起作用",
    "flow-duplicate": "两点之间画了两条线",
    "merge-implicit": "任务直接汇合",
    "name-missing": "没有名称",
    "drawing-missing": "没有图形",
    "condition-duplicate": "两个分支条件相同",
    "gateway-mixed": "网关又合又分",
    "lane-reference": "泳道引用不对",
    "due-missing": "没有办理期限",
    "reminder-missing": "没有催办",
    "outcome-unhandled": "有的结果没有分支",
    "step-item": "没有写催办哪个成员",
    "expression-hint": "表达式可以写得更规范",
    "variable-perhaps-unset": "变量可能还没有值",
    "timer-fixed": "写死的日期",
    "soundness-incomplete": "图太复杂，没有查完",
    "score-regardless": "选什么都计分",
    "table-unused": "决策表没有用到",
    "table-gap": "有情形没有规则",
    "table-shadowed": "永远轮不到的行",
    "table-value": "不在可选值里",
}

TITLES: Final = {**ERRORS, **WARNINGS}


def fault(at: Located, rule: str, text: str, *, line: int = 0) -> Fault:
    """A fault of ``at``; its severity is that of the rule. ``line`` if it is not the line of the element."""
    severity: Severity = "error" if rule in ERRORS else "warning"
    assert rule in TITLES, rule
    return Fault(at.id, at.name, line or at.line, rule, text, severity)
