"""How a script that posts a form learns of a redirect: it is told the address, not sent there."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request

REDIRECTS: Final = range(300, 400)
ANSWERS: Final = (("X-Kaohe-Form", "X-Kaohe-Location"), ("HX-Request", "HX-Redirect"))
"""Request header of the script, response header it reads: our own forms, and htmx."""


def register(app: Flask) -> None:
    """Answer scripts with 204 and the address instead of 3xx, so that the next page is loaded once."""
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    if response.status_code not in REDIRECTS:
        return response
    for asked, told in ANSWERS:
        if asked in request.headers:
            response.headers[told] = response.headers.pop("Location")
            response.status_code = HTTPStatus.NO_CONTENT
            response.set_data(b"")
            break
    return response
