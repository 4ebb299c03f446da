"""Checks of user tasks: who may do them, with which form, to which outcomes, by when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kaohe_flow.kernel.feel import FeelError, compile_expression
from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.graph import Node
from kaohe_flow.workflow.diagram.subject import Check, Subject, Vocabulary
from kaohe_flow.workflow.diagram.variables import decisions, outcome_pairs
from kaohe_flow.workflow.diagram.wording import offered
from kaohe_flow.workflow.errors import Fault

INDICATOR_LINE: Final = "{indicator.line}"
_CANDIDATE: Final = re.compile(r"(?P<role>[^:@\s]*)(?::(?P<line>[^@\s]*))?@(?P<scope>[^@\s]*)")
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LINE_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_UP: Final = re.compile(r"\+[1-9]")
EXAMPLE: Final = "如 line_reviewer@level2、officer@subject，几个用英文逗号隔开"


def candidates(subject: Subject) -> Iterator[Fault]:
    """``role[:line]@scope``, each part known."""
    for node in subject.diagram.tasks:
        groups = node.camunda.get("candidateGroups", "")
        written = [part.strip() for part in groups.split(",")] if groups else []
        if not written:
            text = f"没有写办理人；请在候选组（candidateGroups）填“角色@范围”，{EXAMPLE}"
            yield fault(node, "candidates-missing", text)
        for part in written:
            yield from _candidate(node, part, subject.vocabulary)


def _candidate(node: Node, part: str, vocabulary: Vocabulary) -> Iterator[Fault]:
    match = _CANDIDATE.fullmatch(part)
    if match is None or not match["role"] or not match["scope"]:
        text = f"办理人“{part}”写法不对，请写成“角色@范围”或“角色:业务线@范围”，{EXAMPLE}"
        yield fault(node, "candidates-grammar", text)
        return
    role, line, scope = match["role"], match["line"], match["scope"]
    if role not in vocabulary.roles:
        text = f"没有“{role}”这个角色，请改正。{offered(role, vocabulary.roles)}"
        yield fault(node, "role-unknown", text)
    if not (scope in vocabulary.scopes or ("+n" in vocabulary.scopes and _UP.fullmatch(scope))):
        text = f"没有“@{scope}”这个范围，请改正。{offered(scope, vocabulary.scopes)}（n 为 1 至 9）"
        yield fault(node, "scope-unknown", text)
    if line is not None and not _known_line(line, vocabulary):
        text = f"业务线“{line}”不对；请写业务线代码，或写 {INDICATOR_LINE} 表示指标所属业务线，也可省略"
        yield fault(node, "line-unknown", text)


def _known_line(line: str, vocabulary: Vocabulary) -> bool:
    if line == INDICATOR_LINE:
        return True
    return bool(_LINE_CODE.fullmatch(line)) and (not vocabulary.lines or line in vocabulary.lines)


def forms(subject: Subject) -> Iterator[Fault]:
    """Every user task shows a form there is."""
    for node in subject.diagram.tasks:
        key = node.camunda.get("formKey", "")
        if not key:
            yield fault(node, "form-missing", "没有选表单，办理人打开后是空白；请在 formKey 填表单编号")
        elif key not in subject.vocabulary.forms:
            text = f"没有“{key}”这张表单，请改正。{offered(key, subject.vocabulary.forms)}"
            yield fault(node, "form-unknown", text)


def outcomes(subject: Subject) -> Iterator[Fault]:
    """``code=title;code=title``: the buttons of the task."""
    for node in subject.diagram.tasks:
        written = node.owned("outcomes")
        pairs = outcome_pairs(node)
        if not pairs:
            text = "没有写办理结果；请加属性 outcomes，如 pass=同意;reject=驳回，分号隔开，等号后是按钮文字"
            yield fault(node, "outcomes", text, line=written.line if written else 0)
            continue
        line = written.line if written else 0
        codes = [code for code, _ in pairs]
        for code, title in pairs:
            if not _CODE.fullmatch(code):
                text = f"办理结果“{code}”写法不对，等号前请用英文字母、数字和下划线，如 pass=同意"
                yield fault(node, "outcomes", text, line=line)
            elif not title:
                yield fault(node, "outcomes", f"办理结果“{code}”没有按钮文字，请写成 {code}=同意", line=line)
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield fault(node, "outcomes", f"办理结果“{code}”写了两次，请删去一个", line=line)


def decision_names(subject: Subject) -> Iterator[Fault]:
    """The outcome goes to a variable whose name an expression can use."""
    for node in subject.diagram.tasks:
        written = node.owned("decision")
        if written is None or not written.value:
            text = "没有写结果存到哪个变量；请加属性 decision，如 line_decision，后面的网关用它判断"
            yield fault(node, "decision-name", text)
        for name in decisions(node):
            if not is_variable(name):
                at = node.owned("decision") or node.owned("also")
                text = (
                    f"变量名“{name}”不能用；请用字母、数字、下划线，以字母开头，不要用 if、and 这样的保留字"
                )
                yield fault(node, "decision-name", text, line=at.line if at else 0)
            elif any(limit.name == name for limit in subject.diagram.limits):
                text = f"变量“{name}”与流程的时限参数同名，办理时会把参数冲掉；请改名"
                yield fault(node, "decision-name", text)


def is_variable(name: str) -> bool:
    """Whether an expression can read a variable of that name."""
    try:
        return compile_expression(name).names == {name}
    except FeelError:
        return False


def lanes(subject: Subject) -> Iterator[Fault]:
    """Lanes show people whose turn it is."""
    placed = {member for lane in subject.diagram.lanes for member in lane.members}
    outer = {scope.id for scope in subject.diagram.scopes if scope.id in placed}
    for node in subject.diagram.tasks:
        if node.id not in placed and not _within(subject, node, outer):
            text = "没有放在泳道里，进度图看不出轮到谁；请拖进对应角色的泳道"
            yield fault(node, "lane-missing", text)


def _within(subject: Subject, node: Node, placed: set[str]) -> bool:
    holder: Node | None = node
    while holder is not None:
        if holder.scope in placed:
            return True
        outside = subject.diagram.by_id.get(holder.scope)
        holder = outside if outside is not holder else None
    return False


def deadlines(subject: Subject) -> Iterator[Fault]:
    """A task without a limit can lie for ever, and nobody is told."""
    for scope in subject.diagram.scopes:
        for node in scope.nodes:
            if node.kind != "userTask":
                continue
            if not node.camunda.get("dueDate"):
                text = "没有写办理期限，待办里不显示剩余时间；请在 dueDate 填 =workdays(天数参数)"
                yield fault(node, "due-missing", text)
            timers = [event for event in scope.attached.get(node.id, ()) if event.waits_for("timer")]
            if not timers and not _watched(subject, node):
                text = "没有到期催办或升级，无人办理时案件会一直停着；请贴一个定时边界事件，连到催办服务任务"
                yield fault(node, "reminder-missing", text)


def _watched(subject: Subject, node: Node) -> bool:
    """Whether the sub-process around it has a timer of its own."""
    outside = subject.diagram.by_id.get(node.scope)
    if outside is None:
        return False
    events = subject.diagram.of_kind("boundaryEvent")
    return any(each.attached_to == outside.id and each.waits_for("timer") for each in events)


CHECKS: Final[tuple[Check, ...]] = (candidates, forms, outcomes, decision_names, lanes, deadlines)
