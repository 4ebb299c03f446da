from __future__ import annotations

import pytest
from flask import Flask, redirect
from flask.testing import FlaskClient
from werkzeug import Response

from kaohe_flow.web.common import posting


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("pages")
    posting.register(app)

    @app.route("/claim", methods=["GET", "POST"])
    def claim() -> Response:
        return redirect("/inbox?done=7", code=303)

    @app.post("/refused")
    def refused() -> tuple[str, int]:
        return "<main>请填写理由</main>", 422

    return app.test_client()


def test_a_form_posted_by_the_browser_is_redirected(client: FlaskClient) -> None:
    answer = client.post("/claim")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/inbox?done=7"


@pytest.mark.parametrize(
    ("asked", "told"), [("X-Kaohe-Form", "X-Kaohe-Location"), ("HX-Request", "HX-Redirect")]
)
def test_a_form_posted_by_script_is_told_where_to_go(client: FlaskClient, asked: str, told: str) -> None:
    answer = client.post("/claim", headers={asked: "true"})

    assert answer.status_code == 204
    assert answer.headers[told] == "/inbox?done=7"
    assert "Location" not in answer.headers
    assert answer.data == b""


def test_a_refused_form_comes_back_as_it_is(client: FlaskClient) -> None:
    answer = client.post("/refused", headers={"X-Kaohe-Form": "1"})

    assert answer.status_code == 422
    assert "请填写理由" in answer.text


def test_a_part_of_a_page_that_needs_a_login_sends_the_whole_window_there(client: FlaskClient) -> None:
    answer = client.get("/claim", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/inbox?done=7"


def test_a_page_opened_by_a_person_is_redirected(client: FlaskClient) -> None:
    assert client.get("/claim").status_code == 303
