"""Using a one-time key inside the transaction of the deed it protects."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from kaohe_flow.kernel.errors import Conflict
from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.receipt.model import Receipt


class AlreadyAnswered(Conflict):
    """The same form was posted before; ``location`` is where its answer led."""

    code = "already-answered"
    message = "这份表单已经提交过，系统没有重复办理"

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location


def use(work: Work, key: str) -> None:
    """Take the key. Raises ``AlreadyAnswered`` if it was used by a transaction that committed.

    On PostgreSQL a second taker waits for the first to finish, because the primary key is taken first.
    """
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[work.session.get_bind().dialect.name]
    values = {"key": key, "actor_id": work.actor.officer_id, "made_at": work.now, "location": ""}
    statement = dialect.insert(Receipt).values(values).on_conflict_do_nothing()
    taken = work.session.execute(statement.returning(Receipt.key)).first()
    if taken is None:
        before = work.session.scalars(select(Receipt).where(Receipt.key == key)).one()
        own = before.actor_id == work.actor.officer_id
        raise AlreadyAnswered(before.location if own else "")


def answer(work: Work, key: str, location: str) -> None:
    """Remember where the answer leads, for whoever posts the same form again."""
    receipt = work.session.get(Receipt, key)
    assert receipt is not None, "use() comes first"
    receipt.location = location
