"""The application for a WSGI server: ``kaohe_flow.wsgi:app``."""

from __future__ import annotations

from kaohe_flow.app import create_app
from kaohe_flow.settings import from_environment

app = create_app(from_environment())
