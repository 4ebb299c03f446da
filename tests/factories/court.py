"""A bureau with a second person in the city's office, and the verbs of an appeal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kaohe_flow.casework.appeal import commands as appeals
from kaohe_flow.casework.appeal import queries
from kaohe_flow.casework.appeal.model import Appeal, AppealRuling, AppealRung
from kaohe_flow.casework.appeal.rules import Outcome, Petition
from kaohe_flow.casework.appeal.rules.contested import Relief
from kaohe_flow.casework.appeal.rules.ruling import Ruling
from kaohe_flow.casework.submission.rules import Finding, Quality
from kaohe_flow.organization.officer import commands as officers
from kaohe_flow.organization.officer.rules import NewOfficer, OfficerKind
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from tests.factories.casework import PDF, Bureau
from tests.factories.organization import FOUNDED

GROUNDS = "调解协议已于当日签字并上传系统，审核意见所称缺少签字页与事实不符，请予更正。"
REASONS = "经查阅原始记录，事实清楚，依据充分。"


@dataclass
class Court:
    """A bureau where appeals are heard. ``hou`` sits in the city's office and holds nothing else."""

    bureau: Bureau
    hou: int

    def rejected(self, **changes: object) -> str:
        """A claim that the station's admin sent back; it waits to be mended."""
        case_key = self.bureau.submit(self.bureau.city.wang, **changes)  # type: ignore[arg-type]
        finding = Finding("reject", "缺少签字页")
        self.bureau.review(self.bureau.city.qian, case_key, "unit_check", finding)
        return case_key

    def scored(self, quality: Quality = Quality.FAIR, **changes: object) -> str:
        """A claim that the county's reviewer scored."""
        case_key = self.bureau.submit(self.bureau.city.wang, **changes)  # type: ignore[arg-type]
        self.bureau.approve(case_key, quality)
        return case_key

    def file(
        self, contested_key: str, grounds: str = GROUNDS, at: datetime | None = None, by: int | None = None
    ) -> str:
        """An appeal with one file, by the officer unless told otherwise."""
        enclosed = appeals.Enclosures(self.bureau.files, [Upload("原始记录.pdf", PDF)])
        with self.bureau.acting(by or self.bureau.city.wang, at=at) as work:
            return appeals.file(work, contested_key, Petition(grounds), enclosed).case_key

    def rule(
        self,
        officer_id: int,
        appeal_key: str,
        outcome: Outcome,
        reasons: str = REASONS,
        at: datetime | None = None,
        **figures: object,
    ) -> None:
        """A ruling at whatever rung the appeal is on."""
        (step,) = self.bureau.waiting(appeal_key)
        task_id = self.bureau.task(appeal_key, step)
        with self.bureau.acting(officer_id, at=at) as work:
            appeals.rule(work, task_id, Ruling(outcome, reasons, Relief(**figures)))  # type: ignore[arg-type]

    def answer(self, appeal_key: str, outcome: str, at: datetime | None = None) -> None:
        """The appellant accepts or climbs."""
        task_id = self.bureau.task(appeal_key, "accept_or_climb")
        with self.bureau.acting(self.bureau.city.wang, at=at) as work:
            appeals.answer(work, task_id, outcome)

    def appeal(self, appeal_key: str) -> Appeal:
        """The appeal as it stands."""
        with self.bureau.reading() as session:
            return queries.by_case_key(session, appeal_key)

    def rungs(self, appeal_key: str) -> list[AppealRung]:
        """The ladder so far."""
        with self.bureau.reading() as session:
            return list(queries.rungs(session, queries.by_case_key(session, appeal_key).id))

    def rulings(self, appeal_key: str) -> list[AppealRuling]:
        """What was decided so far."""
        with self.bureau.reading() as session:
            return list(queries.rulings(session, queries.by_case_key(session, appeal_key).id))

    def points(self) -> Decimal:
        """The appellant's booked points of the month."""
        return sum(self.sums().values(), start=Decimal(0))

    def sums(self) -> Mapping[str, Decimal]:
        """The same by module."""
        with self.bureau.reading() as session:
            period_id = self.bureau.sheet.period.id
            return ledger.sums(session, period_id, SubjectKind.OFFICER, self.bureau.city.wang)


def seat(bureau: Bureau) -> Court:
    """Put ``hou`` into the city's office."""
    with bureau.acting() as work:
        person = NewOfficer("100099", "侯平", OfficerKind.OFFICER, "考核办干事")
        hou = officers.hire(work, person, unit_id=bureau.city.bureau, since=FOUNDED).id
        roles.grant(work, roles.Grant(hou, Role.OFFICE, bureau.city.bureau, Span(FOUNDED)))
    return Court(bureau, hou)
