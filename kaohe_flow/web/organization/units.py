"""Units are established and changed by the system administrator, ranked by the offices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.errors import KaoheError, NotFound
from kaohe_flow.organization.change import commands as changes
from kaohe_flow.organization.unit import commands, queries
from kaohe_flow.organization.unit.rules import LEVEL_LABELS, Level, UnitKind
from kaohe_flow.records.receipt.commands import AlreadyAnswered
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import REFUSALS, FormSchema, errors_of, load
from kaohe_flow.web.common.policy import allow, holding, system_administrators
from kaohe_flow.web.common.seats import holds_city_office
from kaohe_flow.web.common.security import acting, actor, answered, go, now, reading
from kaohe_flow.web.organization.choices import unit_options
from kaohe_flow.web.organization.forms import (
    EndSchema,
    MergerSchema,
    MoveSchema,
    RankingPlaceSchema,
    RenamingSchema,
    UnitSchema,
)
from kaohe_flow.web.organization.reach import managed_by

bp = Blueprint("units", __name__, url_prefix="/units")
offices: Final = holding("office")
LEVELS: Final = [(level.value, f"{level.value} 级：{LEVEL_LABELS[level]}") for level in Level]
KINDS: Final = [(kind.value, kind.label) for kind in UnitKind]


@dataclass(frozen=True, slots=True)
class Deed:
    """One way to change a unit: its form and what becomes of it."""

    title: str
    note: str
    button: str
    done: str
    schema: type[FormSchema]
    act: Callable[..., object]


DEEDS: Final[Mapping[str, Deed]] = {
    "rename": Deed(
        "更名",
        "原名称连同起止日期保留在沿革里；不填日期的是更正错字，直接改正",
        "更名",
        "名称已更改",
        RenamingSchema,
        commands.rename,
    ),
    "move": Deed(
        "调整隶属",
        "下级单位、民警和在本单位的考核职责都跟着走；原隶属关系保留在沿革里",
        "调整隶属",
        "隶属关系已调整",
        MoveSchema,
        commands.move,
    ),
    "merge": Deed(
        "并入其他单位",
        "本单位民警自合并之日起全部调入另一单位，原有考核职责终止，本单位前一日撤销",
        "合并",
        "单位已合并",
        MergerSchema,
        changes.merge,
    ),
    "abolish": Deed(
        "撤销",
        "还有民警、下级单位或归口业务线的不能撤销；撤销后以往的记录照常可查",
        "撤销单位",
        "单位已定期撤销",
        EndSchema,
        changes.abolish,
    ),
}
RANKING: Final = Deed(
    "排名归类",
    "与哪些单位一起排名，改后从下一次计算起生效；已封存的结果不变",
    "保存",
    "排名归类已保存",
    RankingPlaceSchema,
    commands.classify,
)


@bp.get("/new")
@allow(system_administrators)
def new() -> ResponseReturnValue:
    """The form of a new unit, below the one asked for."""
    parent_id = request.args.get("parent", type=int)
    typed: dict[str, Any] = {"valid_from": local_day(now()), "parent_id": parent_id}
    if parent_id is not None:
        typed["level"] = min(queries.get(reading(), parent_id).level + 1, max(Level))
    return _new_form(typed)


@bp.post("/new")
@allow(system_administrators)
def establish() -> ResponseReturnValue:
    """A unit begins to exist."""
    try:
        wanted = load(UnitSchema(), request.form)
        with acting() as work:
            made = commands.establish(work, wanted)
            location = answered(work, url_for("organization.unit", unit_id=made.id))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _new_form(request.form, error)
    flash(f"“{made.name}”已设立", "ok")
    return go(location)


@bp.get("/<int:unit_id>/change/<deed>")
@allow(system_administrators)
def change(unit_id: int, deed: str) -> ResponseReturnValue:
    """The form of one change."""
    return _change_form(unit_id, _deed(deed), deed)


@bp.post("/<int:unit_id>/change/<deed>")
@allow(system_administrators)
def make_change(unit_id: int, deed: str) -> ResponseReturnValue:
    """Rename, move, merge or abolish."""
    return _apply(unit_id, _deed(deed), deed)


@bp.get("/<int:unit_id>/ranking")
@allow(offices)
def ranking(unit_id: int) -> ResponseReturnValue:
    """With whom the unit is compared."""
    _check_managed(reading(), unit_id)
    return _change_form(unit_id, RANKING, "ranking")


@bp.post("/<int:unit_id>/ranking")
@allow(offices)
def classify(unit_id: int) -> ResponseReturnValue:
    """Put the unit among others, or outside the ranking."""
    _check_managed(reading(), unit_id)
    return _apply(unit_id, RANKING, "ranking")


def _deed(name: str) -> Deed:
    if name not in DEEDS:
        raise NotFound
    return DEEDS[name]


def _apply(unit_id: int, deed: Deed, name: str) -> ResponseReturnValue:
    queries.get(reading(), unit_id)
    try:
        typed = load(deed.schema(), request.form)
        with acting() as work:
            deed.act(work, unit_id, **typed)
            location = answered(work, url_for("organization.unit", unit_id=unit_id))
    except AlreadyAnswered:
        raise
    except REFUSALS as error:
        return _change_form(unit_id, deed, name, error)
    flash(deed.done, "ok")
    return go(location)


def _new_form(typed: Mapping[str, Any], error: KaoheError | None = None) -> ResponseReturnValue:
    session = reading()
    body = render_template(
        "organization/unit_new.html",
        typed=typed,
        errors=errors_of(error) if error else {},
        levels=LEVELS,
        kinds=KINDS,
        parents=unit_options(session, local_day(now()), above=max(Level)),
    )
    return body, status_of(error) if error else 200


def _change_form(unit_id: int, deed: Deed, name: str, error: KaoheError | None = None) -> ResponseReturnValue:
    session, today = reading(), local_day(now())
    unit = queries.get(session, unit_id)
    higher = unit.level if name == "move" else None
    body = render_template(
        "organization/unit_change.html",
        unit=unit,
        deed=deed,
        name=name,
        today=today,
        units=unit_options(session, today, above=higher) if name in {"move", "merge"} else [],
        typed=request.form if error else _as_it_is(unit),
        errors=errors_of(error) if error else {},
    )
    return body, status_of(error) if error else 200


def _as_it_is(unit: Any) -> Mapping[str, Any]:
    return {name: getattr(unit, name) for name in ("name", "short_name", "sequence", "peer_group")} | {
        "ranked": unit.ranked,
        "pilot": unit.pilot,
    }


def _check_managed(session: Session, unit_id: int) -> None:
    """Raises ``NotFound`` for a unit that none of the person's offices keeps."""
    queries.get(session, unit_id)
    if not holds_city_office(session, actor()) and unit_id not in managed_by(session, actor()):
        raise NotFound
