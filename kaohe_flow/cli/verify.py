"""Checking what is on record: chains, facts, sums, kept results, files. Reads only, ends at a fault."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import click
from sqlalchemy.orm import Session

from kaohe_flow.app import create_app
from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.records.attachment import queries as attachments
from kaohe_flow.records.attachment.gateway import FileMissing, FileStore
from kaohe_flow.records.audit import queries as audit
from kaohe_flow.results.sealing import queries as sealing
from kaohe_flow.schema import is_current
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.queries import integrity
from kaohe_flow.settings import from_environment


@dataclass(frozen=True, slots=True)
class Check:
    """One check that was made: what, how much of it, and the first fault in words ('' for none)."""

    title: str
    counted: str
    fault: str = ""


@click.command("verify")
def verify() -> None:
    """核验留痕：审计链、记分流水链、结果版本链、封存总分、汇总数、附件。发现问题即停止并以非零状态退出。"""
    app = create_app(from_environment())
    database: Database = app.extensions["kaohe_database"]
    if not is_current(database.engine):
        raise click.ClickException("数据库版本与程序不一致，请先执行 kaohe db upgrade")
    with database.read() as session:
        for made in checks(session, app.extensions["kaohe_files"]):
            click.echo(f"{made.title}：{made.counted}，{made.fault or '完整'}")
            if made.fault:
                sys.exit(1)


def checks(session: Session, files: FileStore) -> Iterator[Check]:
    """All checks in their order, on one consistent view of the database."""
    for check in CHECKS:
        yield check(session)
        session.expunge_all()  # what was looked at need not be kept
    yield _files(session, files)


def _audit(session: Session) -> Check:
    broken = audit.first_broken(session)
    fault = f"第 {broken} 条缺失或被改动" if broken else ""
    return Check("审计链", f"{audit.count(session)} 条", fault)


def _ledgers(session: Session) -> Check:
    def fault(period: Period) -> str:
        broken = integrity.first_broken(session, period.id)
        return f"第 {broken} 条流水缺失或被改动" if broken else ""

    known = periods.every(session)
    counted = f"{len(known)} 个考核期，{sum(integrity.count(session, one.id) for one in known)} 条流水"
    return Check("记分流水链", counted, _first(known, fault))


def _facts(session: Session) -> Check:
    def fault(period: Period) -> str:
        holding = {one.id for one in ledger.facts_in(session, period.id)}
        altered = integrity.first_altered_fact(session, period.id, holding)
        return f"第 {altered} 条流水所依据的事实被改动、撤销或缺失" if altered else ""

    known = periods.every(session)
    return Check("记分事实", f"{integrity.count_facts(session)} 条", _first(known, fault))


def _sums(session: Session) -> Check:
    def fault(period: Period) -> str:
        wrong = integrity.first_wrong_sum(session, period.id)
        return f"{wrong[0]}:{wrong[1]} 的 {wrong[2]} 汇总数与流水不符" if wrong else ""

    known = periods.every(session)
    return Check("汇总数", f"{integrity.count_sums(session)} 项", _first(known, fault))


def _snapshots(session: Session) -> Check:
    def fault(period: Period) -> str:
        altered = sealing.first_altered(session, period.id)
        return f"第 {altered} 版结果被改动或缺失" if altered else ""

    known = periods.every(session)
    versions = sum(len(sealing.versions(session, one.id)) for one in known)
    return Check("结果版本链", f"{versions} 版", _first(known, fault))


def _totals(session: Session) -> Check:
    def fault(period: Period) -> str:
        try:
            return sealing.first_differing(session, period)
        except KaoheError as error:
            return f"无法重算：{error}"

    sealed = [one for one in periods.every(session) if one.is_sealed]
    return Check("封存总分重算", f"{len(sealed)} 个已封存考核期", _first(sealed, fault))


def _files(session: Session, files: FileStore) -> Check:
    counted = 0
    for counted, (case_key, name, digest) in enumerate(attachments.every(session), start=1):
        try:
            files.get(digest)
        except FileMissing:
            return Check("附件", f"已查 {counted} 个", f"{case_key} 的《{name}》缺失或被改动")
    return Check("附件", f"{counted} 个")


def _first(known: Iterable[Period], fault: Callable[[Period], str]) -> str:
    """The first fault of any period, with its name."""
    for period in known:
        found = fault(period)
        if found:
            return f"{period.name}{found}"
    return ""


CHECKS: Final = (_audit, _ledgers, _facts, _sums, _snapshots, _totals)
