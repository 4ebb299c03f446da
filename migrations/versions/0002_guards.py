"""Guards: what is on record cannot be changed in the database either.

Ledger, audit trail, frozen submissions, verdicts, rulings, results and deployments take new rows only; a
sealed period takes no entry at all; an indicator in force keeps its wording. The triggers also stop ``INSERT OR REPLACE`` (SQLite) and ``TRUNCATE``
(PostgreSQL), and on PostgreSQL they fire whatever ``session_replication_role`` says.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "appeal_extension": ("id",),
    "appeal_ruling": ("appeal_id", "rung"),
    "audit_entry": ("seq",),
    "authority_seal": ("period_id", "unit_id"),
    "claim_version": ("claim_id", "round"),
    "correction_entry": ("period_id", "seq"),
    "correction_fact": ("id",),
    "correction_line": ("correction_id", "number"),
    "correction_verdict": ("id",),
    "defence_answer": ("decision_id", "number"),
    "defence_ground": ("penalty_id", "number"),
    "deferred_fact": ("id",),
    "deployed_decision": ("deployment_id", "name"),
    "deployment": ("id",),
    "fact_revocation": ("fact_id",),
    "history_entry": ("instance_id", "seq"),
    "ledger_entry": ("period_id", "seq"),
    "penalty_decision": ("id",),
    "penalty_notice": ("penalty_id",),
    "penalty_reply": ("penalty_id",),
    "plan": ("id",),
    "reward_objection": ("id",),
    "reward_objection_answer": ("objection_id",),
    "reward_opinion": ("id",),
    "reward_version": ("reward_id", "round"),
    "score_fact": ("id",),
    "signature": ("period_id", "unit_id", "step_id"),
    "snapshot": ("id",),
    "snapshot_row": ("snapshot_id", "number"),
    "verdict": ("id",),
}
SEALED = ("ledger_entry", "score_fact")
# What an indicator version says is frozen once it is no draft; only its end may still be set.
WORDING = (
    "indicator_id", "number", "name", "module", "mode", "kind", "base_points", "cap", "floor", "rule_text",
    "rule", "group_code", "measure", "unit_of_measure", "formula", "data_source", "evidence_kinds",
    "deadline_text", "deadline_at", "line_code", "target_kind", "level", "applies_to", "split",
    "valid_from_period_id", "valid_from_on", "author_id", "created_at", "effective_by_id", "effective_at",
)  # fmt: skip
FROZEN = (
    ("wording", f"UPDATE OF {', '.join(WORDING)}", "OLD.state <> 'draft'"),
    ("state", "UPDATE OF state", "OLD.state <> 'draft' AND NEW.state = 'draft'"),
    ("row", "DELETE", "OLD.state <> 'draft'"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    for table, key in APPEND_ONLY.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
        )
    for table in SEALED:
        op.execute(
            f"CREATE TRIGGER {table}_sealed BEFORE INSERT ON {table} "
            "WHEN (SELECT state FROM period WHERE id = NEW.period_id) = 'result_sealed' "
            f"BEGIN SELECT RAISE(ABORT, '{table}: period sealed'); END"
        )
    for name, deed, when in FROZEN:
        op.execute(
            f"CREATE TRIGGER indicator_version_frozen_{name} BEFORE {deed} ON indicator_version "
            f"WHEN {when} BEGIN SELECT RAISE(ABORT, 'indicator_version: frozen'); END"
        )
    op.execute(
        "CREATE TRIGGER period_stays_sealed BEFORE UPDATE ON period WHEN OLD.state = 'result_sealed' "
        "BEGIN SELECT RAISE(ABORT, 'period: sealed'); END"
    )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%: append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_when_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (SELECT state FROM period WHERE id = NEW.period_id) = 'result_sealed' THEN "
        "RAISE EXCEPTION '%: period sealed', TG_TABLE_NAME; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE FUNCTION stay_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF OLD.state = 'result_sealed' THEN RAISE EXCEPTION 'period: sealed'; END IF; RETURN NEW; END $$"
    )
    for table in APPEND_ONLY:
        _always(table, f"{table}_no_change", "BEFORE UPDATE OR DELETE", "FOR EACH ROW", "refuse_change")
        _always(table, f"{table}_no_truncate", "BEFORE TRUNCATE", "FOR EACH STATEMENT", "refuse_change")
    for table in SEALED:
        _always(table, f"{table}_sealed", "BEFORE INSERT", "FOR EACH ROW", "refuse_when_sealed")
    for name, deed, when in FROZEN:
        _always(
            "indicator_version",
            f"indicator_version_frozen_{name}",
            f"BEFORE {deed}",
            f"FOR EACH ROW WHEN ({when})",
            "refuse_change",
        )
    _always("period", "period_stays_sealed", "BEFORE UPDATE", "FOR EACH ROW", "stay_sealed")


def _always(table: str, name: str, when: str, each: str, function: str) -> None:
    op.execute(f"CREATE TRIGGER {name} {when} ON {table} {each} EXECUTE FUNCTION {function}()")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for end in ("no_update", "no_delete", "no_replace"):
                op.execute(f"DROP TRIGGER {table}_{end}")
        for table in SEALED:
            op.execute(f"DROP TRIGGER {table}_sealed")
        for name, _deed, _when in FROZEN:
            op.execute(f"DROP TRIGGER indicator_version_frozen_{name}")
        op.execute("DROP TRIGGER period_stays_sealed")
        return
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    for table in SEALED:
        op.execute(f"DROP TRIGGER {table}_sealed ON {table}")
    for name, _deed, _when in FROZEN:
        op.execute(f"DROP TRIGGER indicator_version_frozen_{name} ON indicator_version")
    op.execute("DROP TRIGGER period_stays_sealed ON period")
    for function in ("refuse_change", "refuse_when_sealed", "stay_sealed"):
        op.execute(f"DROP FUNCTION {function}()")
