"""Rankings of officers and units of a period."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from kaohe_flow.results.ranking.gateway import as_workbook
from kaohe_flow.results.ranking.rules import Standing, zero_list
from kaohe_flow.results.sealing import queries
from kaohe_flow.results.sealing.rules import SNAPSHOT_TITLES
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.web.common.download import EXCEL, download
from kaohe_flow.web.common.filters import points
from kaohe_flow.web.common.policy import allow, officers
from kaohe_flow.web.common.security import actor, now, reading

bp = Blueprint("ranking", __name__, url_prefix="/rankings")
BARS = 10


@bp.get("/")
@allow(officers)
def show() -> ResponseReturnValue:
    """One kind of subject in one group of one period."""
    session = reading()
    code = request.args.get("period")
    period = periods.by_code(session, code) if code else periods.current(session, now())
    kind = "unit" if request.args.get("kind") == "unit" else "officer"
    version = request.args.get("version", type=int)
    standings = queries.standings(session, period, version)
    versions = queries.versions(session, period.id)
    groups = standings.groups(kind)
    group = request.args.get("group") or (groups[0] if groups else "")
    rows = [row for row in standings.of_kind(kind) if row.group == group]
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
        figures=_bars(ranked[:BARS]),
        own=f"officer:{actor().officer_id}",
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
    period = periods.by_code(session, request.args.get("period", ""))
    kind = "unit" if request.args.get("kind") == "unit" else "officer"
    version = request.args.get("version", type=int)
    standings = queries.standings(session, period, version)
    suffix = f"第{version}版" if version else ""
    title = f"{period.name}{'单位' if kind == 'unit' else '民警'}排名{suffix}"
    content = as_workbook(title, standings.of_kind(kind), is_final=standings.is_final)
    return download(content, f"{title}.xlsx", EXCEL)


def _modules(rows: list[Standing]) -> list[str]:
    return list(dict.fromkeys(title for row in rows for title, _ in row.modules))


def _bars(rows: list[Standing]) -> dict[str, Any]:
    return {
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
