"""Checks of the file as a whole: one executable process, ids, drawing, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kaohe_flow.workflow.diagram.catalogue import fault
from kaohe_flow.workflow.diagram.graph import Diagram, Element, Lane, Located, shown
from kaohe_flow.workflow.diagram.subject import Check, Subject
from kaohe_flow.workflow.errors import Fault

MAX_NODES: Final = 400
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_ID: Final = re.compile(r"[^\W\d][\w.-]{0,127}")
_SPLITTING: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})


def process(subject: Subject) -> Iterator[Fault]:
    """One process, executable, with a key that can be used in addresses and file names."""
    diagram = subject.diagram
    here = diagram.process
    if not diagram.executable:
        yield fault(here, "not-executable", "流程没有标记为可执行，请在属性面板勾选“可执行”（isExecutable）")
    for other, executable in diagram.others:
        if executable and diagram.executable:
            text = f"文件里已有可执行的流程{shown(here)}，这是又一个；请每个流程存一个文件"
            yield fault(other, "process-several", text)
        else:
            yield fault(other, "pool-ignored", f"流程{shown(other)}没有勾选可执行，只作图示，不会执行")
    if not _KEY.fullmatch(here.id):
        yield fault(
            here, "process-key", "流程编号请只用英文字母、数字、下划线和连字符，以字母开头，不超过 64 个字符"
        )
    if not here.name:
        yield fault(here, "process-name", "流程没有名称，请写上中文名称，待办和进度图里要用")
    if len(diagram.nodes) > MAX_NODES:
        text = f"图里有 {len(diagram.nodes)} 个环节，超过 {MAX_NODES} 个；请把一部分拆成单独的流程"
        yield fault(here, "too-large", text)


def ids(subject: Subject) -> Iterator[Fault]:
    """Every node and flow has an id of its own."""
    diagram = subject.diagram
    for each in _drawable(diagram):
        if not each.id:
            what = shown(each) if each.name else f"第 {each.line} 行的元素"
            yield fault(each, "id-missing", f"{what}没有编号，请在建模工具里重新保存，或补上 id")
        elif not _ID.fullmatch(each.id):
            yield fault(each, "id-invalid", f"编号“{each.id}”不能用，请只用字母、数字、下划线、点和连字符")
    seen: dict[str, Element] = {}
    for element in diagram.identified:
        before = seen.setdefault(element.id, element)
        if before is not element and element.id:
            text = f"编号“{element.id}”与第 {before.line} 行的{shown(before)}重复，请改用不同的编号"
            yield fault(element, "id-duplicate", text)


def places(subject: Subject) -> Iterator[Fault]:
    """Elements are where the standard has them; elsewhere they would not be seen."""
    for each, holder in subject.diagram.misplaced:
        where = holder.tag or "别家元素"
        text = f"元素 {each.tag} 放错了位置（在 {where} 里），不会被读到；请用建模工具重画这一处"
        yield fault(each, "misplaced", text)
    for each in subject.diagram.nameless:
        text = f"元素 {each.tag} 没有编号，无法引用；请在建模工具里重新保存，或补上 id"
        yield fault(each, "id-missing", text)


def drawing(subject: Subject) -> Iterator[Fault]:
    """Every node and flow has its place in the picture, else people cannot see where a case stands."""
    diagram = subject.diagram
    if not diagram.drawn:
        text = "文件里没有图形信息，进度图显示不出来；请用建模工具打开、摆好位置后保存"
        yield fault(diagram.process, "drawing-missing", text)
        return
    for each in _drawable(diagram):
        if each.id and each.id not in diagram.drawn:
            yield fault(each, "drawing-missing", f"{shown(each)}没有图形，进度图上看不到；请在建模工具里补画")


def _drawable(diagram: Diagram) -> Iterator[Located]:
    yield from diagram.nodes
    yield from diagram.flows


def names(subject: Subject) -> Iterator[Fault]:
    """People read names in the inbox and in the timeline."""
    for node in subject.diagram.nodes:
        if node.name or not _wants_name(subject.diagram, node.id):
            continue
        yield fault(node, "name-missing", "没有名称，待办和进度图里会显示编号；请写上中文名称")


def _wants_name(diagram: Diagram, node_id: str) -> bool:
    node = diagram.by_id.get(node_id)
    if node is None:
        return False
    if node.kind in _SPLITTING:
        return sum(flow.source == node_id for flow in diagram.flows) > 1
    return node.kind.endswith("Task") or node.kind in {
        "callActivity",
        "subProcess",
        "endEvent",
        "boundaryEvent",
    }


def lanes(subject: Subject) -> Iterator[Fault]:
    """Lanes hold nodes that exist, and each node once at the same depth."""
    diagram = subject.diagram
    placed: dict[str, Lane] = {}
    for lane in diagram.lanes:
        for member in lane.members:
            if member not in diagram.by_id:
                text = f"泳道{shown(lane)}里引用了不存在的元素“{member}”，请在建模工具里重新保存"
                yield fault(lane, "lane-reference", text)
            elif member in placed and not _nested(placed[member], lane):
                text = f"同时画在泳道{shown(placed[member])}和{shown(lane)}里，请只放在一个泳道"
                yield fault(diagram.by_id[member], "lane-reference", text)
            placed.setdefault(member, lane)


def _nested(one: Lane, other: Lane) -> bool:
    """Lanes may hold lanes; then both may name the node."""
    return one.id in other.within or other.id in one.within


def ignored(subject: Subject) -> Iterator[Fault]:
    """What people may draw and the engine does not read."""
    for each in subject.diagram.ignored:
        if each.tag in {"messageFlow", "participant", "conversation"}:
            text = f"{shown(each)}只是图示，不会执行：本系统一个文件一个流程，流程之间用消息或调用活动连接"
            yield fault(each, "pool-ignored", text)
        else:
            text = f"数据对象{shown(each)}只是图示；业务材料按案件保存，流程里只传办理结果"
            yield fault(each, "data-ignored", text)


CHECKS: Final[tuple[Check, ...]] = (process, ids, places, drawing, names, lanes, ignored)
