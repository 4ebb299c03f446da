"""gunicorn's door: ``gunicorn wsgi:app``."""

from kaohe_flow.wsgi import app

__all__ = ["app"]
