"""What an indicator must say before it may be issued, and which sign its points have.

Points of a penalty are stored negative, those of a task or reward positive; ``cap`` bounds upward and
``floor`` downward, so a penalty of at most 5 points in all has ``floor`` −5 and no ``cap``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from kaohe_flow.kernel.errors import Conflict, InvalidInput, NotFound, Problem, RuleBroken
from kaohe_flow.organization.unit.rules import Titled, tidy, trim

CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
CODE_LENGTH: Final = 32
MOST_POINTS: Final = Decimal(100_000)
LEVELS: Final = range(1, 6)
PLACES: Final = 3

# Owners that are no business line: the unit's own administrator, and the discipline office.
OWN_UNIT: Final = "own_unit"
DISCIPLINE: Final = "discipline"
OWNERS_WITHOUT_LINE: Final = {OWN_UNIT: "本单位", DISCIPLINE: "纪检"}

RuleCheck = Callable[[Mapping[str, Any]], Sequence[Problem]]


class Module(Titled):
    """The five modules of the assessment."""

    TEAM = "team", "队伍建设"
    BUSINESS = "business", "业务工作"
    SPECIAL = "special", "专项工作"
    ATTENDANCE = "attendance", "考勤考核"
    INCENTIVE = "incentive", "激励加分"


class Mode(Titled):
    """The three modes of scoring."""

    TASK = "task", "任务加减分"
    PENALTY = "penalty", "惩罚扣分"
    REWARD = "reward", "奖励加分"


class Kind(Titled):
    """Whether the outcome is measured or the way to it."""

    RESULT = "result", "结果指标"
    PROCESS = "process", "过程指标"


class TargetKind(Titled):
    """Who is measured."""

    UNIT = "unit", "单位"
    OFFICER = "officer", "民警"
    BOTH = "both", "单位和民警"


class Split(Titled):
    """How a target reaches the levels below: a number is divided, a standard holds for everybody."""

    ADD_UP = "add_up", "数量分解"
    SAME = "same", "同一标准"


class VersionState(Titled):
    """A draft may be rewritten, an effective version never; a retired one has ended for good."""

    DRAFT = "draft", "草稿"
    EFFECTIVE = "effective", "生效"
    RETIRED = "retired", "停用"


MODES_OF: Final = {
    Module.ATTENDANCE: frozenset({Mode.PENALTY}),
    Module.INCENTIVE: frozenset({Mode.REWARD}),
}


class IndicatorNotFound(NotFound):
    """No indicator of this code or id."""

    code = "indicator-not-found"
    message = "没有找到指标“{what}”"


class IndicatorRefused(InvalidInput):
    """The wording or the figures contradict each other; every fault is named."""

    code = "indicator-refused"
    message = "指标内容有误，请按提示修改"


class IndicatorIncomplete(InvalidInput):
    """Not specific, measurable or limited in time: every missing field is named at once."""

    code = "indicator-incomplete"
    message = "指标“{name}”还缺：{missing}。补齐后才能生效和下达"


class IndicatorCodeTaken(Conflict):
    """Codes are unique for all time."""

    code = "indicator-code-taken"
    message = "指标编码“{indicator}”已被“{name}”使用，请换一个编码，或修订原指标"


class VersionFrozen(Conflict):
    """What is effective is never rewritten; changes are a new version."""

    code = "indicator-version-frozen"
    message = "指标“{name}”第{number}版已经生效，不能再改；请修订为新版本"


class NotInForce(NotFound):
    """The indicator had no effective version on the first day of the period."""

    code = "indicator-not-in-force"
    message = "指标“{what}”在{period}没有生效的版本"


class StartsTooEarly(RuleBroken):
    """A new version begins with a period to come; what was measured stays measured as announced."""

    code = "indicator-starts-too-early"
    message = "{reason}，请选择以后的考核期"


@dataclass(frozen=True, slots=True)
class Content:
    """Everything one version says. Texts are tidied by ``tidied``; a draft may still leave fields empty.

    ``applies_to`` holds the scheme's own words for kinds of units or posts (派出所, 窗口), empty for all.
    ``rule`` is the item rule in the vocabulary of the scheme format, not read here.
    """

    name: str
    module: Module
    mode: Mode
    base_points: Decimal
    cap: Decimal | None = None
    floor: Decimal | None = None
    kind: Kind = Kind.RESULT
    rule_text: str = ""
    rule: Mapping[str, Any] = field(default_factory=dict)
    group_code: str | None = None
    measure: str = ""
    unit_of_measure: str = ""
    formula: str = ""
    data_source: str = ""
    evidence_kinds: tuple[str, ...] = ()
    deadline_text: str = ""
    deadline_at: datetime | None = None
    line_code: str = ""
    target_kind: TargetKind = TargetKind.BOTH
    level: int | None = None
    applies_to: tuple[str, ...] = ()
    split: Split = Split.ADD_UP

    @property
    def texts(self) -> dict[str, str]:
        """The wording in which a forbidden target could hide."""
        return {
            "name": self.name,
            "rule_text": self.rule_text,
            "formula": self.formula,
            "measure": self.measure,
            "unit_of_measure": self.unit_of_measure,
        }


REQUIRED: Final = {
    "rule_text": "记分规则",
    "measure": "计量口径",
    "unit_of_measure": "计量单位",
    "formula": "计算公式",
    "data_source": "数据来源",
    "evidence_kinds": "佐证种类",
    "line_code": "归口业务线",
}


def missing(content: Content) -> tuple[Problem, ...]:
    """What an indicator still lacks to be specific, measurable and limited in time."""
    faults = [
        Problem(name, f"请填写{title}") for name, title in REQUIRED.items() if not getattr(content, name)
    ]
    if not content.deadline_text and content.deadline_at is None:
        faults.append(Problem("deadline_text", "请填写完成时限"))
    return tuple(faults)


def check_complete(content: Content) -> None:
    """Raises ``IndicatorIncomplete`` naming every missing field at once."""
    faults = missing(content)
    if faults:
        told = "、".join(fault.text.removeprefix("请填写") for fault in faults)
        raise IndicatorIncomplete(name=content.name, missing=told, problems=faults)


def content_faults(content: Content) -> tuple[Problem, ...]:
    """Whatever no draft may say: signs that flip, caps below the base, modes a module does not have."""
    faults = [*_figure_faults(content)]
    if not content.name:
        faults.append(Problem("name", "请填写指标名称"))
    allowed = MODES_OF.get(content.module)
    if allowed is not None and content.mode not in allowed:
        labels = "、".join(mode.label for mode in sorted(allowed))
        faults.append(Problem("mode", f"{content.module.label}只能采用{labels}"))
    if content.level is not None and content.level not in LEVELS:
        faults.append(Problem("level", "适用层级须在1至5之间"))
    if not _is_plain(content.rule):
        faults.append(Problem("rule", '规则参数中的小数请写成文字，例如 "0.5"'))
    return tuple(faults)


def _is_plain(value: object) -> bool:
    """Whether it is JSON without a float in it, so that it reads back exactly as it was written."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_plain(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | str)


def _figure_faults(content: Content) -> list[Problem]:
    base, cap, floor = content.base_points, content.cap, content.floor
    figures = (("base_points", base), ("cap", cap), ("floor", floor))
    faults = [Problem(where, text) for where, value in figures if (text := _figure_fault(value))]
    if faults:
        return faults
    if content.mode is Mode.PENALTY:
        if base > 0 or cap is not None:
            faults.append(Problem("base_points", "惩罚扣分的分值为负数或零，且不设加分封顶"))
    elif base < 0:
        faults.append(Problem("base_points", f"{content.mode.label}的分值不能为负数"))
    if cap is not None and cap < max(base, Decimal(0)):
        faults.append(Problem("cap", "封顶分不能低于分值"))
    if floor is not None and floor > min(base, Decimal(0)):
        faults.append(Problem("floor", "扣分下限须为零或负数，且不能小于单次扣分的幅度"))
    return faults


def _figure_fault(value: Decimal | None) -> str:
    if value is None:
        return ""
    if not value.is_finite() or abs(value) > MOST_POINTS:
        return f"分值须在正负{MOST_POINTS}之间"
    return "" if value == round(value, PLACES) else "分值最多三位小数"


class LineInUse(RuleBroken):
    """What is measured needs a department competent for it."""

    code = "line-in-use"
    message = "业务线“{name}”还有 {count} 项指标在用（{codes}），请先停用或改归其他业务线"


def code_faults(code: str) -> tuple[Problem, ...]:
    """Codes look like BIZ-07."""
    if CODE.fullmatch(code) and len(code) <= CODE_LENGTH:
        return ()
    return (Problem("code", "指标编码由大写字母、数字和短横组成，以字母开头，例如 BIZ-07"),)


def tidy_code(text: str) -> str:
    """A code as it is stored: half-width capitals without spaces."""
    return tidy(text).replace(" ", "").upper()


def tidied(content: Content) -> Content:
    """The same without stray spaces; wording keeps its Chinese marks, line breaks of longer texts stay."""
    return replace(
        content,
        name=trim(content.name),
        measure=trim(content.measure),
        unit_of_measure=tidy(content.unit_of_measure),
        data_source=trim(content.data_source),
        deadline_text=trim(content.deadline_text),
        line_code=tidy(content.line_code),
        rule_text=content.rule_text.strip(),
        formula=content.formula.strip(),
        group_code=tidy(content.group_code or "") or None,
        evidence_kinds=tuple(filter(None, map(tidy, content.evidence_kinds))),
        applies_to=tuple(filter(None, map(tidy, content.applies_to))),
        rule=dict(content.rule),
    )
