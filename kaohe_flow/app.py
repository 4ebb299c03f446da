"""The application factory: the only place where the parts are introduced to each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from kaohe_flow.casework.appeal.delegate import AppealDelegate
from kaohe_flow.casework.penalty.delegate import PenaltyDelegate
from kaohe_flow.casework.reward.delegate import RewardDelegate
from kaohe_flow.casework.submission.delegate import SubmissionDelegate
from kaohe_flow.extensions import csrf, db, login_manager
from kaohe_flow.kernel.unit_of_work import Database, prepare
from kaohe_flow.records.attachment.gateway import FileStore
from kaohe_flow.results.correction.delegate import CorrectionDelegate
from kaohe_flow.results.sealing.delegate import SealingDelegate
from kaohe_flow.scheme.issuance.delegate import IssuanceDelegate
from kaohe_flow.settings import Settings, bundle
from kaohe_flow.web.account import pages as account
from kaohe_flow.web.appeal import pages as appeal
from kaohe_flow.web.appeal.presenter import AppealPresenter
from kaohe_flow.web.attachment import pages as attachment
from kaohe_flow.web.audit import pages as audit
from kaohe_flow.web.banlist import pages as banlist
from kaohe_flow.web.case import pages as case
from kaohe_flow.web.common import assets, errors, filters, posting, security, shell, words
from kaohe_flow.web.common.policy import (
    allow,
    anyone,
    auditors,
    check_policies,
    security_administrators,
    system_administrators,
)
from kaohe_flow.web.common.presenter import register as present
from kaohe_flow.web.common.sessions import DatabaseSessions
from kaohe_flow.web.correction import pages as correction
from kaohe_flow.web.correction.presenter import CorrectionPresenter
from kaohe_flow.web.health import pages as health
from kaohe_flow.web.inbox import pages as inbox
from kaohe_flow.web.indicator import pages as indicator
from kaohe_flow.web.issuance import pages as issuance
from kaohe_flow.web.issuance.presenter import IssuancePresenter
from kaohe_flow.web.line import pages as line
from kaohe_flow.web.organization import pages as organization
from kaohe_flow.web.penalty import pages as penalty
from kaohe_flow.web.penalty.presenter import PenaltyPresenter
from kaohe_flow.web.period import pages as period
from kaohe_flow.web.plan import pages as plan
from kaohe_flow.web.process import pages as process
from kaohe_flow.web.ranking import pages as ranking
from kaohe_flow.web.register import pages as register
from kaohe_flow.web.relation import pages as relation
from kaohe_flow.web.reward import pages as reward
from kaohe_flow.web.reward.presenter import RewardPresenter
from kaohe_flow.web.score import pages as score
from kaohe_flow.web.sealing.presenter import SealingPresenter
from kaohe_flow.web.submission import pages as submission
from kaohe_flow.web.submission.presenter import SubmissionPresenter
from kaohe_flow.workflow.delegate import Delegate
from kaohe_flow.workflow.engine import Engine
from kaohe_flow.workflow.runtime import Runtime

MEGABYTE: Final = 1024 * 1024
FUNCTIONS: Final = frozenset({"workdays", "cutoff", "period_end", "notice_end"})
BLUEPRINTS: Final = (
    account.bp, appeal.bp, attachment.bp, audit.bp, banlist.bp, case.bp, correction.bp, health.bp,
    inbox.bp, indicator.bp, issuance.bp, line.bp, organization.bp, penalty.bp, period.bp, plan.bp, process.bp,
    ranking.bp, register.bp, relation.bp, reward.bp, score.bp, submission.bp,
)  # fmt: skip

FIRST_PAGES: Final = (
    (system_administrators, "process.catalogue"),
    (security_administrators, "register.listing"),
    (auditors, "audit.listing"),
)


def delegates() -> Mapping[str, Delegate]:
    """Who speaks for which process key."""
    return {
        "work_submission": SubmissionDelegate(),
        "appeal_review": AppealDelegate(),
        "indicator_issue": IssuanceDelegate(),
        "period_seal": SealingDelegate(),
        "penalty_notice": PenaltyDelegate(),
        "reward_claim": RewardDelegate(),
        "score_correction": CorrectionDelegate(),
    }


def runtime(state_key: bytes) -> Runtime:
    """The engine room: who speaks for which process, and what expressions may call."""
    return Runtime(Engine(state_key, functions=FUNCTIONS), delegates(), functions=FUNCTIONS)


def create_app(settings: Settings) -> Flask:
    """A configured application. Fails loudly on missing assets, policies or settings."""
    folder = bundle()
    app = Flask("kaohe_flow", template_folder=str(folder / "templates"), static_folder="web/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": not settings.url.startswith("sqlite")},
        MAX_CONTENT_LENGTH=settings.max_request_mb * MEGABYTE,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="kaohe_words",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        BUREAU=settings.bureau,
    )
    if settings.proxies:
        # Else everybody behind the proxy shares one address, and one pause after wrong passwords.
        seen = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
        app.wsgi_app = seen  # type: ignore[method-assign]
    db.init_app(app)
    database = open_database(app, settings)
    app.extensions["kaohe_database"] = database
    app.extensions["kaohe_files"] = FileStore(settings.file_root)
    app.session_interface = DatabaseSessions(database, secure=settings.cookie_secure)
    login_manager.init_app(app)
    csrf.init_app(app)
    app.jinja_env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    for part in (errors, filters, posting, security, shell, words):
        part.register(app)
    assets.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    present(app, "work_submission", SubmissionPresenter())
    present(app, "appeal_review", AppealPresenter())
    present(app, "penalty_notice", PenaltyPresenter())
    present(app, "reward_claim", RewardPresenter())
    present(app, "period_seal", SealingPresenter())
    present(app, "indicator_issue", IssuancePresenter())
    present(app, "score_correction", CorrectionPresenter())
    app.add_url_rule("/", "home", _home)
    app.teardown_appcontext(lambda _exc: security.stop_reading())
    check_policies(app)
    return app


def open_database(app: Flask, settings: Settings) -> Database:
    """The database of an application, with the runtime that its sessions carry."""
    with app.app_context():
        engine = prepare(db.engine)
    return Database(engine, runtime=runtime(settings.state_key))


@allow(anyone)
def _home() -> ResponseReturnValue:
    """Officers begin with what waits for them, each administrator with what is theirs."""
    who = current_user.actor if current_user.is_authenticated else None
    begins = next((page for policy, page in FIRST_PAGES if policy(who)), "inbox.show")
    return redirect(url_for(begins))
