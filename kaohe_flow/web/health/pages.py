"""Liveness and readiness in plain JSON. They say nothing about the bureau, so nobody has to sign in."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from kaohe_flow.schema import is_current
from kaohe_flow.web.common.policy import allow, anyone
from kaohe_flow.web.common.security import database

bp = Blueprint("health", __name__)
log = structlog.get_logger()


@bp.get("/healthz")
@allow(anyone)
def alive() -> ResponseReturnValue:
    """The process answers. No database is asked: restarting the web mends no database."""
    return {"status": "ok"}


@bp.get("/readyz")
@allow(anyone)
def ready() -> ResponseReturnValue:
    """The database is there and has the shape this version needs."""
    try:
        migrated = is_current(database().engine)
    except SQLAlchemyError as error:
        log.warning("not-ready", exc_info=error)
        return {"status": "unready", "database": "unreachable"}, HTTPStatus.SERVICE_UNAVAILABLE
    if not migrated:
        told = {"status": "unready", "database": "ok", "migrations": "behind"}
        return told, HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ok", "database": "ok", "migrations": "head"}
