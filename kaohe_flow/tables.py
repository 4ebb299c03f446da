"""All tables, gathered: whoever needs the whole schema imports this."""

from __future__ import annotations

from kaohe_flow.casework.appeal import model as appeal
from kaohe_flow.casework.penalty import model as penalty
from kaohe_flow.casework.reward import model as reward
from kaohe_flow.casework.submission import model as submission
from kaohe_flow.kernel import outbox
from kaohe_flow.organization.account import model as account
from kaohe_flow.organization.line import model as line
from kaohe_flow.organization.officer import model as officer
from kaohe_flow.organization.role import model as role
from kaohe_flow.organization.unit import model as unit
from kaohe_flow.records.attachment import model as attachment
from kaohe_flow.records.audit import model as audit
from kaohe_flow.records.receipt import model as receipt
from kaohe_flow.results.correction import model as correction
from kaohe_flow.results.sealing import model as sealing
from kaohe_flow.scheme.banlist import model as banlist
from kaohe_flow.scheme.indicator import model as indicator
from kaohe_flow.scheme.issuance import model as issuance
from kaohe_flow.scheme.period import model as period
from kaohe_flow.scheme.plan import model as plan
from kaohe_flow.scorebook.ledger import model as ledger
from kaohe_flow.workflow.deployment import model as deployment
from kaohe_flow.workflow.instance import model as instance

ALL = (
    account, appeal, attachment, audit, banlist, correction, deployment, indicator, instance, issuance,
    ledger, line, officer, outbox, penalty, period, plan, receipt, reward, role, sealing, submission, unit,
)  # fmt: skip
