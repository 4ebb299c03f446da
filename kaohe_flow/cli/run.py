"""Serving: web workers under gunicorn, and the job runner beside them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from kaohe_flow.cli.installation import Installation, deploy_shipped, installation
from kaohe_flow.cli.progress import Bars
from kaohe_flow.demo.loading import ACCOUNTS, CITIES, is_broken_off, is_empty, load, scale_of
from kaohe_flow.jobs.worker import run as run_worker


@click.command("worker")
def worker() -> None:
    """运行后台作业：流程时限、考核期截止与封存。"""
    found = installation()
    run_worker(found.database, found.settings.tick_seconds)


@click.command("run")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, help="监听端口")
@click.option("--workers", default=2, show_default=True, help="网页进程数")
@click.option("--no-demo", is_flag=True, help="空库启动时不装入演示城市")
def run(host: str, port: int, workers: int, no_demo: bool) -> None:
    """启动系统：建库、发布流程图、（首次）装入演示城市、运行网页与后台作业。"""
    found = installation()
    deploy_shipped(found)
    if not no_demo:
        _load_demo(found)
    found.database.engine.dispose()
    _announce(host, port, demo=not no_demo)
    background = subprocess.Popen([sys.executable, "-m", "kaohe_flow.cli", "worker"])
    web = subprocess.Popen(_gunicorn(host, port, workers))  # noqa: S603 - ourselves
    signal.signal(signal.SIGTERM, lambda *_: web.terminate())
    try:
        web.wait()
    except KeyboardInterrupt:
        web.terminate()
        web.wait()
    finally:
        background.terminate()
        background.wait()
    sys.exit(web.returncode)


def _load_demo(found: Installation) -> None:
    """Into an empty database, or the rest of a load that was broken off."""
    scale = "tiny" if is_empty(found.database) else scale_of(found.database)
    if scale is None or not (is_empty(found.database) or is_broken_off(found.database)):
        return
    click.echo(f"正在装入演示城市（{scale}）……")
    with Bars() as bars:
        load(found.database, found.app.extensions["kaohe_files"], city=CITIES[scale](), progress=bars)


def _gunicorn(host: str, port: int, workers: int) -> list[str]:
    scratch = ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []  # noqa: S108 - a heartbeat file
    return [
        sys.executable, "-m", "gunicorn", "kaohe_flow.wsgi:app",
        "--bind", f"{host}:{port}",
        "--workers", str(workers), "--worker-class", "gthread", "--threads", "8",
        "--timeout", "60", "--graceful-timeout", "25",
        "--max-requests", "5000", "--max-requests-jitter", "500",
        "--no-control-socket", "--log-level", os.environ.get("KAOHE_LOG_LEVEL", "warning"),
        *scratch,
    ]  # fmt: skip


def _announce(host: str, port: int, *, demo: bool) -> None:
    click.echo(f"\n  目标责任考核  http://{host}:{port}\n")
    if demo:
        click.echo("  演示账号（密码均为 demo-2026-kaohe）：")
        for username, who in ACCOUNTS:
            click.echo(f"    {username:<12} {who}")
        click.echo("")
