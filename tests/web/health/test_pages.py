"""What watchers are told, without signing in."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from kaohe_flow.app import create_app
from kaohe_flow.schema import downgrade
from kaohe_flow.settings import Settings
from tests.factories.casework import Bureau


def test_a_process_on_a_current_database_is_alive_and_ready(app: Flask) -> None:
    client = app.test_client()

    alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, alive.json) == (200, {"status": "ok"})
    assert ready.status_code == 200
    assert ready.json == {"status": "ok", "database": "ok", "migrations": "head"}


def test_a_database_behind_the_program_is_not_ready_but_the_process_lives(app: Flask, bureau: Bureau) -> None:
    downgrade(bureau.database.engine, "0001")

    ready = app.test_client().get("/readyz")

    assert ready.status_code == 503
    assert ready.json == {"status": "unready", "database": "ok", "migrations": "behind"}
    assert app.test_client().get("/healthz").status_code == 200


def test_a_database_that_cannot_be_reached_is_told_without_its_address(tmp_path: Path) -> None:
    gone = f"sqlite:///{tmp_path / 'no-such-folder' / 'kaohe.db'}"
    client = create_app(
        Settings(data_dir=str(tmp_path), database_url=gone, secret_key="k" * 48)
    ).test_client()

    ready = client.get("/readyz")

    assert ready.status_code == 503
    assert ready.json == {"status": "unready", "database": "unreachable"}
    assert client.get("/healthz").status_code == 200
