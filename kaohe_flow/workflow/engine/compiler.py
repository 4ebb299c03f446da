"""From files to a process: read safely, check, plan, parse, join the parts; every fault is collected."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from kaohe_flow.kernel.safe_xml import UnsafeXml, parse
from kaohe_flow.workflow.engine.checks import Checker
from kaohe_flow.workflow.engine.decision import Decision
from kaohe_flow.workflow.engine.decision_reading import read_decisions
from kaohe_flow.workflow.engine.drawing import BPMN, Drawing, Faults, identity, properties, select
from kaohe_flow.workflow.engine.linker import Part, link
from kaohe_flow.workflow.engine.plans import Planner, Plans
from kaohe_flow.workflow.engine.port import Process, Step, Value
from kaohe_flow.workflow.errors import DiagramRefused

_WORDS: Final[Mapping[str, Value]] = {"true": True, "false": False}
MAX_LIMIT_DIGITS: Final = 15


def compile_process(
    bpmn: bytes, dmn: Sequence[bytes], called: Sequence[bytes], functions: frozenset[str]
) -> Process:
    """One runnable version. Raises ``DiagramRefused`` with all faults of all files."""
    faults = Faults()
    decisions = read_decisions(dmn, functions, faults)
    main = read_drawing(bpmn, "流程图文件", faults, called=False)
    others = [
        read_drawing(xml, f"被调用的流程图文件 {number}", faults, called=True)
        for number, xml in enumerate(called, start=1)
    ]
    drawings = [drawing for drawing in (main, *others) if drawing is not None]
    plans = _checked_plans(drawings, decisions, functions, faults)
    if faults.errors or main is None:
        raise DiagramRefused(tuple(faults.found))
    parts = [Part(drawing, plan, read_limits(drawing)) for drawing, plan in zip(drawings, plans, strict=True)]
    program = link(parts, decisions, faults)
    if program is None:
        raise DiagramRefused(tuple(faults.found))
    return Process(
        key=main.key,
        name=(main.process.get("name") or main.key).strip(),
        steps=MappingProxyType(_steps(plans)),
        limits=MappingProxyType(read_limits(main)),
        messages=frozenset(plan.message for part in plans for plan in part.nodes.values() if plan.message),
        digest=digest(bpmn, dmn, called),
        program=program,
    )


def read_drawing(xml: bytes, what: str, faults: Faults, *, called: bool) -> Drawing | None:
    """The drawing of the one executable process of a file, or ``None`` with a fault."""
    try:
        root = parse(xml, what=what)
    except UnsafeXml as fault:
        faults.add(None, "xml", str(fault))
        return None
    if root.tag != f"{{{BPMN}}}definitions":
        faults.add(root, "xml", f"{what}不是 BPMN 2.0 流程图（最外层应是 bpmn:definitions）")
        return None
    processes = select(root, "./bpmn:process")
    runnable = [process for process in processes if process.get("isExecutable", "true") == "true"]
    if len(runnable) != 1:
        faults.add(
            processes[0] if processes else root, "one-process", _not_one(what, len(processes), len(runnable))
        )
        return None
    if not identity(runnable[0]):
        faults.add(runnable[0], "id", f"{what}中的流程没有编号（id）")
        return None
    return Drawing(root, runnable[0], called=called)


def _not_one(what: str, drawn: int, runnable: int) -> str:
    if not drawn:
        return f"{what}里没有流程"
    if not runnable:
        return f"{what}里的流程没有勾选“可执行”（isExecutable），请选中画布空白处或泳池后勾选"
    return f"{what}里有 {runnable} 个可执行流程，一个文件只能有一个，请分成几个文件"


def _checked_plans(
    drawings: Sequence[Drawing], decisions: Mapping[str, Decision], functions: frozenset[str], faults: Faults
) -> list[Plans]:
    plans: list[Plans] = []
    keys = [drawing.key for drawing in drawings]
    for drawing in drawings:
        if keys.count(drawing.key) > 1:
            faults.add(drawing.process, "id", f"流程编号“{drawing.key}”在几个文件里重复")
        Checker(drawing, frozenset(keys), frozenset(decisions), faults).check()
        plans.append(Planner(drawing, functions, faults).plans())
    return plans


def read_limits(drawing: Drawing) -> dict[str, Value]:
    """Properties of the process element, with numbers and yes/no read as such."""
    return {name: limit(text) for name, text in properties(drawing.process).items() if name}


def limit(text: str) -> Value:
    """``3`` → int, ``1.5`` → Decimal, ``true`` → bool, other text as it stands."""
    text = text.strip()
    if text in _WORDS:
        return _WORDS[text]
    digits = text.removeprefix("-").replace(".", "", 1)
    if not digits.isascii() or not digits.isdigit() or len(digits) > MAX_LIMIT_DIGITS:
        return text
    if "." not in text:
        return int(text)
    return Decimal(text)


def digest(bpmn: bytes, dmn: Sequence[bytes], called: Sequence[bytes]) -> bytes:
    """SHA-256 over all files of a version, in order."""
    total = hashlib.sha256(b"kaohe-process-v1")
    for group in ((bpmn,), dmn, called):
        total.update(len(group).to_bytes(4, "big"))
        for xml in group:
            total.update(hashlib.sha256(xml).digest())
    return total.digest()


def _steps(plans: Sequence[Plans]) -> dict[str, Step]:
    return {
        plan.step.id: replace(plan.step, properties=MappingProxyType(dict(plan.step.properties)))
        for part in plans
        for plan in part.nodes.values()
    }
