#!/usr/bin/env python3
"""Set up and run everything with the standard library alone: ``python3 dev.py run|test|lint|check|format``.

The virtual environment ``.venv`` is made once and brought up to date when pyproject.toml changes.
``uv`` is used when it is on PATH, pip otherwise.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
OLDEST = (3, 11)
ASSETS = "kaohe_flow/web/static/dist/manifest.json"
GROUPS = {"run": [], "test": ["test"], "lint": ["lint"], "check": ["test", "lint"], "format": ["lint"]}


def main() -> None:
    """Do what the first argument names; the rest goes to pytest for ``test`` and to kaohe for ``run``."""
    if len(sys.argv) < 2 or sys.argv[1] not in GROUPS:  # noqa: PLR2004 - program name and command
        sys.exit(f"usage: {sys.argv[0]} {'|'.join(GROUPS)}")
    if sys.version_info < OLDEST:
        sys.exit(f"需要 Python 3.11 或更新版本，当前是 {sys.version.split()[0]}")
    command, rest = sys.argv[1], sys.argv[2:]
    prepare(GROUPS[command])
    {"run": run, "test": test, "lint": lint, "check": check, "format": format_}[command](rest)


def run(rest: list[str]) -> None:
    """Migrate, load the demo city on first start, serve it with its job runner."""
    os.execv(BIN / "kaohe", [str(BIN / "kaohe"), "run", *rest])


def test(rest: list[str]) -> None:
    """Everything that pip alone can run, on SQLite and on PostgreSQL, and the browser journeys."""
    if find_chromium() is None:
        print("!! 没有找到 Chromium：浏览器测试将被跳过（Debian: apt-get install chromium fonts-noto-cjk）")
    call(PYTHON, "-m", "pytest", *(rest or ["-n", "2", "--dist", "loadgroup", "-q"]))


def lint(_rest: list[str]) -> None:
    """Format, ruff, import contracts, types, house rules."""
    call(BIN / "ruff", "format", "--check", ".")
    call(BIN / "ruff", "check", ".")
    call(BIN / "lint-imports", "--no-cache")
    call(BIN / "mypy")


def check(rest: list[str]) -> None:
    """What must pass before anything lands."""
    lint([])
    test(rest)


def format_(_rest: list[str]) -> None:
    """Let ruff put things in order."""
    call(BIN / "ruff", "format", ".")
    call(BIN / "ruff", "check", "--fix", ".")


def find_chromium() -> str | None:
    """The browser that the journeys drive."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("KAOHE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def prepare(groups: list[str]) -> None:
    """A virtual environment that holds the product, the named dependency groups and the built assets."""
    uv = shutil.which("uv")
    if not PYTHON.exists():
        make_venv(uv)
    wanted = fingerprint(groups)
    mark = VENV / f".kaohe-{'-'.join(groups) or 'run'}"
    if mark.exists() and mark.read_text() == wanted and (ROOT / ASSETS).exists():
        return
    print("正在准备运行环境（首次约一分钟）……", flush=True)
    arguments = [flag for group in groups for flag in ("--group", group)]
    if uv:
        call(uv, "pip", "install", "-q", "--python", PYTHON, "-e", ".", *arguments)
    else:
        call(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-U", "pip>=25.1")
        call(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-e", ".", *arguments)
    mark.write_text(wanted)


def make_venv(uv: str | None) -> None:
    """Works without ensurepip too (Debian without python3-venv): the outer pip then fills the new one."""
    if uv:
        call(uv, "venv", "-q", "--python", sys.executable, VENV)
        return
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        call(sys.executable, "-m", "venv", "--without-pip", VENV)
        call(sys.executable, "-m", "pip", "--python", PYTHON, "install", "-q", "pip")


def fingerprint(groups: list[str]) -> str:
    """Changes when the interpreter, the dependencies or the sources of the assets change."""
    digest = hashlib.sha256(sys.version.encode() + ",".join(groups).encode())
    frontend = sorted(path for path in (ROOT / "frontend").rglob("*") if path.is_file())
    for path in (ROOT / "pyproject.toml", ROOT / "hatch_build.py", ROOT / "package-lock.json", *frontend):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def call(*arguments: str | Path) -> None:
    """Run a program in the project's folder; leave with its status if it fails."""
    status = subprocess.run([str(argument) for argument in arguments], cwd=ROOT, check=False).returncode
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main()
