"""The library and the sheet of one indicator."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import InvalidInput, KaoheError, NotFound, RuleBroken
from kaohe_flow.organization.line import queries as lines
from kaohe_flow.organization.officer import queries as people
from kaohe_flow.organization.unit.rules import Titled
from kaohe_flow.scheme.banlist import queries as banlist
from kaohe_flow.scheme.indicator import commands, queries
from kaohe_flow.scheme.indicator.queries import Search
from kaohe_flow.scheme.indicator.rules import OWNERS_WITHOUT_LINE, Mode, Module, VersionState
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.rules import PeriodState
from kaohe_flow.web.common.errors import status_of
from kaohe_flow.web.common.forms import errors_of
from kaohe_flow.web.common.policy import allow, officers
from kaohe_flow.web.common.security import acting, actor, answered, go, reading
from kaohe_flow.web.indicator import drafting, sheet
from kaohe_flow.web.indicator.rights import check_may_change, drafters, may_change
from kaohe_flow.web.indicator.rulings import check_rule

bp = Blueprint("indicator", __name__, url_prefix="/indicators")
bp.register_blueprint(drafting.bp)
bp.register_blueprint(sheet.bp)
OWN_FIELDS: Final = frozenset({"period", "last_period", "reason"})
Word = TypeVar("Word", bound=Titled)


@bp.get("/")
@allow(officers)
def library() -> ResponseReturnValue:
    """All indicators, narrowed by what is asked for."""
    session, asked = reading(), request.args
    search = Search(
        year=asked.get("year", type=int),
        module=_word(Module, "module"),
        mode=_word(Mode, "mode"),
        line=asked.get("line") or None,
        state=_word(VersionState, "state"),
        keyword=asked.get("q", ""),
        number=max(1, asked.get("page", 1, type=int)),
    )
    narrowed = {key: value for key, value in asked.items() if key != "page" and value}
    return render_template(
        "indicator/library.html",
        page=queries.library(session, search),
        search=search,
        narrowed=narrowed,
        years=_years(session),
        modules=_options(Module),
        modes=_options(Mode),
        states=_options(VersionState),
        owners=owners(session),
        may_draft=drafters(actor()),
    )


@bp.get("/<int:indicator_id>")
@allow(officers)
def show(indicator_id: int) -> ResponseReturnValue:
    """Everything an indicator says, in its latest or any earlier wording."""
    return _sheet(indicator_id)


@bp.post("/<int:indicator_id>/effect")
@allow(drafters)
def make_effective(indicator_id: int) -> ResponseReturnValue:
    """Freeze the draft from a period on."""
    check_may_change(reading(), actor(), indicator_id)
    version = queries.latest(reading(), indicator_id)
    try:
        with acting() as work:
            made = commands.make_effective(
                work,
                version.id,
                from_period_id=request.form.get("period", 0, type=int),
                check_rule=check_rule,
            )
            location = answered(work, url_for(".show", indicator_id=indicator_id))
    except (InvalidInput, RuleBroken, NotFound) as error:
        return _sheet(indicator_id, error)
    flash(f"{made.name} 第 {made.number} 版自 {made.valid_from_on} 起生效", "ok")
    return go(location)


@bp.post("/<int:indicator_id>/end")
@allow(drafters)
def retire(indicator_id: int) -> ResponseReturnValue:
    """End the indicator with a period; its past stays."""
    check_may_change(reading(), actor(), indicator_id)
    try:
        with acting() as work:
            commands.retire(
                work,
                indicator_id,
                last_period_id=request.form.get("last_period", 0, type=int),
                reason=request.form.get("reason", ""),
            )
            location = answered(work, url_for(".show", indicator_id=indicator_id))
    except (InvalidInput, RuleBroken, NotFound) as error:
        return _sheet(indicator_id, error)
    flash("指标已停用，以前各期仍按原规则计算", "ok")
    return go(location)


def owners(session: Session) -> dict[str, str]:
    """Who may own an indicator, by code: business lines, the unit itself, discipline."""
    return {
        **{code: line.name for code, line in lines.all_by_code(session).items()},
        **OWNERS_WITHOUT_LINE,
    }


def _sheet(indicator_id: int, error: KaoheError | None = None) -> ResponseReturnValue:
    session = reading()
    versions = queries.versions(session, indicator_id)
    wanted = request.args.get("version", type=int)
    shown = next((one for one in versions if one.number == wanted), versions[0] if versions else None)
    if shown is None:
        raise NotFound
    takes_part = drafters(actor()) and may_change(session, actor(), indicator_id)
    listed = periods.listing(session).rows
    body = render_template(
        "indicator/sheet.html",
        shown=shown,
        versions=versions,
        lineage=[queries.latest(session, one.id) for one in reversed(queries.lineage(session, indicator_id))],
        faults=queries.faults(session, shown.id) if shown.is_draft else (),
        overrides=banlist.overrides(session, commands.subject(shown.indicator)),
        owners=owners(session),
        authors=people.by_ids(session, [one.author_id for one in versions if one.author_id]),
        begins=periods.get(session, shown.valid_from_period_id) if shown.valid_from_period_id else None,
        may_change=takes_part,
        may_issue=drafters(actor()),
        open_periods=[(one.id, _told(one)) for one in listed if one.state is PeriodState.OPEN],
        errors=_beside(errors_of(error)) if error else {},
        typed=request.form if error else {},
    )
    return body, status_of(error) if error else 200


def _beside(errors: dict[str, list[str]]) -> dict[str, list[str]]:
    """Faults of the few fields of this page beside them, those of the draft (its form is elsewhere) above."""
    here = {name: said for name, said in errors.items() if name in OWN_FIELDS}
    above = [text for name, said in errors.items() if name not in OWN_FIELDS for text in said]
    return {**({"": above} if above else {}), **here}


def _told(period: Any) -> str:
    return f"{period.name}（{period.starts_on} 起）"


def _word(words: type[Word], name: str) -> Word | None:
    text = request.args.get(name, "")
    return words(text) if text in {word.value for word in words} else None


def _options(words: type[Titled]) -> list[tuple[str, str]]:
    return [(word.value, word.label) for word in words]


def _years(session: Session) -> list[tuple[int, str]]:
    ends = {period.ends_on.year for period in periods.listing(session).rows}
    return [(year, f"{year} 年") for year in sorted(ends, reverse=True)]
