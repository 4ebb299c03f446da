"""A small site with the product's own layout, macros, assets and policy, and a browser that looks at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from kaohe_flow.web.common import assets, filters, posting, words

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
AXE = ROOT / "node_modules/axe-core/axe.min.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@dataclass
class Received:
    """What the site was sent, in order."""

    forms: list[dict[str, Any]] = field(default_factory=list)


def make_site(received: Received) -> Flask:
    """Pages of ``pages/`` below this folder, with the layout of the product."""
    app = Flask("sample", static_folder=str(ROOT / "kaohe_flow/web/static"))
    app.secret_key = "sample"
    app.jinja_loader = ChoiceLoader(  # type: ignore[assignment]
        [FileSystemLoader(ROOT / "templates"), FileSystemLoader(HERE / "pages")]
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(csrf_token=lambda: "csrf", once=lambda: "once")
    filters.register(app)
    words.register(app)
    assets.install(app)
    posting.register(app)

    app.context_processor(_shell)
    app.after_request(_harden)
    app.register_blueprint(_pages())
    app.register_blueprint(_answers(received))
    return app


def _shell() -> dict[str, Any]:
    items = [
        {
            "label": "待办任务",
            "url": "/work",
            "icon": "inbox",
            "count": 3,
            "active": True,
            "live": "/answer/count",
        }
    ]
    return {
        "nav": [{"title": "工作台", "items": items}],
        "me": {"name": "李晓峰", "post": "民警", "unit": "城关派出所"},
        "period": {"label": "2026年11月", "seal": "距封存 5 天", "level": "yellow"},
    }


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _pages() -> Blueprint:
    pages = Blueprint("pages", __name__)

    @pages.get("/<name>")
    def page(name: str) -> str:
        return render_template(f"{name}.html", errors={}, typed={})

    @pages.get("/part")
    def part() -> str:
        return render_template("_part.html", errors={}, typed={})

    @pages.get("/diagram/<name>")
    def diagram(name: str) -> ResponseReturnValue:
        return (ROOT / "bpmn" / name).read_bytes(), {"Content-Type": "application/xml"}

    @pages.get("/evidence.png")
    def evidence() -> ResponseReturnValue:
        return PIXEL, {"Content-Type": "image/png"}

    return pages


def _answers(received: Received) -> Blueprint:
    answers = Blueprint("answers", __name__, url_prefix="/answer")

    def note() -> None:
        names = [each.filename for each in request.files.getlist("files") if each.filename]
        received.forms.append({**request.form.to_dict(), "files": names})

    @answers.post("/accepted")
    def accepted() -> ResponseReturnValue:
        note()
        flash("已提交，等待单位内勤核对材料", "ok")
        return redirect("/work", code=303)

    @answers.post("/faulty")
    def faulty() -> ResponseReturnValue:
        note()
        return render_template("form.html", errors={"title": "标题太短"}, typed=request.form), 400

    @answers.post("/conflict")
    def conflict() -> ResponseReturnValue:
        note()
        return render_template("errors/409.html", error="这份报送刚刚由王海燕签收"), 409

    @answers.get("/count")
    def count() -> ResponseReturnValue:
        return {"count": 5, "hot": True}

    return answers


@pytest.fixture(scope="module")
def received() -> Received:
    return Received()


@pytest.fixture(scope="module")
def site(received: Received) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_site(received), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh window. Any script error, refused style or request to elsewhere fails the test."""
    context = browser.new_context(base_url=site, viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.set_default_timeout(10_000)
    window = context.new_page()
    faults: list[str] = []
    window.on("pageerror", lambda error: faults.append(str(error)))
    window.on(
        "console",
        lambda line: (
            faults.append(line.text)
            if line.type in {"error", "warning"} and "Failed to load resource" not in line.text
            else None
        ),
    )
    window.on(
        "request",
        lambda made: None if made.url.startswith((site, "data:")) else faults.append(f"outside: {made.url}"),
    )
    yield window
    context.close()
    assert faults == []
