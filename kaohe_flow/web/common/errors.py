"""Failures to HTTP: the only table of its kind."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Final

import structlog
from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from kaohe_flow.kernel.errors import Conflict, InvalidInput, KaoheError, NotAllowed, NotFound, RuleBroken
from kaohe_flow.organization.account.commands import TooManyAttempts, WrongCredentials
from kaohe_flow.records.receipt.commands import AlreadyAnswered

STATUS: Final = (
    (WrongCredentials, HTTPStatus.UNAUTHORIZED),
    (TooManyAttempts, HTTPStatus.TOO_MANY_REQUESTS),
    (NotFound, HTTPStatus.NOT_FOUND),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (Conflict, HTTPStatus.CONFLICT),
    (RuleBroken, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InvalidInput, HTTPStatus.BAD_REQUEST),
)
PAGES: Final = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503})
MINUTE: Final = 60
log = structlog.get_logger()


def register(app: Flask) -> None:
    """Hang the handlers on the application."""
    app.register_error_handler(AlreadyAnswered, _already_answered)
    app.register_error_handler(KaoheError, _failure)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)


def status_of(error: KaoheError) -> HTTPStatus:
    """The HTTP status of a failure; what is nobody's fault outside, such as a stuck engine, is ours."""
    found = (status for kind, status in STATUS if isinstance(error, kind))
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def retry_after(error: KaoheError) -> dict[str, str]:
    """The header that says how long to wait, where waiting helps."""
    return {"Retry-After": str(error.minutes * MINUTE)} if isinstance(error, TooManyAttempts) else {}


def _already_answered(error: AlreadyAnswered) -> ResponseReturnValue:
    """The same form again: the same answer again."""
    return redirect(error.location or url_for("inbox.show"), code=HTTPStatus.SEE_OTHER)


def _failure(error: KaoheError) -> ResponseReturnValue:
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _bug(error, error.code)
    return _answer(status, error.code, str(error), error)


def _csrf(error: CSRFError) -> ResponseReturnValue:
    """A page older than the session: signed out meanwhile, or signed in anew (the page then mends itself)."""
    if not current_user.is_authenticated and request.endpoint != "account.sign_in":
        return _answer(HTTPStatus.UNAUTHORIZED, "http-401", "", None)
    text = "页面停留时间过长或来源不明，请返回上一页刷新后再提交"
    response = make_response(_answer(HTTPStatus.BAD_REQUEST, "csrf", text, None))
    response.headers["X-Kaohe-Stale"] = "1"
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if status < HTTPStatus.BAD_REQUEST:
        return error
    return _answer(status, f"http-{status.value}", "", None)


def _bug(error: Exception, code: str = "bug") -> ResponseReturnValue:
    """What happened goes into the log under a reference; outside only the reference is told."""
    reference = secrets.token_hex(4)
    log.error(code, reference=reference, path=request.path, exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, code, "", None, reference=reference)


def _answer(
    status: HTTPStatus, code: str, text: str, error: KaoheError | None, reference: str = ""
) -> ResponseReturnValue:
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return _problem(status, code, text, error, reference)
    page = status.value if status.value in PAGES else (500 if status >= 500 else 400)  # noqa: PLR2004
    body = render_template(f"errors/{page}.html", error=error or text or None, reference=reference)
    return body, status


def _problem(status: HTTPStatus, code: str, text: str, error: KaoheError | None, reference: str) -> Response:
    problems = getattr(error, "problems", ())
    response = jsonify(
        status=status.value,
        code=code,
        detail=text or status.phrase,
        field=error.field if error else None,
        problems=[{"where": problem.where, "text": problem.text} for problem in problems],
        reference=reference or None,
    )
    response.status_code = status
    response.content_type = "application/problem+json"
    return response
