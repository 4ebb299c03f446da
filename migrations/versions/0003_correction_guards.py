"""Guards around the seal: before it nothing is corrected, after it nothing is revoked.

The second volume of a ledger (``correction_fact``, ``correction_entry``) opens with the seal; a fact of a sealed
period falls by a correction, never by a revocation. The commands refuse both; so does the database.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AFTER_THE_SEAL = ("correction_entry", "correction_fact")
REVOKED = "SELECT state FROM period WHERE id = (SELECT period_id FROM score_fact WHERE id = NEW.fact_id)"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    for table in AFTER_THE_SEAL:
        op.execute(
            f"CREATE TRIGGER {table}_not_sealed BEFORE INSERT ON {table} "
            "WHEN (SELECT state FROM period WHERE id = NEW.period_id) <> 'result_sealed' "
            f"BEGIN SELECT RAISE(ABORT, '{table}: period not sealed'); END"
        )
    op.execute(
        f"CREATE TRIGGER fact_revocation_sealed BEFORE INSERT ON fact_revocation WHEN ({REVOKED}) = 'result_sealed' "
        "BEGIN SELECT RAISE(ABORT, 'fact_revocation: period sealed'); END"
    )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_unless_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (SELECT state FROM period WHERE id = NEW.period_id) <> 'result_sealed' THEN "
        "RAISE EXCEPTION '%: period not sealed', TG_TABLE_NAME; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_revocation_when_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({REVOKED}) = 'result_sealed' THEN "
        "RAISE EXCEPTION 'fact_revocation: period sealed'; END IF; RETURN NEW; END $$"
    )
    for table in AFTER_THE_SEAL:
        _always(table, f"{table}_not_sealed", "refuse_unless_sealed")
    _always("fact_revocation", "fact_revocation_sealed", "refuse_revocation_when_sealed")


def _always(table: str, name: str, function: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in AFTER_THE_SEAL:
            op.execute(f"DROP TRIGGER {table}_not_sealed")
        op.execute("DROP TRIGGER fact_revocation_sealed")
        return
    for table in AFTER_THE_SEAL:
        op.execute(f"DROP TRIGGER {table}_not_sealed ON {table}")
    op.execute("DROP TRIGGER fact_revocation_sealed ON fact_revocation")
    for function in ("refuse_unless_sealed", "refuse_revocation_when_sealed"):
        op.execute(f"DROP FUNCTION {function}()")
