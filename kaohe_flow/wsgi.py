"""The application for a WSGI server: ``kaohe_flow.wsgi:app``."""

from __future__ import annotations

import sys
from typing import Final

from flask import Flask

from kaohe_flow.app import create_app
from kaohe_flow.kernel.errors import KaoheError
from kaohe_flow.kernel.unit_of_work import Database
from kaohe_flow.schema import check_current
from kaohe_flow.settings import from_environment

BOOT_FAILED: Final = 3  # tells gunicorn to stop instead of starting the worker over and over


def _started() -> Flask:
    """The application on a database of its version; else one sentence on the terminal, and an end."""
    try:
        app = create_app(from_environment())
        database: Database = app.extensions["kaohe_database"]
        check_current(database.engine)
    except KaoheError as error:
        sys.stderr.write(f"错误：{error}\n")
        sys.exit(BOOT_FAILED)
    database.engine.dispose()  # each worker opens its own connections
    return app


app = _started()
