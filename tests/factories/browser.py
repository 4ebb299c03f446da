"""One browser for all tests of a worker: two drivers in one process would share a loop, and neither runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright

INSTALLED: Final = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
CHROMIUM: Final = os.environ.get("KAOHE_CHROMIUM") or next(filter(None, INSTALLED), None)
QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium."""
    if CHROMIUM is None:
        pytest.skip("没有 Chromium：浏览器测试没有执行（Debian: apt-get install chromium fonts-noto-cjk）")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=QUIET, env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        yield launched
        launched.close()
