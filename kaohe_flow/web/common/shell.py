"""What the shell of every page shows: navigation, the person, the period and how long until its cut-off."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.organization.account.queries import AccountView
from kaohe_flow.organization.account.rules import IDLE
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.rules import PeriodNotFound, PeriodState
from kaohe_flow.web.common.filters import left
from kaohe_flow.web.common.policy import policy_of
from kaohe_flow.web.common.security import clock, now, reading
from kaohe_flow.workflow.inbox import queries as inbox
from kaohe_flow.workflow.inbox.rules import Box

NAVIGATION: Final = (
    (
        "工作台",
        (
            ("待办任务", "inbox.show", "inbox"),
            ("我的指标", "submission.mine", "target"),
            ("我的得分", "score.mine", "sigma"),
            ("复议办理", "appeal.mine", "scale"),
            ("惩罚扣分", "penalty.listing", "minus-circle"),
            ("奖励加分", "reward.listing", "medal"),
        ),
    ),
    (
        "考核管理",
        (
            ("指标库", "indicator.library", "list"),
            ("下达分解", "issuance.overview", "split"),
            ("考核周期", "period.listing", "calendar"),
            ("排名分析", "ranking.show", "chart"),
            ("封存后更正", "correction.listing", "history"),
            ("组织机构", "organization.tree", "tree"),
        ),
    ),
    (
        "系统管理",
        (
            ("考核方案", "plan.listing", "book"),
            ("负面清单", "banlist.listing", "x-circle"),
            ("业务线", "line.listing", "link"),
            ("回避关系", "relation.listing", "shield"),
            ("账号", "register.listing", "key"),
            ("审计", "audit.listing", "report"),
        ),
    ),
    ("流程配置", (("流程图", "process.catalogue", "flow"),)),
)


def register(app: Flask) -> None:
    """Give every template its shell."""
    app.context_processor(_shell)


def _shell() -> dict[str, Any]:
    person = g.get("person")
    if person is None or not current_user.is_authenticated:
        return {"nav": None, "me": None, "bureau": current_app.config["BUREAU"]}
    actor: Actor = person.actor
    menu = [
        {"label": "修改密码", "url": url_for("account.password"), "icon": "key"},
        {"label": "退出登录", "url": url_for("account.logout"), "icon": "logout", "post": True},
    ]
    return {
        "bureau": current_app.config["BUREAU"],
        "nav": _navigation(actor),
        "me": _me(person.account, actor),
        "period": _period(),
        "account_menu": menu,
        "session_notice": {"seconds": _seconds_left(), "renew_url": url_for("account.password")},
    }


def _seconds_left() -> int:
    """How long the session lives without another request."""
    left_at_all = (g.session_expires_at - clock()).total_seconds()
    return max(1, int(min(IDLE.total_seconds(), left_at_all)))


def _navigation(actor: Actor) -> list[dict[str, Any]]:
    waiting = inbox.counts(reading(), actor) if actor.officer_id is not None else {}
    groups = []
    for title, entries in NAVIGATION:
        items = [
            {
                "label": label,
                "url": url_for(endpoint),
                "icon": icon,
                "active": (request.endpoint or "").partition(".")[0] == endpoint.partition(".")[0],
                "count": sum(waiting.values()) if endpoint == "inbox.show" else 0,
                "hot": bool(waiting.get(Box.MINE)),
                "live": url_for("inbox.count") if endpoint == "inbox.show" else "",
            }
            for label, endpoint, icon in entries
            if endpoint in current_app.view_functions and policy_of(_app(), endpoint)(actor)
        ]
        if items:
            groups.append({"title": title, "items": items})
    return groups


def _me(account: AccountView, actor: Actor) -> dict[str, str]:
    if actor.officer_id is None:
        return {"name": account.username, "post": "", "unit": account.kind.label}
    session = reading()
    officer = officers.get(session, actor.officer_id)
    unit = officers.unit_on(session, actor.officer_id, local_day(now()))
    return {"name": officer.name, "post": officer.post or "", "unit": unit.name if unit else ""}


def _period() -> dict[str, str] | None:
    try:
        period = periods.current(reading(), now())
    except PeriodNotFound:
        return None
    if period.state is PeriodState.RESULT_SEALED:
        return {"label": period.name, "seal": "已封存", "level": "sealed"}
    if period.state is not PeriodState.OPEN:
        return {"label": period.name, "seal": period.state.label, "level": "orange"}
    days = (period.cutoff_at - now()).days
    level = "red" if days < 1 else "orange" if days < 3 else "yellow" if days < 7 else ""  # noqa: PLR2004
    return {"label": period.name, "seal": f"距报送截止{left(period.cutoff_at, now())}", "level": level}


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
