"""How a target comes down: to one's own children only, in parts that add up, until persons hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from kaohe_flow.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, Problem, RuleBroken
from kaohe_flow.organization.unit.rules import Titled, tidy, trim
from kaohe_flow.scheme.indicator.rules import Split

WHOLE: Final = Decimal(100)  # shares are percent of the target above
PLACES: Final = 3
REASON_LENGTH: Final = 4
LARGEST_TARGET: Final = Decimal(10) ** 12


class AssignmentState(Titled):
    """What has become of one handing-down."""

    ISSUED = "issued", "待签收"
    ACKNOWLEDGED = "acknowledged", "已签收"
    REFUSED = "refused", "已退回"
    DECOMPOSED = "decomposed", "已分解"
    EFFECTIVE = "effective", "生效"
    WITHDRAWN = "withdrawn", "已撤回"


class Progress(Titled):
    """How far a node of the tree has come, everything below it taken into account."""

    ISSUED = "issued", "已下达"
    RECEIVED = "received", "已签收"
    IN_WORK = "in_work", "办理中"
    DONE = "done", "已落实"
    REFUSED = "refused", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


GONE: Final = frozenset({AssignmentState.REFUSED, AssignmentState.WITHDRAWN})


class AssignmentNotFound(NotFound):
    """No assignment of this id."""

    code = "assignment-not-found"
    message = "没有找到编号为“{what}”的下达单"


class NotOwnChild(NotAllowed):
    """Level by level: a unit hands down to its own children and its own officers only."""

    code = "not-own-child"
    message = "只能逐级下达给本单位的直属下级和本单位民警，不能越级：{names}"


class PartsDoNotAddUp(RuleBroken):
    """What was handed down is less than, or without a declared reason more than, the target above."""

    code = "parts-do-not-add-up"
    message = "分解合计 {total} 与上级目标 {target} 不一致（{difference}）。{advice}"


class PartsRefused(InvalidInput):
    """The list of parts contradicts itself; every fault is named."""

    code = "parts-refused"
    message = "分解内容有误，请按提示修改"


class OutOfTurn(Conflict):
    """The assignment is no longer, or not yet, where this step begins."""

    code = "assignment-out-of-turn"
    message = "该下达单目前是“{state}”，不能{deed}"


class ReasonMissing(InvalidInput):
    """Refusing and withdrawing want a reason the other side can read."""

    code = "assignment-reason-missing"
    message = "请写明理由，不少于{least}个字"


class AlreadyIssued(Conflict):
    """One indicator is issued once by one unit for the same days."""

    code = "already-issued"
    message = "指标“{name}”在 {first} 至 {last} 期间已由本单位下达，请撤回原下达单后再下达"


class VersionNotEffective(RuleBroken):
    """Only an effective indicator is issued."""

    code = "issued-version-not-effective"
    message = "指标“{name}”第{number}版是{state}，生效后才能下达"


@dataclass(frozen=True, slots=True)
class Term:
    """The days an assignment is good for, both included: a whole assessment year, or periods by id."""

    first: date
    last: date
    year: int | None = None
    period_ids: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One recipient, unit or officer, with its target in the indicator's unit of measure.

    ``share`` (percent) stands where nothing is counted; ``reason`` says why this part differs from others.
    """

    to_unit_id: int | None = None
    to_officer_id: int | None = None
    target: Decimal | None = None
    share: Decimal | None = None
    reason: str = ""

    @property
    def where(self) -> str:
        """How faults refer to the recipient: ``unit:12`` or ``officer:7``."""
        return f"officer:{self.to_officer_id}" if self.to_unit_id is None else f"unit:{self.to_unit_id}"


@dataclass(frozen=True, slots=True)
class Order:
    """What an office issues, in parts to its children; ``target`` is its own total, and ``over_reason``
    declares why the parts are more than it."""

    version_id: int
    from_unit_id: int
    term: Term
    parts: tuple[Part, ...]
    target: Decimal | None = None
    over_reason: str = ""
    due_at: datetime | None = None
    case_key: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One assignment of a tree, as far as coverage and progress need it."""

    id: int
    parent_id: int | None
    state: AssignmentState
    is_person: bool
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A part that no named officer holds: nobody below it, or less handed down than it carries."""

    assignment_id: int
    missing: Decimal | None


def check_parts(parts: Sequence[Part], target: Decimal | None, split: Split, over_reason: str) -> None:
    """Raises ``PartsRefused`` or ``PartsDoNotAddUp``.

    A number is divided: the parts equal the target, or exceed it for a declared reason. A standard (a rate,
    a limit) holds for everybody: each part equals it, or says why not. Where there is no number at all,
    shares are optional and add up to 100 %.
    """
    faults = _part_faults(parts)
    if target is not None:
        faults += [Problem(part.where, "请填写目标值") for part in parts if part.target is None]
    if target is not None and split is Split.SAME:
        faults += _other_standards(parts, target)
    if faults:
        raise PartsRefused(problems=tuple(faults))
    if target is not None and split is Split.ADD_UP:
        _check_sum(sum((part.target or Decimal(0) for part in parts), Decimal(0)), target, over_reason)
    elif target is None and any(part.share is not None for part in parts):
        _check_sum(sum((part.share or Decimal(0) for part in parts), Decimal(0)), WHOLE, over_reason)


def _part_faults(parts: Sequence[Part]) -> list[Problem]:
    faults = []
    if not parts:
        faults.append(Problem("parts", "请至少选择一个下级单位或民警"))
    seen: set[tuple[int | None, int | None]] = set()
    for part in parts:
        recipient = (part.to_unit_id, part.to_officer_id)
        if (part.to_unit_id is None) == (part.to_officer_id is None):
            faults.append(Problem("parts", "每一份只能下达给一个单位或一名民警"))
        elif recipient in seen:
            faults.append(Problem(part.where, "同一单位或民警重复出现"))
        seen.add(recipient)
        faults += _figure_faults(part)
    return faults


def _figure_faults(part: Part) -> list[Problem]:
    faults = []
    for name, value, most in (("目标值", part.target, LARGEST_TARGET), ("份额", part.share, WHOLE)):
        if value is not None and not (value.is_finite() and 0 <= value <= most):
            faults.append(Problem(part.where, f"{name}须在0至{most:,f}之间"))
        elif value is not None and value != round(value, PLACES):
            faults.append(Problem(part.where, f"{name}最多三位小数"))
    return faults


def _other_standards(parts: Sequence[Part], target: Decimal) -> list[Problem]:
    return [
        Problem(part.where, f"该指标为同一标准（{plain(target)}），目标值不同的须写明理由")
        for part in parts
        if part.target is not None and part.target != target and len(tidy(part.reason)) < REASON_LENGTH
    ]


def _check_sum(total: Decimal, target: Decimal, over_reason: str) -> None:
    if total < target:
        raise _mismatch(total, target, f"少 {plain(target - total)}", "请把差额分解下去")
    check_excess(total, target, over_reason)


def check_excess(total: Decimal, target: Decimal, over_reason: str) -> None:
    """More than the target above wants a declared reason. Raises ``PartsDoNotAddUp``."""
    if total > target and len(tidy(over_reason)) < REASON_LENGTH:
        advice = f"确需超额分解的，请写明理由（不少于{REASON_LENGTH}个字）"
        raise _mismatch(total, target, f"多 {plain(total - target)}", advice)


def _mismatch(total: Decimal, target: Decimal, difference: str, advice: str) -> PartsDoNotAddUp:
    return PartsDoNotAddUp(total=plain(total), target=plain(target), difference=difference, advice=advice)


def check_reason(reason: str) -> str:
    """The reason without stray spaces. Raises ``ReasonMissing``."""
    said = trim(reason)
    if len(said) < REASON_LENGTH:
        raise ReasonMissing(field="reason", least=REASON_LENGTH)
    return said


def uncovered(nodes: Iterable[Node], split: Split) -> tuple[Uncovered, ...]:
    """Parts of one tree that do not reach a named officer, in the order of the nodes.

    A refused or withdrawn part falls back on the unit above it: what is then missing there is told.
    """
    present = [node for node in nodes if node.state not in GONE]
    below = _children(present)
    found = []
    for node in present:
        if node.is_person:
            continue
        held = below.get(node.id, [])
        if not held:
            found.append(Uncovered(node.id, node.target))
        elif node.target is not None and split is Split.ADD_UP:
            missing = node.target - sum((child.target or Decimal(0) for child in held), Decimal(0))
            if missing > 0:
                found.append(Uncovered(node.id, missing))
    return tuple(found)


def progress(nodes: Iterable[Node]) -> dict[int, Progress]:
    """How far each node of a tree has come. A unit is done when everything below it is."""
    listed = list(nodes)
    below = _children(node for node in listed if node.state not in GONE)
    come: dict[int, Progress] = {}
    # A part is always younger than what it is part of, so children are settled first.
    for node in sorted(listed, key=lambda each: each.id, reverse=True):
        come[node.id] = _own_progress(node, [come[child.id] for child in below.get(node.id, [])])
    return come


def _own_progress(node: Node, children: Sequence[Progress]) -> Progress:
    if node.state in GONE:
        return Progress(node.state.value)
    if node.state is AssignmentState.ISSUED:
        return Progress.ISSUED
    if node.is_person:
        return Progress.DONE
    if not children:
        return Progress.RECEIVED
    return Progress.DONE if all(child is Progress.DONE for child in children) else Progress.IN_WORK


def _children(nodes: Iterable[Node]) -> Mapping[int, list[Node]]:
    below: dict[int, list[Node]] = {}
    for node in nodes:
        if node.parent_id is not None:
            below.setdefault(node.parent_id, []).append(node)
    return below


def plain(value: Decimal) -> str:
    """A figure as people write it: no exponent, no trailing zeros."""
    return format(value.normalize(), "f")
