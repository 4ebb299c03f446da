"""Roles, principals, and the expressions by which diagrams say who may do a task."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kaohe_flow.kernel.errors import InvalidInput, RuleBroken
from kaohe_flow.organization.line.rules import LINE_CODE
from kaohe_flow.organization.unit.rules import Level, Titled, tidy


class Role(Titled):
    """Competences. ``officer`` is everybody on their own behalf and is never granted."""

    OFFICER = "officer", "民警"
    UNIT_ADMIN = "unit_admin", "单位内勤"
    UNIT_HEAD = "unit_head", "单位领导"
    LINE_REVIEWER = "line_reviewer", "归口审核"
    OFFICE = "office", "考核办"
    DISCIPLINE = "discipline", "纪检"
    INSPECTION = "inspection", "督察"
    POLITICAL = "political", "政治部"
    LEADING_GROUP = "leading_group", "领导小组"


class RelationKind(Titled):
    """Why one officer must not decide on another."""

    KIN = "kin", "亲属"
    FORMER_PARTNER = "former_partner", "原搭档"
    COMPLAINT = "complaint", "未结投诉"
    OTHER = "other", "其他利害关系"


class Scope(StrEnum):
    """Where the competence must be held, seen from the case."""

    SUBJECT = "subject"
    UNIT = "unit"
    RECEIVER = "receiver"
    ABOVE = "above"
    LEVEL = "level"
    DECIDER = "decider"
    TOP = "top"


HELD_AT: Final[Mapping[Role, frozenset[Level]]] = {
    Role.OFFICER: frozenset(),
    Role.UNIT_ADMIN: frozenset({Level.BUREAU, Level.BASIC, Level.SQUAD}),
    Role.UNIT_HEAD: frozenset(Level),
    Role.LINE_REVIEWER: frozenset({Level.AUTHORITY, Level.BUREAU}),
    Role.OFFICE: frozenset({Level.AUTHORITY, Level.BUREAU}),
    Role.DISCIPLINE: frozenset({Level.AUTHORITY, Level.BUREAU}),
    Role.INSPECTION: frozenset({Level.AUTHORITY, Level.BUREAU}),
    Role.POLITICAL: frozenset({Level.AUTHORITY, Level.BUREAU}),
    Role.LEADING_GROUP: frozenset({Level.AUTHORITY, Level.BUREAU}),
}
OWN_AFFAIRS: Final = frozenset({Role.UNIT_ADMIN, Role.UNIT_HEAD})
DEFAULT_LINE: Final = "{indicator.line}"
EXPRESSION: Final = re.compile(r"(?P<role>[^:@]*)(?::(?P<line>[^@]*))?@(?P<scope>.*)")
SCOPE: Final = re.compile(
    r"(?P<plain>subject|unit|receiver|top)|level(?P<level>[1-4])|decider\+(?P<decider>[1-3])|\+(?P<above>[1-3])"
)
PRINCIPAL: Final = re.compile(r"([a-z_]+)(?::([a-z][a-z0-9_]*))?@([0-9]{1,18})")
SCOPE_WORDS: Final = "subject、unit、receiver、+1 至 +3、level1 至 level4、decider+1、top"


class CandidateRefused(InvalidInput):
    """An expression of ``candidateGroups`` that nobody can resolve."""

    code = "candidate-refused"
    message = "候选组“{expression}”写法有误：{reason}"


class ScopeUnknown(RuleBroken):
    """The expression asks for something this kind of case does not have."""

    code = "scope-unknown"
    message = "候选组“{expression}”用在了没有{missing}的办件上，请流程管理员更正流程图"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One parsed expression. ``steps``: the level of ``@levelN``, else levels above. ``line`` None: the
    line of the indicator."""

    role: Role
    scope: Scope
    steps: int = 0
    line: str | None = None

    def __str__(self) -> str:
        """The expression in its shortest form."""
        where = {
            Scope.ABOVE: f"+{self.steps}",
            Scope.LEVEL: f"level{self.steps}",
            Scope.DECIDER: f"decider+{self.steps}",
        }.get(self.scope, self.scope.value)
        return f"{self.role.value}{f':{self.line}' if self.line else ''}@{where}"


def parse(expression: str) -> Candidate:
    """``role[:line]@scope`` as a candidate. Raises ``CandidateRefused``."""
    text = tidy(expression).replace(" ", "")
    found = EXPRESSION.fullmatch(text)
    if found is None:
        raise CandidateRefused(expression=expression, reason="应写作“角色@范围”，例如 office@level2")
    role = _role(found["role"], expression)
    scope, steps = _scope(found["scope"], expression)
    if (role is Role.OFFICER) != (scope is Scope.SUBJECT):
        raise CandidateRefused(expression=expression, reason="officer 只能与 @subject 一起使用，表示本人")
    return Candidate(role, scope, steps, _line(found["line"], role, expression))


def _role(word: str, expression: str) -> Role:
    for role in Role:
        if word == role.value:
            return role
        if word == role.label:
            raise CandidateRefused(expression=expression, reason=f"“{word}”应写作 {role.value}")
    known = "、".join(role.value for role in Role)
    raise CandidateRefused(expression=expression, reason=f"没有“{word}”这个角色，可用：{known}")


def _scope(word: str, expression: str) -> tuple[Scope, int]:
    found = SCOPE.fullmatch(word)
    if found is None:
        raise CandidateRefused(expression=expression, reason=f"没有“@{word}”这个范围，可用：{SCOPE_WORDS}")
    for scope, group in ((Scope.LEVEL, "level"), (Scope.DECIDER, "decider"), (Scope.ABOVE, "above")):
        if found[group]:
            return scope, int(found[group])
    return Scope(found["plain"]), 0


def _line(word: str | None, role: Role, expression: str) -> str | None:
    if word is None or (word == DEFAULT_LINE and role is Role.LINE_REVIEWER):
        return None
    if role is not Role.LINE_REVIEWER:
        raise CandidateRefused(expression=expression, reason="只有 line_reviewer 可以指定业务线")
    if not LINE_CODE.fullmatch(word):
        reason = f"业务线“{word}”应是小写字母开头的代码，或 {DEFAULT_LINE}"
        raise CandidateRefused(expression=expression, reason=reason)
    return word


def parse_all(expressions: Iterable[str]) -> tuple[Candidate, ...]:
    """Every expression of a step. Raises ``CandidateRefused``, also when there is none."""
    candidates = tuple(parse(expression) for expression in expressions if expression.strip())
    if not candidates:
        raise CandidateRefused(expression="", reason="没有填写由谁办理")
    return candidates


@dataclass(frozen=True, slots=True)
class Seat:
    """A competence held at a unit, or a person (role ``officer``, ``place`` is the officer's id)."""

    role: Role
    place: int
    line: str | None = None

    @property
    def principal(self) -> str:
        """The seat as the inbox knows it: ``line_reviewer:xz@12``."""
        return f"{self.role.value}{f':{self.line}' if self.line else ''}@{self.place}"


def read_principal(text: str) -> Seat | None:
    """The seat behind a principal; None for what is not a principal of this organization."""
    found = PRINCIPAL.fullmatch(text)
    if found is None or found[1] not in {role.value for role in Role}:
        return None
    return Seat(Role(found[1]), int(found[3]), found[2])


@dataclass(frozen=True, slots=True)
class Rung:
    """A unit on the way up."""

    unit_id: int
    level: int
    name: str


Chain = tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a case stands: the person, the line, and the chains from its units to the top."""

    subject_officer_id: int | None
    line_code: str | None
    unit: Chain
    receiver: Chain = ()
    decider: Chain = ()
    tops: Chain = ()  # all level-1 authorities

    def above(self, candidate: Candidate) -> tuple[Chain, Chain]:
        """The chain the scope looks at, and its part from the scope upward (empty beyond the top)."""
        match candidate.scope:
            case Scope.RECEIVER:
                return self._known(self.receiver, candidate, "接收单位"), self.receiver
            case Scope.DECIDER:
                return self._known(self.decider, candidate, "原决定"), self.decider[candidate.steps :]
            case Scope.TOP:
                return self.unit, self.unit[-1:]
            case Scope.LEVEL:
                return self.unit, self._at_level(candidate)
            case _:
                return self.unit, self.unit[candidate.steps :]

    def _at_level(self, candidate: Candidate) -> Chain:
        """The chain from the level upward, or from the next level there is. Whoever oversees a level
        does so for the units below it; work of a unit of that level goes to the one above."""
        rest = tuple(rung for rung in self.unit if rung.level <= candidate.steps)
        own = rest[:1] == self.unit[:1]
        return rest[1:] if own and len(rest) > 1 and candidate.role not in OWN_AFFAIRS else rest

    @staticmethod
    def _known(chain: Chain, candidate: Candidate, missing: str) -> Chain:
        if not chain:
            raise ScopeUnknown(expression=str(candidate), missing=missing)
        return chain


Stair = tuple[Seat, ...]  # seats that stand in for one another, the first with somebody on it counts


@dataclass(frozen=True, slots=True)
class Staircase:
    """The stairs of one candidate from its scope upward. From ``own`` on only leading groups are left;
    from ``foreign`` on, those of another authority."""

    stairs: tuple[Stair, ...]
    own: int
    foreign: int


def staircase(candidate: Candidate, ground: Ground) -> Staircase:
    """Every seat the candidate can come to mean, level by level, the leading groups at the end."""
    if candidate.role is Role.OFFICER:
        if ground.subject_officer_id is not None:
            return Staircase(((Seat(Role.OFFICER, ground.subject_officer_id),),), 1, 1)
        candidate = Candidate(Role.UNIT_ADMIN, Scope.UNIT)  # a unit answers through its administrator
    chain, upward = ground.above(candidate)
    stairs = [_seats(candidate, ground.line_code, rung) for rung in upward]
    own = len(stairs)
    top = (Seat(Role.LEADING_GROUP, chain[-1].unit_id),)
    if stairs[-1:] != [top]:
        stairs.append(top)
    foreign = len(stairs)
    others = tuple(rung.unit_id for rung in ground.tops if rung.unit_id != chain[-1].unit_id)
    stairs.extend((Seat(Role.LEADING_GROUP, unit_id),) for unit_id in others)
    return Staircase(tuple(stairs), own, foreign)


def _seats(candidate: Candidate, indicator_line: str | None, rung: Rung) -> Stair:
    role, line = candidate.role, candidate.line or indicator_line
    if role is Role.LINE_REVIEWER and line is None:
        role = Role.OFFICE  # an indicator without a line is the office's own
    roles: Sequence[Role] = (role,)
    if role is Role.OFFICE and rung.level >= Level.BASIC:
        roles = (Role.OFFICE, Role.UNIT_ADMIN, Role.UNIT_HEAD)
    elif role is Role.UNIT_ADMIN and rung.level <= Level.BUREAU:
        roles = (Role.UNIT_ADMIN, Role.OFFICE)
    return tuple(Seat(r, rung.unit_id, line if r is Role.LINE_REVIEWER else None) for r in roles)
