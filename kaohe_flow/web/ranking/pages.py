"""Rankings of officers and units of a period."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.organization.officer import queries as people
from kaohe_flow.results.ranking import queries as ranking
from kaohe_flow.results.ranking.gateway import as_workbook
from kaohe_flow.results.ranking.rules import OFFICER, Standing, own_group, zero_list
from kaohe_flow.results.sealing import queries
from kaohe_flow.results.sealing.rules import SNAPSHOT_TITLES
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.rules import PeriodState
from kaohe_flow.web.common.download import EXCEL, download
from kaohe_flow.web.common.filters import points
from kaohe_flow.web.common.policy import allow, officers
from kaohe_flow.web.common.scope import scope_of
from kaohe_flow.web.common.security import actor, now, reading

bp = Blueprint("ranking", __name__, url_prefix="/rankings")
BARS = 10


@bp.get("/")
@allow(officers)
def show() -> ResponseReturnValue:
    """One kind of subject in one group of one period."""
    session = reading()
    period = periods.asked_for(session, request.args.get("period"), now())
    kind = _kind()
    own = _own(session, kind)
    version = request.args.get("version", type=int)
    standings = queries.standings(session, period, version)
    versions = queries.versions(session, period.id)
    everybody = standings.of_kind(kind)
    seats = ranking.seats(session, everybody, period.ends_on)
    groups = standings.groups(kind, seats)
    within = scope_of(session, actor()).unit_ids
    group = request.args.get("group")
    if group not in groups:
        group = own_group(everybody, groups, own)
    rows = [row for row in everybody if row.group == group]
    ranked = [row for row in rows if row.place is not None]
    return render_template(
        "ranking/show.html",
        shown=period,
        listing=periods.listing(session).rows,
        kind=kind,
        groups=groups,
        group=group,
        rows=rows,
        ranked=ranked,
        modules=_modules(rows),
        zero=zero_list(rows),
        figures=_bars(ranked[:BARS], own),
        own=own,
        readable={
            row.subject
            for row in rows
            if row.subject == own or (row.subject in seats and seats[row.subject].unit_id in within)
        },
        is_early=period.state is PeriodState.OPEN,
        is_final=standings.is_final,
        versions=versions,
        version_titles=SNAPSHOT_TITLES,
        kept=queries.shown(period, versions, version),
    )


@bp.get("/export.xlsx")
@allow(officers)
def export() -> ResponseReturnValue:
    """The whole ranking of a period as a workbook."""
    session = reading()
    period = periods.asked_for(session, request.args.get("period"), now())
    kind = _kind()
    version = request.args.get("version", type=int)
    standings = queries.standings(session, period, version)
    suffix = f"第{version}版" if version else ""
    title = f"{period.name}{'单位' if kind == 'unit' else '民警'}排名{suffix}"
    content = as_workbook(title, standings.of_kind(kind), is_final=standings.is_final)
    return download(content, f"{title}.xlsx", EXCEL)


def _kind() -> str:
    return "unit" if request.args.get("kind") == "unit" else OFFICER


def _own(session: Session, kind: str) -> str:
    """The viewer, or the viewer's unit, as a subject."""
    who = actor().officer_id
    if kind == OFFICER or who is None:
        return f"{OFFICER}:{who}"
    unit = people.unit_on(session, who, local_day(now()))
    return f"unit:{unit.id}" if unit else ""


def _modules(rows: list[Standing]) -> list[str]:
    return list(dict.fromkeys(title for row in rows for title, _ in row.modules))


def _bars(rows: list[Standing], own: str) -> dict[str, Any]:
    return {
        "mark": next((index for index, row in enumerate(rows) if row.subject == own), None),
        "labels": [row.name for row in rows],
        "totals": [points(row.points) for row in rows],
        "unit": "分",
        "series": [
            {
                "name": title,
                "values": [
                    str(value) if (value := dict(row.modules).get(title)) is not None else None
                    for row in rows
                ],
            }
            for title in _modules(rows)
        ],
    }
