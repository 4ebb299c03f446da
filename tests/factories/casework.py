"""A bureau at work: the city in miniature, an open month, a scheme, the shipped diagrams, a file store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kaohe_flow.app import delegates, runtime
from kaohe_flow.casework.submission import commands as claims
from kaohe_flow.casework.submission.model import Claim
from kaohe_flow.casework.submission.rules import ClaimContent, Finding, Quality
from kaohe_flow.cli.installation import shipped_decisions
from kaohe_flow.jobs.worker import pass_once
from kaohe_flow.kernel.actor import CLOCK, Actor
from kaohe_flow.kernel.calendar import local_day
from kaohe_flow.kernel.unit_of_work import Database, Work
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.queries import principals_of
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.records.attachment import commands as attachments
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.scheme.plan.commands import adopt
from kaohe_flow.settings import bundle
from kaohe_flow.workflow.deployment.commands import deploy
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.model import Task
from tests.factories import organization, scheme
from tests.factories.organization import MiniCity
from tests.factories.scheme import Sheet

HALF_A_DAY = timedelta(hours=12)
NOON = datetime(2026, 11, 10, 4, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PLAN = """
format: 1
id: mini
name: 小城考核方案
sheets:
  - id: officer_month
    for: {kind: officer}
    period: {kind: month, first_day: 26}
    coefficients: {identities: {岗位能手: 1.35, 见习期: 0.85}}
    modules:
      - {id: business, name: 业务工作}
      - {id: team, name: 队伍建设}
      - {id: incentive, name: 激励加分, cap: 20}
    items:
      - {id: BIZ-07, name: 矛盾纠纷化解, module: business, mode: reward, points: 2, cap: 12}
      - {id: BIZ-09, name: 专项行动, module: business, mode: reward, rule: judged, max: 5, cap: 10}
      - {id: TEAM-08, name: 投诉查实, module: team, mode: penalty, points: 3}
      - {id: REW-01, name: 嘉奖, module: incentive, mode: reward, rule: judged, max: 5, cap: 10}
    rankings:
      - {id: sequence, name: 序列内排名, within: sequence}
  - id: unit_month
    for: {kind: unit}
    period: {kind: month, first_day: 26}
    modules:
      - {id: team, name: 队伍建设}
    items:
      - {id: TEAM-08, name: 投诉查实（单位）, module: team, mode: penalty, points: 1}
    rankings:
      - {id: sequence, name: 序列内排名, within: sequence}
"""


@dataclass
class Bureau:
    """Everything a test of casework needs, and verbs to move it."""

    database: Database
    files: FileStore
    city: MiniCity
    sheet: Sheet
    assignments: dict[str, int]
    now: datetime = field(default=NOON)

    @contextmanager
    def acting(self, officer_id: int | None = None, at: datetime | None = None) -> Iterator[Work]:
        """A transaction of an officer with the competences of the day, or of the clock."""
        moment = at or self.now
        actor = CLOCK
        if officer_id is not None:
            with self.database.read() as session:
                name = officers.get(session, officer_id).name
                actor = Actor(officer_id, name, principals_of(session, officer_id, local_day(moment)))
        with self.database.write_tx(actor, moment) as work:
            yield work

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A read-only look."""
        with self.database.read() as session:
            yield session

    def pass_until(self, moment: datetime) -> None:
        """Time goes by: the runner wakes up every twelve hours, and at the very moment."""
        while self.now < moment:
            self.now = min(moment, self.now + HALF_A_DAY)
            pass_once(self.database, self.now)

    def judged(self) -> str:
        """One more indicator handed down to Wang, whose points the reviewer judges; returns its code."""
        with self.database.write_tx(scheme.OFFICE, NOON) as work:
            version = scheme.effective(work, "BIZ-09", self.sheet.period, name="专项行动")
            self.assignments["BIZ-09"] = scheme.assigned(work, version, self.city.wang, self.city.station).id
        return "BIZ-09"

    def submit(self, officer_id: int, code: str = "BIZ-07", **changes: object) -> str:
        """A claim with evidence, submitted; returns its case key."""
        typed = {
            "summary": "化解邻里纠纷，双方当场签订调解协议并履行。",
            "happened_on": date(2026, 11, 5),
            "count": Decimal(1),
            **changes,
        }
        with self.acting(officer_id) as work:
            claim = claims.draft(work, self.assignments[code], ClaimContent(**typed))  # type: ignore[arg-type]
            attachments.attach(work, self.files, claim.case_key, [Upload("调解协议.pdf", PDF)])
            claims.submit(work, claim.id)
            return claim.case_key

    def task(self, case_key: str, step_id: str) -> int:
        """The open task of a case at a step."""
        with self.reading() as session:
            instance = running.of_case(session, case_key)
            assert instance is not None
            open_ones = running.open_tasks(session, instance.id)
            return next(task.id for task in open_ones if task.step_id == step_id)

    def waiting(self, case_key: str) -> list[str]:
        """Steps a case waits at."""
        with self.reading() as session:
            instance = running.of_case(session, case_key)
            assert instance is not None
            return [task.step_id for task in running.open_tasks(session, instance.id)]

    def review(self, officer_id: int, case_key: str, step_id: str, finding: Finding) -> None:
        """A verdict by an officer."""
        task_id = self.task(case_key, step_id)
        with self.acting(officer_id) as work:
            claims.review(work, task_id, finding)

    def approve(self, case_key: str, quality: Quality = Quality.EXCELLENT, **found: object) -> None:
        """Both reviews pass: by the unit's admin and the county's line reviewer."""
        self.review(self.city.qian, case_key, "unit_check", Finding("pass"))
        finding = Finding("approve", quality=quality, **found)  # type: ignore[arg-type]
        self.review(self.city.wu, case_key, "line_review", finding)

    def claim_of(self, case_key: str) -> Claim:
        """The claim as it stands."""
        with self.reading() as session:
            return session.scalars(select(Claim).where(Claim.id == int(case_key.partition(":")[2]))).one()

    def task_row(self, task_id: int) -> Task:
        """A task as it stands."""
        with self.reading() as session:
            return running.task(session, task_id)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What a furnished database holds, so that copies of it need not look."""

    city: MiniCity
    sheet: Sheet
    assignments: dict[str, int]


def connect(engine: Engine) -> Database:
    """The database with the engine room that its sessions carry."""
    return Database(engine, runtime=runtime(b"k" * 32))


def furnish(engine: Engine) -> Furniture:
    """Put the mini city, its month, scheme and diagrams into a migrated, empty database."""
    database, known = connect(engine), delegates()
    with database.write_tx(scheme.OFFICE, NOON) as work:
        city = organization.build(work)
        roles.grant(work, roles.Grant(city.chen, Role.OFFICE, city.county, Span(organization.FOUNDED)))
        sheet = scheme.sheet(work)
        versions = {"BIZ-07": sheet.task, "TEAM-08": sheet.penalty, "REW-01": sheet.reward}
        assignments = {
            code: scheme.assigned(work, version, city.wang, city.station).id
            for code, version in versions.items()
        }
        adopt(work, PLAN, sheet.period.starts_on)
    for path in sorted((bundle() / "bpmn").glob("*.bpmn")):
        if path.stem.rpartition("_v")[0] in known:
            with database.write_tx(CLOCK, NOON) as work:
                content = path.read_bytes()
                deploy(work, content, decisions=shipped_decisions(content))
    return Furniture(city, sheet, assignments)


def open_bureau(engine: Engine, furniture: Furniture, folder: Path) -> Bureau:
    """A bureau on a furnished database."""
    files = FileStore(folder / "files")
    return Bureau(connect(engine), files, furniture.city, furniture.sheet, furniture.assignments)
