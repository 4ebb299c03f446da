"""``kaohe db``, and what the web does on a database of another version."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kaohe_flow.cli import cli
from kaohe_flow.schema import head


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An installation of its own, without a database yet."""
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KAOHE_SECRET_KEY", "k" * 48)
    monkeypatch.delenv("KAOHE_DATABASE_URL", raising=False)
    return dict(os.environ)


def kaohe(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def web(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "import kaohe_flow.wsgi"]
    return subprocess.run(program, env=environment, capture_output=True, text=True, check=False)


def test_an_empty_database_is_brought_to_this_version_once(environment: dict[str, str]) -> None:
    behind = kaohe("db", "status")
    first, second = kaohe("db", "upgrade"), kaohe("db", "upgrade")
    current = kaohe("db", "status")

    assert behind.exit_code == 1
    assert "空库" in behind.output
    assert f"空库 → {head()}" in first.output
    assert "已是最新" in second.output
    assert (current.exit_code, first.exit_code, second.exit_code) == (0, 0, 0)


def test_the_web_refuses_to_start_on_tables_of_another_version(environment: dict[str, str]) -> None:
    refused = web(environment)
    kaohe("db", "upgrade")
    started = web(environment)

    assert refused.returncode == 3  # gunicorn stops instead of trying for ever
    assert "请先执行 kaohe db upgrade" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert started.returncode == 0, started.stderr
