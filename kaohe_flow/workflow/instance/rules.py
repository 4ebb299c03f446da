"""What a user task lets its holder decide, as its diagram says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kaohe_flow.kernel.errors import Conflict, InvalidInput, NotAllowed
from kaohe_flow.workflow.engine.port import Step, Value


class TaskTaken(Conflict):
    """Somebody else was faster."""

    code = "task-taken"
    message = "这一环节已由{who}于{when}办理（{outcome}），您填写的内容没有提交"


class TaskClosed(Conflict):
    """The procedure went on without this task (withdrawn, timed out)."""

    code = "task-closed"
    message = "这一环节已经结束，不再需要办理，您填写的内容没有提交"


class ClaimedByOther(NotAllowed):
    """A colleague holds the task."""

    code = "claimed-by-other"
    message = "该事项已由{who}签收，如需办理请先请其退回"


class NotACandidate(NotAllowed):
    """The person is not in the pool, or must keep out of this case (回避)."""

    code = "not-a-candidate"
    message = "您不是这一环节的办理人，或按规定应当回避"


class OutcomeUnknown(InvalidInput):
    """The diagram does not offer this decision here."""

    code = "outcome-unknown"
    message = "“{step}”环节不能作出这一决定，请从页面给出的选项中选择"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decision a diagram offers at a step."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided at a task: the outcome, their words, and further process variables."""

    outcome: str
    opinion: str = ""
    variables: Mapping[str, Value] = field(default_factory=dict)


def outcomes(step: Step) -> tuple[Outcome, ...]:
    """Decisions offered at a user task: its property ``outcomes``, ``value=中文`` separated by ``;``."""
    pairs = (part.partition("=") for part in step.properties.get("outcomes", "").split(";") if part.strip())
    return tuple(Outcome(value.strip(), label.strip() or value.strip()) for value, _, label in pairs)


def decision_variables(step: Step, decision: Decision) -> dict[str, Value]:
    """Process variables a decision sets. Raises ``OutcomeUnknown`` for one the diagram does not offer."""
    if decision.outcome not in {outcome.value for outcome in outcomes(step)}:
        raise OutcomeUnknown(step=step.name)
    variables = dict(decision.variables)
    variables[step.properties["decision"]] = decision.outcome
    return variables


def outcome_label(step: Step, value: str) -> str:
    """The Chinese words of an outcome, as the diagram has them."""
    return next((outcome.label for outcome in outcomes(step) if outcome.value == value), value)
