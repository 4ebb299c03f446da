"""Accounts to try the city with: one for every part in the procedure, and the three administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kaohe_flow.demo.people import Crowd
from kaohe_flow.kernel.actor import CLOCK
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.organization.account.commands import create_account
from kaohe_flow.organization.account.rules import AccountKind, NewAccount

PASSWORD: Final = "demo-2026-kaohe"  # noqa: S105 - printed at every start, for invented people only

OFFICERS: Final = (
    ("minjing", "民警（城关派出所，申报人）"),
    ("neiqin", "单位内勤（城关派出所）"),
    ("shenhe", "归口审核（青松县局治安线）"),
    ("shenhe2", "归口审核（青松县局法制线、治安线）"),
    ("xianban", "县局考核办（青松县公安局）"),
    ("shiban", "市局考核办"),
    ("zhiban", "市直机关考核办"),
    ("jijian", "市局纪检（复议终局、处分类指标）"),
    ("ducha", "市局警务督察"),
    ("zhengzhi", "市局政治部（奖励）"),
    ("lingdao", "领导小组成员（局长）"),
    ("minjing2", "民警（市直部门治安支队）"),
)
ADMINISTRATORS: Final = (
    ("liucheng", "系统管理员（流程管理员）", AccountKind.SYSADMIN),
    ("anquan", "安全管理员", AccountKind.SECADMIN),
    ("shenji", "审计管理员", AccountKind.AUDITOR),
)


def hand_out(database: Database, crowd: Crowd, moment: datetime) -> None:
    """Create the accounts; nobody has to change the password first."""
    wanted = [
        NewAccount(username, PASSWORD, officer_id=crowd.called(username).id, must_change_password=False)
        for username, _ in OFFICERS
    ]
    wanted += [
        NewAccount(username, PASSWORD, kind=kind, must_change_password=False)
        for username, _, kind in ADMINISTRATORS
    ]
    with database.write_tx(CLOCK, moment) as work:
        for new in wanted:
            create_account(work, new)
