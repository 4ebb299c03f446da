"""A bureau with something of everything on its way, and what may stand in the addresses of its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kaohe_flow.casework.appeal.rules import Outcome
from kaohe_flow.casework.penalty import commands as penalties
from kaohe_flow.casework.penalty.rules.defence import Reply, ReplyKind
from kaohe_flow.casework.penalty.rules.finding import Accusation, Figures
from kaohe_flow.casework.reward import commands as rewards
from kaohe_flow.casework.reward.model import Reward
from kaohe_flow.casework.reward.rules.claim import RewardContent, RewardKind, RewardVerdict
from kaohe_flow.casework.submission import commands as claims
from kaohe_flow.casework.submission.model import Claim
from kaohe_flow.casework.submission.rules import ClaimContent, Finding
from kaohe_flow.organization.account.commands import create_account
from kaohe_flow.organization.account.rules import NewAccount
from kaohe_flow.organization.line.model import BusinessLine
from kaohe_flow.organization.role import commands as roles
from kaohe_flow.organization.role.rules import Role
from kaohe_flow.organization.unit.rules import Span
from kaohe_flow.records.attachment.commands import Upload
from kaohe_flow.records.attachment.model import Attachment
from kaohe_flow.results.correction import commands as corrections
from kaohe_flow.scheme.indicator import commands as indicators
from kaohe_flow.scheme.indicator.model import Indicator, IndicatorVersion
from kaohe_flow.scheme.issuance import commands as issuance
from kaohe_flow.scheme.issuance import queries as issued
from kaohe_flow.scheme.issuance.model import Assignment
from kaohe_flow.scheme.issuance.rules import Order, Part
from kaohe_flow.scheme.period import queries as periods
from kaohe_flow.scheme.period.model import Period
from kaohe_flow.scheme.plan.model import Plan
from kaohe_flow.scorebook.ledger import queries as ledger
from kaohe_flow.scorebook.ledger.rules import SubjectKind
from kaohe_flow.web.organization.units import DEEDS
from kaohe_flow.workflow.deployment.model import Deployment
from kaohe_flow.workflow.inbox.rules import Box
from kaohe_flow.workflow.instance import commands as instances
from kaohe_flow.workflow.instance import queries as running
from kaohe_flow.workflow.instance.model import InstanceState, ProcessInstance, Task
from tests.factories import scheme
from tests.factories.casework import PDF, Bureau
from tests.factories.court import Court, seat
from tests.factories.organization import FOUNDED

IN_DECEMBER = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)
LATELY = date(2026, 12, 5)
HONOUR = RewardContent(
    kind=RewardKind.HONOUR,
    title="个人嘉奖",
    document_no="云公政（2026）88号",
    deed="12·3溺水救援",
    summary="12月3日跳入冰冷河水救起落水儿童两名，受到群众称赞。",
    happened_on=LATELY,
)
FOUND = RewardVerdict("approve", "与命令一致", kind=RewardKind.HONOUR, points=Decimal(5))
AGREED = RewardVerdict("approve")
DECIDES = {"approve_issue": issuance.rule_on, "acknowledge": issuance.answer}
HALTED = ProcessInstance.state == InstanceState.INCIDENT
Values = Mapping[str, Sequence[object]]


@dataclass
class Busy:
    """November sealed and under correction; in December, cases at every step that people wait at."""

    court: Court
    values: Values


def fill(bureau: Bureau) -> Busy:
    """Put work on everybody's desk."""
    court = seat(bureau)
    with bureau.acting() as work:
        grant = roles.Grant(bureau.city.zheng, Role.OFFICE, bureau.city.bureau, Span(FOUNDED))
        roles.grant(work, grant)
    court.scored(count=Decimal(3))
    bureau.pass_until(IN_DECEMBER)
    _correct(bureau)
    contestable = _report(court)
    _find(bureau)
    _honour(bureau)
    _issue(bureau)
    _halt(bureau)
    with bureau.acting() as work:
        account_id = create_account(work, NewAccount("lijun", "Any-words-2026", officer_id=bureau.city.li)).id
    with bureau.reading() as session:
        return Busy(court, {**values(session, bureau, contestable), "account_id": [account_id]})


def values(session: Session, bureau: Bureau, contestable: str) -> Values:
    """Values by the name they have in addresses: everything there is of a kind; of tasks one per step, of
    cases one per process, with one that may still be contested and one for which it is too late."""
    open_last = select(Task).options(joinedload(Task.instance)).order_by(Task.closed_at.is_(None), Task.id)
    steps = {(task.instance.process_key, task.step_id): task.id for task in session.scalars(open_last)}
    cases = {case.process_key: case.case_key for case in session.scalars(select(ProcessInstance))}
    return {
        "task_id": list(steps.values()),
        "case_key": [*cases.values(), contestable, "submission:1"],
        "box": [box.value for box in Box],
        "kind": ["officer", "unit", "xlsx", "csv"],
        "subject_id": [bureau.city.wang, bureau.city.station],
        "filename": ["dist/manifest.json"],
        "officer_id": [bureau.city.wang],
        "unit_id": [bureau.city.station],
        "claim_id": session.scalars(select(Claim.id)).all(),
        "reward_id": session.scalars(select(Reward.id)).all(),
        "attachment_id": session.scalars(select(Attachment.id)).all(),
        "assignment_id": session.scalars(select(Assignment.id)).all(),
        "indicator_id": session.scalars(select(Indicator.id).order_by(Indicator.id.desc())).all(),
        "version_id": session.scalars(select(IndicatorVersion.id)).all(),
        "period_id": session.scalars(select(Period.id)).all(),
        "deployment_id": session.scalars(select(Deployment.id)).all(),
        "instance_id": session.scalars(select(ProcessInstance.id).where(HALTED)).all(),
        "plan_id": session.scalars(select(Plan.id)).all(),
        "code": session.scalars(select(BusinessLine.code)).all(),
        "deed": sorted(DEEDS),
    }


def _halt(bureau: Bureau) -> None:
    """A claim that its engine cannot move."""
    case_key = bureau.submit(bureau.city.wang, happened_on=LATELY)
    with bureau.acting() as work:
        instance = running.of_case(work.session, case_key)
        assert instance is not None
        instances.raise_incident(work, instance.id, "unit_check：条件里的变量没有值")


def _correct(bureau: Bureau) -> None:
    """The office doubts what was sealed."""
    with bureau.reading() as session:
        (fact,) = ledger.live_facts_of_case(session, "submission:1")
    proposal = corrections.Proposal(
        period_id=bureau.sheet.period.id,
        subject_kind=SubjectKind.OFFICER,
        subject_id=bureau.city.wang,
        reason="审计发现三件中两件系重复登记，实际只办结一件。",
        document_no="审计通报2026第9号",
        overturn=(fact.id,),
    )
    with bureau.acting(bureau.city.chen) as work:
        corrections.propose(work, proposal)


def _report(court: Court) -> str:
    """Claims: contested at both steps of an appeal, returned, under review, not yet sent; returns the one
    that may still be contested."""
    bureau = court.bureau
    court.file(court.scored(happened_on=LATELY))
    court.rule(court.hou, court.file(court.scored(happened_on=LATELY)), Outcome.UPHOLD)
    contestable = court.scored(happened_on=LATELY)
    court.rejected(happened_on=LATELY)
    bureau.submit(bureau.city.wang, happened_on=LATELY)
    waiting = bureau.submit(bureau.city.wang, happened_on=LATELY)
    bureau.review(bureau.city.qian, waiting, "unit_check", Finding("pass"))
    with bureau.acting(bureau.city.wang) as work:
        content = ClaimContent("化解邻里纠纷，尚在履行。", LATELY, count=Decimal(1))
        claims.draft(work, bureau.assignments["BIZ-07"], content)
    return contestable


def _find(bureau: Bureau) -> None:
    """Two findings against Wang: one waits for his answer, one for the decision."""
    city = bureau.city
    found = Accusation(
        officer_id=city.wang,
        indicator_version_id=bureau.sheet.penalty.id,
        happened_on=LATELY,
        found_on=LATELY,
        basis="信访查处结论（2026）第17号",
        description="12月5日窗口接待群众时态度生硬，经查证属实。",
        figures=Figures(count=Decimal(1)),
    )
    for _ in range(2):
        with bureau.acting(city.zheng) as work:
            case_key = penalties.accuse(work, found, bureau.files, [Upload("查处结论.pdf", PDF)]).case_key
    task_id = bureau.task(case_key, "reply")
    reply = Reply(ReplyKind.DEFEND, ("当日在处置另一起警情，有接处警记录为证。",))
    with bureau.acting(city.wang) as work:
        penalties.reply(work, task_id, reply, bureau.files, [])


def _honour(bureau: Bureau) -> None:
    """Rewards at every step, one on show, one objected to."""
    city = bureau.city
    judges = ((city.qian, RewardVerdict("pass", "情况属实")), (city.wu, FOUND), (city.zheng, AGREED))
    for passed in (0, 1, 2, 3, 3):
        content = replace(HONOUR, deed=f"{HONOUR.deed}{passed}")
        with bureau.acting(city.wang) as work:
            files = [Upload("嘉奖令.pdf", PDF)]
            reward = rewards.claim(work, (city.wang, bureau.sheet.reward.id), content, bureau.files, files)
            reward_id, case_key = reward.id, reward.case_key
        for officer_id, verdict in judges[:passed]:
            task_id = bureau.task(case_key, bureau.waiting(case_key)[0])
            with bureau.acting(officer_id) as work:
                rewards.review(work, task_id, verdict)
    with bureau.acting(city.zhou) as work:
        rewards.object_to(work, reward_id, "救起的儿童只有一名，现场视频可以证明。")


def _issue(bureau: Bureau) -> None:
    """One draft, and four indicators on their way down: proposed, issued, taken up, sent back."""
    city = bureau.city
    with bureau.database.write_tx(scheme.OFFICE, bureau.now) as work:
        drafted = scheme.content(name="入户走访")
        indicators.draft(work, "BIZ-40", drafted, check_rule=scheme.any_rule)
        december = periods.current(work.session, bureau.now)
        made = [scheme.effective(work, f"BIZ-3{number}", december) for number in range(4)]
        version_ids = [version.id for version in made]
    answers = ((), ("issue",), ("issue", "accept"), ("issue", "refuse"))
    for version_id, said in zip(version_ids, answers, strict=True):
        part = Part(to_unit_id=city.county, target=Decimal(10))
        order = Order(version_id, city.bureau, issued.year_term(2027), (part,), Decimal(10))
        with bureau.acting(city.chen) as work:
            case_key = issuance.propose(work, order).case_key or ""
        steps = (("approve_issue", city.chen), ("acknowledge", city.zheng))
        for (step, officer_id), outcome in zip(steps, said, strict=False):
            task_id, decide = bureau.task(case_key, step), DECIDES[step]
            with bureau.acting(officer_id) as work:
                decide(work, task_id, outcome, "本单位没有该项职能。")
