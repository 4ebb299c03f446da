"""Alembic's door: one transaction per run, on the engine the application uses."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from kaohe_flow import tables
from kaohe_flow.kernel.orm import Base

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
    user_module_prefix="kaohe_flow.kernel.orm.",
)
assert tables.ALL
context.run_migrations()
