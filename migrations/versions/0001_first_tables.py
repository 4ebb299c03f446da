"""The first tables: organization, scheme, casework, scorebook, results, workflow, records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "appeal_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_reference", sa.String(), nullable=False),
        sa.Column("contested_key", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("granted_by_name", sa.String(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_appeal_extension_extension_has_a_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_extension")),
    )
    with op.batch_alter_table("appeal_extension", schema=None) as batch_op:
        batch_op.create_index("ix_appeal_extension_decision", ["decision_reference"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_attachment_sha256_hex")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_case_key"), ["case_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_sha256"), ["sha256"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "ban_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) >= 10", name=op.f("ck_ban_override_reason_is_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ban_override")),
    )
    with op.batch_alter_table("ban_override", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ban_override_subject"), ["subject"], unique=False)

    op.create_table(
        "banned_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phrase", sa.String(), nullable=False),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banned_phrase")),
        sa.UniqueConstraint("phrase", name=op.f("uq_banned_phrase_phrase")),
    )
    op.create_table(
        "day_off",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("holiday", "makeup", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_off")),
    )
    op.create_table(
        "deployment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("bpmn", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("deployed_by", sa.String(), nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_deployment_key_version")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["state", "run_at"], unique=False)
        batch_op.create_index(
            "uq_job_key_open",
            ["key"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )

    op.create_table(
        "login_attempt",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("username", "ip", name=op.f("pk_login_attempt")),
    )
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_attempt_last_at"), ["last_at"], unique=False)

    op.create_table(
        "officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("police_no", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "officer", "auxiliary", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("serving", "left", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("police_no", name=op.f("uq_officer_police_no")),
    )
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_officer_name"), ["name"], unique=False)

    op.create_table(
        "period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "month",
                "quarter",
                "half",
                "year",
                "campaign",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cutoff_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_on", sa.Date(), nullable=True),
        sa.Column("review_wd", sa.Integer(), nullable=False),
        sa.Column("notice_wd", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "submission_closed",
                "notice",
                "result_sealed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("submission_closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_unsigned", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (submission_closed_at IS NULL)",
            name=op.f("ck_period_closed_with_its_instant"),
        ),
        sa.CheckConstraint(
            "(state = 'result_sealed') = (sealed_at IS NOT NULL)",
            name=op.f("ck_period_sealed_with_its_instant"),
        ),
        sa.CheckConstraint(
            "(state IN ('notice', 'result_sealed')) = (notice_from IS NOT NULL)",
            name=op.f("ck_period_notice_with_its_start"),
        ),
        sa.CheckConstraint(
            "sealed_unsigned = false OR state = 'result_sealed'",
            name=op.f("ck_period_unsigned_only_when_sealed"),
        ),
        sa.CheckConstraint(
            "(notice_from IS NULL) = (notice_until IS NULL)", name=op.f("ck_period_notice_with_both_ends")
        ),
        sa.CheckConstraint("review_wd >= 0 AND notice_wd >= 0", name=op.f("ck_period_windows_not_negative")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_period_days_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
    )
    with op.batch_alter_table("period", schema=None) as batch_op:
        batch_op.create_index("ix_period_kind_starts_on", ["kind", "starts_on"], unique=False)
        batch_op.create_index("uq_period_kind_code", ["kind", "code"], unique=True)

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("adopted_by", sa.String(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_plan_sha256_hex")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("scheme_id", "valid_from", name=op.f("uq_plan_scheme_id_valid_from")),
    )
    op.create_table(
        "receipt",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_receipt")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_made_at"), ["made_at"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "assessment_office",
                "county_bureau",
                "branch",
                "department",
                "station",
                "brigade",
                "squad",
                "section",
                "custody",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sequence", sa.String(), nullable=True),
        sa.Column("peer_group", sa.String(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("predecessor_id", sa.Integer(), nullable=True),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        sa.Column("pilot", sa.Boolean(), nullable=False),
        sa.Column("sponsor_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(level = 1) = (parent_id IS NULL)", name=op.f("ck_unit_only_the_top_has_no_parent")
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_unit_level_known")),
        sa.CheckConstraint("predecessor_id <> id", name=op.f("ck_unit_succeeds_another")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.ForeignKeyConstraint(["predecessor_id"], ["unit.id"], name=op.f("fk_unit_predecessor_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "officer",
                "sysadmin",
                "secadmin",
                "auditor",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "disabled",
                "locked",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'officer') = (officer_id IS NOT NULL)",
            name=op.f("ck_account_administrators_stand_apart"),
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_account_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("officer_id", name=op.f("uq_account_officer_id")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contested_key", sa.String(), nullable=False),
        sa.Column("decision_reference", sa.String(), nullable=False),
        sa.Column(
            "matter",
            sa.Enum(
                "rejection",
                "score",
                "penalty",
                name="matter",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decision_opinion", sa.String(), nullable=False),
        sa.Column("decision_unit_id", sa.Integer(), nullable=False),
        sa.Column("decider_unit_id", sa.Integer(), nullable=False),
        sa.Column("points_before", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("filed", "withdrawn", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "corrected_at IS NULL OR correction_due_at IS NOT NULL",
            name=op.f("ck_appeal_corrected_only_when_due"),
        ),
        sa.ForeignKeyConstraint(
            ["decider_unit_id"], ["unit.id"], name=op.f("fk_appeal_decider_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["decision_unit_id"], ["unit.id"], name=op.f("fk_appeal_decision_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_appeal_officer_id_officer")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_appeal_period_id_period")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_appeal_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_contested_key"), ["contested_key"], unique=False)
        batch_op.create_index("ix_appeal_officer", ["officer_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_period_id"), ["period_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_appeal_decision_filed",
            ["decision_reference"],
            unique=True,
            sqlite_where=sa.text("state = 'filed'"),
            postgresql_where=sa.text("state = 'filed'"),
        )

    op.create_table(
        "authority_seal",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_authority_seal_period_id_period")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_authority_seal_unit_id_unit")),
        sa.PrimaryKeyConstraint("period_id", "unit_id", name=op.f("pk_authority_seal")),
    )
    op.create_table(
        "business_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["unit.id"], name=op.f("fk_business_line_owner_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_line")),
        sa.UniqueConstraint("code", name=op.f("uq_business_line_code")),
        sa.UniqueConstraint("name", name=op.f("uq_business_line_name")),
    )
    with op.batch_alter_table("business_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_business_line_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "officer", "unit", name="subject_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "office",
                "late_review",
                "appeal",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "applied",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snapshot_version", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(source = 'office') = (source_key IS NULL)",
            name=op.f("ck_correction_names_what_brought_it_about"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_correction_decided_with_its_instant")
        ),
        sa.CheckConstraint(
            "state = 'applied' OR snapshot_version IS NULL",
            name=op.f("ck_correction_version_only_when_applied"),
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_correction_has_a_reason")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_correction_period_id_period")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_correction_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_period_id"), ["period_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index("uq_correction_source_key", ["source_key"], unique=True)

    op.create_table(
        "correction_entry",
        sa.Column("voucher_key", sa.String(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("award", "reversal", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "officer", "unit", name="subject_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reverses_seq", sa.Integer(), nullable=True),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_seq IS NOT NULL)",
            name=op.f("ck_correction_entry_reversal_names_its_award"),
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_correction_entry_period_id_period")
        ),
        sa.PrimaryKeyConstraint("period_id", "seq", name=op.f("pk_correction_entry")),
    )
    with op.batch_alter_table("correction_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_entry_case_key"), ["case_key"], unique=False)
        batch_op.create_index(
            "ix_correction_entry_subject", ["period_id", "subject_kind", "subject_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_correction_entry_voucher_key"), ["voucher_key"], unique=False)
        batch_op.create_index("uq_correction_entry_reverses", ["period_id", "reverses_seq"], unique=True)

    op.create_table(
        "deployed_decision",
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("dmn", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_deployed_decision_deployment_id_deployment")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "name", name=op.f("pk_deployed_decision")),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("coefficient", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("coefficient > 0", name=op.f("ck_identity_coefficient_positive")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_identity_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_identity_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index("ix_identity_officer", ["officer_id", "valid_from"], unique=False)
        batch_op.create_index(
            "uq_identity_open",
            ["officer_id", "code"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_indicator_serves_another")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["officer.id"], name=op.f("fk_indicator_created_by_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["indicator.id"], name=op.f("fk_indicator_parent_id_indicator")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("code", name=op.f("uq_indicator_code")),
    )
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sick",
                "maternity",
                "injury",
                "study",
                "personal",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_leave_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_leave_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.create_index("ix_leave_officer", ["officer_id", "valid_from"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "main",
                "secondment",
                "temporary",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_membership_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_membership_officer_id_officer")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_membership_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_officer", ["officer_id", "kind", "valid_from"], unique=False)
        batch_op.create_index("ix_membership_unit", ["unit_id", "kind", "valid_from"], unique=False)
        batch_op.create_index(
            "uq_membership_open_main",
            ["officer_id"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL AND kind = 'main'"),
            postgresql_where=sa.text("valid_to IS NULL AND kind = 'main'"),
        )

    op.create_table(
        "process_instance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "finished",
                "incident",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_blob", sa.LargeBinary(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_event", sa.String(), nullable=True),
        sa.Column("incident", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'finished') = (ended_at IS NOT NULL)",
            name=op.f("ck_process_instance_ended_when_finished"),
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_process_instance_deployment_id_deployment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_instance")),
        sa.UniqueConstraint("case_key", name=op.f("uq_process_instance_case_key")),
    )
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.create_index(
            "ix_process_instance_due",
            ["next_due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.create_index("ix_process_instance_started_by", ["started_by_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_process_instance_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "kin",
                "former_partner",
                "complaint",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("officer_id < other_id", name=op.f("ck_relation_stored_once")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_relation_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_relation_officer_id_officer")),
        sa.ForeignKeyConstraint(["other_id"], ["officer.id"], name=op.f("fk_relation_other_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
    )
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relation_other_id"), ["other_id"], unique=False)
        batch_op.create_index("ix_relation_pair", ["officer_id", "other_id"], unique=False)

    op.create_table(
        "score_sum",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "officer", "unit", name="subject_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_score_sum_period_id_period")),
        sa.PrimaryKeyConstraint(
            "period_id", "subject_kind", "subject_id", "module", name=op.f("pk_score_sum")
        ),
    )
    op.create_table(
        "signature",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_signature_officer_id_officer")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_signature_period_id_period")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_signature_unit_id_unit")),
        sa.PrimaryKeyConstraint("period_id", "unit_id", "step_id", name=op.f("pk_signature")),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "trial",
                "sealed",
                "corrected",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("plan_sha256", sa.String(), nullable=False),
        sa.Column("ledger_seq", sa.Integer(), nullable=False),
        sa.Column("ledger_hash", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_snapshot_versions_count_from_one")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_snapshot_period_id_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("period_id", "version", name=op.f("uq_snapshot_period_id_version")),
    )
    op.create_table(
        "appeal_ruling",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "uphold",
                "change",
                "revoke",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("quality", sa.String(), nullable=True),
        sa.Column("option", sa.String(), nullable=True),
        sa.Column("mitigation", sa.String(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("done", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("line_before", sa.BigInteger(), nullable=False),
        sa.Column("line_after", sa.BigInteger(), nullable=False),
        sa.Column("total_before", sa.BigInteger(), nullable=False),
        sa.Column("total_after", sa.BigInteger(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reasons) > 0", name=op.f("ck_appeal_ruling_ruling_has_reasons")),
        sa.CheckConstraint("total_after >= total_before", name=op.f("ck_appeal_ruling_never_worse")),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_ruling_appeal_id_appeal")),
        sa.PrimaryKeyConstraint("appeal_id", "rung", name=op.f("pk_appeal_ruling")),
    )
    op.create_table(
        "appeal_rung",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "office",
                "discipline",
                "leading_group",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("below_unit_id", sa.Integer(), nullable=False),
        sa.Column("answer_wd", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_rung_appeal_id_appeal")),
        sa.ForeignKeyConstraint(
            ["below_unit_id"], ["unit.id"], name=op.f("fk_appeal_rung_below_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_appeal_rung_unit_id_unit")),
        sa.PrimaryKeyConstraint("appeal_id", "number", name=op.f("pk_appeal_rung")),
    )
    with op.batch_alter_table("appeal_rung", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_rung_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "correction_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision != 'refuse' OR length(opinion) > 0",
            name=op.f("ck_correction_verdict_refusal_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_correction_verdict_correction_id_correction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_verdict")),
    )
    with op.batch_alter_table("correction_verdict", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_correction_verdict_correction_id"), ["correction_id"], unique=False
        )

    op.create_table(
        "history_entry",
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=True),
        sa.Column("step_name", sa.String(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_label", sa.String(), nullable=True),
        sa.Column("opinion", sa.String(), nullable=True),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_history_entry_instance_id_process_instance"),
        ),
        sa.PrimaryKeyConstraint("instance_id", "seq", name=op.f("pk_history_entry")),
    )
    op.create_table(
        "indicator_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "effective",
                "retired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "module",
            sa.Enum(
                "team",
                "business",
                "special",
                "attendance",
                "incentive",
                name="module",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "task", "penalty", "reward", name="mode", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("result", "process", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("base_points", sa.BigInteger(), nullable=False),
        sa.Column("cap", sa.BigInteger(), nullable=True),
        sa.Column("floor", sa.BigInteger(), nullable=True),
        sa.Column("rule_text", sa.String(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=True),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("unit_of_measure", sa.String(), nullable=False),
        sa.Column("formula", sa.String(), nullable=False),
        sa.Column("data_source", sa.String(), nullable=False),
        sa.Column("evidence_kinds", sa.JSON(), nullable=False),
        sa.Column("deadline_text", sa.String(), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("line_code", sa.String(), nullable=False),
        sa.Column(
            "target_kind",
            sa.Enum(
                "unit",
                "officer",
                "both",
                name="target_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("applies_to", sa.JSON(), nullable=False),
        sa.Column(
            "split",
            sa.Enum("add_up", "same", name="split", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("valid_from_period_id", sa.Integer(), nullable=True),
        sa.Column("valid_from_on", sa.Date(), nullable=True),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_by_id", sa.Integer(), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(mode = 'penalty' AND base_points <= 0 AND cap IS NULL) OR (mode <> 'penalty' AND base_points >= 0)",
            name=op.f("ck_indicator_version_sign_follows_mode"),
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (valid_from_on IS NULL)",
            name=op.f("ck_indicator_version_in_force_from_a_day"),
        ),
        sa.CheckConstraint(
            "module <> 'attendance' OR mode = 'penalty'", name=op.f("ck_indicator_version_attendance_deducts")
        ),
        sa.CheckConstraint(
            "module <> 'incentive' OR mode = 'reward'", name=op.f("ck_indicator_version_incentive_adds")
        ),
        sa.CheckConstraint(
            "state <> 'retired' OR valid_until_on IS NOT NULL",
            name=op.f("ck_indicator_version_retired_with_its_day"),
        ),
        sa.CheckConstraint(
            "(valid_from_on IS NULL) = (valid_from_period_id IS NULL)",
            name=op.f("ck_indicator_version_day_comes_from_a_period"),
        ),
        sa.CheckConstraint(
            "cap IS NULL OR cap >= base_points", name=op.f("ck_indicator_version_cap_not_below_base")
        ),
        sa.CheckConstraint(
            "floor IS NULL OR floor <= 0", name=op.f("ck_indicator_version_floor_not_positive")
        ),
        sa.CheckConstraint(
            "level IS NULL OR level BETWEEN 1 AND 5", name=op.f("ck_indicator_version_level_known")
        ),
        sa.CheckConstraint(
            "valid_until_on IS NULL OR valid_until_on >= valid_from_on",
            name=op.f("ck_indicator_version_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["officer.id"], name=op.f("fk_indicator_version_author_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["effective_by_id"], ["officer.id"], name=op.f("fk_indicator_version_effective_by_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_version_indicator_id_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["valid_from_period_id"],
            ["period.id"],
            name=op.f("fk_indicator_version_valid_from_period_id_period"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_version")),
    )
    with op.batch_alter_table("indicator_version", schema=None) as batch_op:
        batch_op.create_index(
            "ix_indicator_version_in_force", ["indicator_id", "valid_from_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_indicator_version_line_code"), ["line_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_version_state"), ["state"], unique=False)
        batch_op.create_index("uq_indicator_version_number", ["indicator_id", "number"], unique=True)
        batch_op.create_index(
            "uq_indicator_version_one_draft",
            ["indicator_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.create_table(
        "role_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "officer",
                "unit_admin",
                "unit_head",
                "line_reviewer",
                "office",
                "discipline",
                "inspection",
                "political",
                "leading_group",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("line_code", sa.String(), nullable=True),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(role = 'line_reviewer') = (line_code IS NOT NULL)",
            name=op.f("ck_role_assignment_reviewers_have_a_line"),
        ),
        sa.CheckConstraint("role <> 'officer'", name=op.f("ck_role_assignment_officer_is_not_granted")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_role_assignment_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["line_code"], ["business_line.code"], name=op.f("fk_role_assignment_line_code_business_line")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_role_assignment_officer_id_officer")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_assignment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
    )
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_assignment_officer_id"), ["officer_id"], unique=False)
        batch_op.create_index("ix_role_assignment_seat", ["unit_id", "role", "line_code"], unique=False)
        batch_op.create_index(
            "uq_role_assignment_open",
            ["officer_id", "role", "unit_id"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL AND line_code IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL AND line_code IS NULL"),
        )
        batch_op.create_index(
            "uq_role_assignment_open_line",
            ["officer_id", "unit_id", "line_code"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL AND line_code IS NOT NULL"),
            postgresql_where=sa.text("valid_to IS NULL AND line_code IS NOT NULL"),
        )

    op.create_table(
        "snapshot_row",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_row_snapshot_id_snapshot")
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "number", name=op.f("pk_snapshot_row")),
    )
    with op.batch_alter_table("snapshot_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_row_subject"), ["subject"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("step_name", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "claimed",
                "done",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("item", sa.JSON(), nullable=True),
        sa.Column("climbed", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("urged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_by_name", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('done', 'withdrawn')) = (closed_at IS NOT NULL)",
            name=op.f("ck_task_closed_when_over"),
        ),
        sa.CheckConstraint(
            "state != 'claimed' OR assignee_id IS NOT NULL", name=op.f("ck_task_claimed_by_someone")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_task_instance_id_process_instance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index("ix_task_closed_by", ["closed_by_id", "closed_at"], unique=False)
        batch_op.create_index("ix_task_instance_id", ["instance_id"], unique=False)

    op.create_table(
        "web_session",
        sa.Column("id_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_web_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_web_session")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index("ix_web_session_account", ["account_id", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_web_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_version_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("period_from_id", sa.Integer(), nullable=True),
        sa.Column("period_to_id", sa.Integer(), nullable=True),
        sa.Column("covers_from", sa.Date(), nullable=False),
        sa.Column("covers_to", sa.Date(), nullable=False),
        sa.Column("from_unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=True),
        sa.Column("to_officer_id", sa.Integer(), nullable=True),
        sa.Column("parent_assignment_id", sa.Integer(), nullable=True),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.Column("part_reason", sa.String(), nullable=False),
        sa.Column("over_reason", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "issued",
                "acknowledged",
                "refused",
                "decomposed",
                "effective",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_key", sa.String(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('refused', 'withdrawn') OR reason IS NOT NULL",
            name=op.f("ck_assignment_ends_with_a_reason"),
        ),
        sa.CheckConstraint(
            "(parent_assignment_id IS NULL) = (root_id IS NULL)",
            name=op.f("ck_assignment_root_has_no_parent"),
        ),
        sa.CheckConstraint(
            "(to_unit_id IS NULL) <> (to_officer_id IS NULL)", name=op.f("ck_assignment_one_recipient")
        ),
        sa.CheckConstraint("covers_from <= covers_to", name=op.f("ck_assignment_days_in_order")),
        sa.CheckConstraint(
            "parent_assignment_id IS NOT NULL OR from_unit_id = to_unit_id",
            name=op.f("ck_assignment_root_is_own_total"),
        ),
        sa.CheckConstraint(
            "share IS NULL OR share BETWEEN 0 AND 100000", name=op.f("ck_assignment_share_in_percent")
        ),
        sa.CheckConstraint("target IS NULL OR target >= 0", name=op.f("ck_assignment_target_not_negative")),
        sa.CheckConstraint(
            "year IS NOT NULL OR (period_from_id IS NOT NULL AND period_to_id IS NOT NULL)",
            name=op.f("ck_assignment_year_or_periods"),
        ),
        sa.ForeignKeyConstraint(["from_unit_id"], ["unit.id"], name=op.f("fk_assignment_from_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["indicator_version_id"],
            ["indicator_version.id"],
            name=op.f("fk_assignment_indicator_version_id_indicator_version"),
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["officer.id"], name=op.f("fk_assignment_issued_by_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["parent_assignment_id"],
            ["assignment.id"],
            name=op.f("fk_assignment_parent_assignment_id_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["period_from_id"], ["period.id"], name=op.f("fk_assignment_period_from_id_period")
        ),
        sa.ForeignKeyConstraint(
            ["period_to_id"], ["period.id"], name=op.f("fk_assignment_period_to_id_period")
        ),
        sa.ForeignKeyConstraint(
            ["root_id"], ["assignment.id"], name=op.f("fk_assignment_root_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["to_officer_id"], ["officer.id"], name=op.f("fk_assignment_to_officer_id_officer")
        ),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"], name=op.f("fk_assignment_to_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_case_key"), ["case_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_from_unit_id"), ["from_unit_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assignment_indicator_version_id"), ["indicator_version_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assignment_root_id"), ["root_id"], unique=False)
        batch_op.create_index("ix_assignment_to_officer", ["to_officer_id", "state"], unique=False)
        batch_op.create_index("ix_assignment_to_unit", ["to_unit_id", "state"], unique=False)
        batch_op.create_index(
            "uq_assignment_officer_once",
            ["parent_assignment_id", "to_officer_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('refused', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('refused', 'withdrawn')"),
        )
        batch_op.create_index(
            "uq_assignment_unit_once",
            ["parent_assignment_id", "to_unit_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('refused', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('refused', 'withdrawn')"),
        )

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("indicator_version_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "under_review",
                "returned",
                "scored",
                "rejected",
                "withdrawn",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("case_no", sa.String(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("done", sa.BigInteger(), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("option", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'draft') = (round = 0)", name=op.f("ck_claim_drafts_have_no_round")),
        sa.ForeignKeyConstraint(
            ["indicator_version_id"],
            ["indicator_version.id"],
            name=op.f("fk_claim_indicator_version_id_indicator_version"),
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_claim_officer_id_officer")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_claim_period_id_period")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_claim_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_case_no", ["indicator_version_id", "case_no"], unique=False)
        batch_op.create_index("ix_claim_officer", ["officer_id", "period_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_period_id"), ["period_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "correction_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_key", sa.String(), nullable=False),
        sa.Column("overturns", sa.Integer(), nullable=True),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "officer", "unit", name="subject_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator_version_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("found_by_id", sa.Integer(), nullable=True),
        sa.Column("found_by_name", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "overturns IS NULL OR overturns != 0", name=op.f("ck_correction_fact_overturns_a_fact")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_version_id"],
            ["indicator_version.id"],
            name=op.f("fk_correction_fact_indicator_version_id_indicator_version"),
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_correction_fact_period_id_period")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_correction_fact_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_fact")),
    )
    with op.batch_alter_table("correction_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_fact_case_key"), ["case_key"], unique=False)
        batch_op.create_index(
            "ix_correction_fact_subject", ["period_id", "subject_kind", "subject_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_correction_fact_voucher_key"), ["voucher_key"], unique=False)
        batch_op.create_index("uq_correction_fact_overturns", ["overturns"], unique=True)

    op.create_table(
        "correction_line",
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("overturns", sa.Integer(), nullable=True),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "officer", "unit", name="subject_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator_version_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("found_by_id", sa.Integer(), nullable=True),
        sa.Column("found_by_name", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_correction_line_correction_id_correction")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_version_id"],
            ["indicator_version.id"],
            name=op.f("fk_correction_line_indicator_version_id_indicator_version"),
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_correction_line_period_id_period")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_correction_line_unit_id_unit")),
        sa.PrimaryKeyConstraint("correction_id", "number", name=op.f("pk_correction_line")),
    )
    with op.batch_alter_table("correction_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_line_case_key"), ["case_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_line_overturns"), ["overturns"], unique=False)

    op.create_table(
        "deferred_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "officer", "unit", name="subject_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator_version_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("found_by_id", sa.Integer(), nullable=True),
        sa.Column("found_by_name", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_version_id"],
            ["indicator_version.id"],
            name=op.f("fk_deferred_fact_indicator_version_id_indicator_version"),
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_deferred_fact_period_id_period")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_deferred_fact_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deferred_fact")),
    )
    with op.batch_alter_table("deferred_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deferred_fact_case_key"), ["case_key"], unique=False)

    op.create_table(
        "penalty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("indicator_version_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "notified",
                "deciding",
                "imposed",
                "dismissed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("option", sa.String(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("found_by_id", sa.Integer(), nullable=False),
        sa.Column("found_by_name", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("found_on >= happened_on", name=op.f("ck_penalty_found_after_it_happened")),
        sa.CheckConstraint("length(basis) > 0", name=op.f("ck_penalty_names_its_basis")),
        sa.CheckConstraint("officer_id <> found_by_id", name=op.f("ck_penalty_nobody_accuses_themselves")),
        sa.ForeignKeyConstraint(["found_by_id"], ["officer.id"], name=op.f("fk_penalty_found_by_id_officer")),
        sa.ForeignKeyConstraint(
            ["indicator_version_id"],
            ["indicator_version.id"],
            name=op.f("fk_penalty_indicator_version_id_indicator_version"),
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_penalty_officer_id_officer")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_penalty_period_id_period")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_penalty_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty")),
    )
    with op.batch_alter_table("penalty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_penalty_found_by_id"), ["found_by_id"], unique=False)
        batch_op.create_index("ix_penalty_officer", ["officer_id", "period_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_penalty_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "reward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("indicator_version_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "under_review",
                "returned",
                "notice",
                "objected",
                "scored",
                "rejected",
                "withdrawn",
                "lapsed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "honour", "media", "deed", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("option", sa.String(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("coauthors", sa.BigInteger(), nullable=True),
        sa.Column("claimed_by_id", sa.Integer(), nullable=False),
        sa.Column("claimed_by_name", sa.String(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_honour", sa.Boolean(), nullable=True),
        sa.Column("is_capped", sa.Boolean(), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("check_text", sa.String(), nullable=False),
        sa.Column("notice_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("round > 0", name=op.f("ck_reward_filed_at_once")),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["officer.id"], name=op.f("fk_reward_claimed_by_id_officer")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_version_id"],
            ["indicator_version.id"],
            name=op.f("fk_reward_indicator_version_id_indicator_version"),
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_reward_officer_id_officer")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_reward_period_id_period")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reward_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
    )
    with op.batch_alter_table("reward", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reward_claimed_by_id"), ["claimed_by_id"], unique=False)
        batch_op.create_index("ix_reward_deed", ["officer_id", "deed"], unique=False)
        batch_op.create_index("ix_reward_officer", ["officer_id", "period_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reward_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_reward_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "score_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "officer", "unit", name="subject_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator_version_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("found_by_id", sa.Integer(), nullable=True),
        sa.Column("found_by_name", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_version_id"],
            ["indicator_version.id"],
            name=op.f("fk_score_fact_indicator_version_id_indicator_version"),
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_score_fact_period_id_period")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_score_fact_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_fact")),
    )
    with op.batch_alter_table("score_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_fact_case_key"), ["case_key"], unique=False)
        batch_op.create_index(
            "ix_score_fact_subject", ["period_id", "subject_kind", "subject_id"], unique=False
        )

    op.create_table(
        "task_candidate",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_candidate_task_id_task")),
        sa.PrimaryKeyConstraint("task_id", "principal", name=op.f("pk_task_candidate")),
    )
    with op.batch_alter_table("task_candidate", schema=None) as batch_op:
        batch_op.create_index("ix_task_candidate_inbox", ["principal", "task_id"], unique=False)

    op.create_table(
        "task_recusal",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_recusal_task_id_task")),
        sa.PrimaryKeyConstraint("task_id", "officer_id", name=op.f("pk_task_recusal")),
    )
    op.create_table(
        "claim_version",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_version_claim_id_claim")),
        sa.PrimaryKeyConstraint("claim_id", "round", name=op.f("pk_claim_version")),
    )
    op.create_table(
        "defence_ground",
        sa.Column("penalty_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["penalty_id"], ["penalty.id"], name=op.f("fk_defence_ground_penalty_id_penalty")
        ),
        sa.PrimaryKeyConstraint("penalty_id", "number", name=op.f("pk_defence_ground")),
    )
    op.create_table(
        "fact_revocation",
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["score_fact.id"], name=op.f("fk_fact_revocation_fact_id_score_fact")
        ),
        sa.PrimaryKeyConstraint("fact_id", name=op.f("pk_fact_revocation")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("award", "reversal", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "officer", "unit", name="subject_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reverses_seq", sa.Integer(), nullable=True),
        sa.Column("case_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_seq IS NOT NULL)",
            name=op.f("ck_ledger_entry_reversal_names_its_award"),
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["score_fact.id"], name=op.f("fk_ledger_entry_fact_id_score_fact")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_ledger_entry_period_id_period")),
        sa.PrimaryKeyConstraint("period_id", "seq", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_case_key"), ["case_key"], unique=False)
        batch_op.create_index("ix_ledger_entry_fact", ["fact_id"], unique=False)
        batch_op.create_index(
            "ix_ledger_entry_subject", ["period_id", "subject_kind", "subject_id"], unique=False
        )
        batch_op.create_index("uq_ledger_entry_reverses", ["period_id", "reverses_seq"], unique=True)

    op.create_table(
        "penalty_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("penalty_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("mitigation", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(opinion) > 0", name=op.f("ck_penalty_decision_decision_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["penalty_id"], ["penalty.id"], name=op.f("fk_penalty_decision_penalty_id_penalty")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_decision")),
    )
    with op.batch_alter_table("penalty_decision", schema=None) as batch_op:
        batch_op.create_index("ix_penalty_decision_penalty", ["penalty_id"], unique=False)

    op.create_table(
        "penalty_notice",
        sa.Column("penalty_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["penalty_id"], ["penalty.id"], name=op.f("fk_penalty_notice_penalty_id_penalty")
        ),
        sa.PrimaryKeyConstraint("penalty_id", name=op.f("pk_penalty_notice")),
    )
    op.create_table(
        "penalty_reply",
        sa.Column("penalty_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "confirm",
                "defend",
                "silent",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'silent') = (replied_by_id IS NULL)", name=op.f("ck_penalty_reply_silence_is_nobodys")
        ),
        sa.ForeignKeyConstraint(
            ["penalty_id"], ["penalty.id"], name=op.f("fk_penalty_reply_penalty_id_penalty")
        ),
        sa.PrimaryKeyConstraint("penalty_id", name=op.f("pk_penalty_reply")),
    )
    op.create_table(
        "reward_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reward_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("raised_by_name", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_reward_objection_objection_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["reward_id"], ["reward.id"], name=op.f("fk_reward_objection_reward_id_reward")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_objection")),
    )
    with op.batch_alter_table("reward_objection", schema=None) as batch_op:
        batch_op.create_index("ix_reward_objection_reward", ["reward_id"], unique=False)

    op.create_table(
        "reward_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reward_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("step_name", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "honour", "media", "deed", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision != 'reject' OR length(opinion) > 0",
            name=op.f("ck_reward_opinion_rejection_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["reward_id"], ["reward.id"], name=op.f("fk_reward_opinion_reward_id_reward")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_opinion")),
    )
    with op.batch_alter_table("reward_opinion", schema=None) as batch_op:
        batch_op.create_index("ix_reward_opinion_reward", ["reward_id", "round"], unique=False)

    op.create_table(
        "reward_version",
        sa.Column("reward_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reward_id"], ["reward.id"], name=op.f("fk_reward_version_reward_id_reward")
        ),
        sa.PrimaryKeyConstraint("reward_id", "round", name=op.f("pk_reward_version")),
    )
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("scores", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("quality", sa.String(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("done", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision != 'reject' OR length(opinion) > 0", name=op.f("ck_verdict_rejection_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_verdict_claim_id_claim")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.create_index("ix_verdict_claim", ["claim_id", "round"], unique=False)

    op.create_table(
        "defence_answer",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_adopted", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_defence_answer_answer_says_something")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["penalty_decision.id"],
            name=op.f("fk_defence_answer_decision_id_penalty_decision"),
        ),
        sa.PrimaryKeyConstraint("decision_id", "number", name=op.f("pk_defence_answer")),
    )
    op.create_table(
        "reward_objection_answer",
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_by_name", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["objection_id"],
            ["reward_objection.id"],
            name=op.f("fk_reward_objection_answer_objection_id_reward_objection"),
        ),
        sa.PrimaryKeyConstraint("objection_id", name=op.f("pk_reward_objection_answer")),
    )


def downgrade() -> None:

    op.drop_table("reward_objection_answer")
    op.drop_table("defence_answer")
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index("ix_verdict_claim")

    op.drop_table("verdict")
    op.drop_table("reward_version")
    with op.batch_alter_table("reward_opinion", schema=None) as batch_op:
        batch_op.drop_index("ix_reward_opinion_reward")

    op.drop_table("reward_opinion")
    with op.batch_alter_table("reward_objection", schema=None) as batch_op:
        batch_op.drop_index("ix_reward_objection_reward")

    op.drop_table("reward_objection")
    op.drop_table("penalty_reply")
    op.drop_table("penalty_notice")
    with op.batch_alter_table("penalty_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_penalty_decision_penalty")

    op.drop_table("penalty_decision")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("uq_ledger_entry_reverses")
        batch_op.drop_index("ix_ledger_entry_subject")
        batch_op.drop_index("ix_ledger_entry_fact")
        batch_op.drop_index(batch_op.f("ix_ledger_entry_case_key"))

    op.drop_table("ledger_entry")
    op.drop_table("fact_revocation")
    op.drop_table("defence_ground")
    op.drop_table("claim_version")
    op.drop_table("task_recusal")
    with op.batch_alter_table("task_candidate", schema=None) as batch_op:
        batch_op.drop_index("ix_task_candidate_inbox")

    op.drop_table("task_candidate")
    with op.batch_alter_table("score_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_score_fact_subject")
        batch_op.drop_index(batch_op.f("ix_score_fact_case_key"))

    op.drop_table("score_fact")
    with op.batch_alter_table("reward", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reward_unit_id"))
        batch_op.drop_index(batch_op.f("ix_reward_state"))
        batch_op.drop_index("ix_reward_officer")
        batch_op.drop_index("ix_reward_deed")
        batch_op.drop_index(batch_op.f("ix_reward_claimed_by_id"))

    op.drop_table("reward")
    with op.batch_alter_table("penalty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_penalty_unit_id"))
        batch_op.drop_index("ix_penalty_officer")
        batch_op.drop_index(batch_op.f("ix_penalty_found_by_id"))

    op.drop_table("penalty")
    with op.batch_alter_table("deferred_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deferred_fact_case_key"))

    op.drop_table("deferred_fact")
    with op.batch_alter_table("correction_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_line_overturns"))
        batch_op.drop_index(batch_op.f("ix_correction_line_case_key"))

    op.drop_table("correction_line")
    with op.batch_alter_table("correction_fact", schema=None) as batch_op:
        batch_op.drop_index("uq_correction_fact_overturns")
        batch_op.drop_index(batch_op.f("ix_correction_fact_voucher_key"))
        batch_op.drop_index("ix_correction_fact_subject")
        batch_op.drop_index(batch_op.f("ix_correction_fact_case_key"))

    op.drop_table("correction_fact")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_unit_id"))
        batch_op.drop_index(batch_op.f("ix_claim_period_id"))
        batch_op.drop_index("ix_claim_officer")
        batch_op.drop_index("ix_claim_case_no")

    op.drop_table("claim")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_unit_once",
            sqlite_where=sa.text("state NOT IN ('refused', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('refused', 'withdrawn')"),
        )
        batch_op.drop_index(
            "uq_assignment_officer_once",
            sqlite_where=sa.text("state NOT IN ('refused', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('refused', 'withdrawn')"),
        )
        batch_op.drop_index("ix_assignment_to_unit")
        batch_op.drop_index("ix_assignment_to_officer")
        batch_op.drop_index(batch_op.f("ix_assignment_root_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_indicator_version_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_from_unit_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_case_key"))

    op.drop_table("assignment")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_expires_at"))
        batch_op.drop_index("ix_web_session_account")

    op.drop_table("web_session")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_instance_id")
        batch_op.drop_index("ix_task_closed_by")

    op.drop_table("task")
    with op.batch_alter_table("snapshot_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshot_row_subject"))

    op.drop_table("snapshot_row")
    with op.batch_alter_table("role_assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_role_assignment_open_line",
            sqlite_where=sa.text("valid_to IS NULL AND line_code IS NOT NULL"),
            postgresql_where=sa.text("valid_to IS NULL AND line_code IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_role_assignment_open",
            sqlite_where=sa.text("valid_to IS NULL AND line_code IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL AND line_code IS NULL"),
        )
        batch_op.drop_index("ix_role_assignment_seat")
        batch_op.drop_index(batch_op.f("ix_role_assignment_officer_id"))

    op.drop_table("role_assignment")
    with op.batch_alter_table("indicator_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_indicator_version_one_draft",
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
        batch_op.drop_index("uq_indicator_version_number")
        batch_op.drop_index(batch_op.f("ix_indicator_version_state"))
        batch_op.drop_index(batch_op.f("ix_indicator_version_line_code"))
        batch_op.drop_index("ix_indicator_version_in_force")

    op.drop_table("indicator_version")
    op.drop_table("history_entry")
    with op.batch_alter_table("correction_verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_verdict_correction_id"))

    op.drop_table("correction_verdict")
    with op.batch_alter_table("appeal_rung", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_rung_unit_id"))

    op.drop_table("appeal_rung")
    op.drop_table("appeal_ruling")
    op.drop_table("snapshot")
    op.drop_table("signature")
    op.drop_table("score_sum")
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.drop_index("ix_relation_pair")
        batch_op.drop_index(batch_op.f("ix_relation_other_id"))

    op.drop_table("relation")
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_instance_subject_id"))
        batch_op.drop_index("ix_process_instance_started_by")
        batch_op.drop_index(
            "ix_process_instance_due",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.drop_table("process_instance")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_open_main",
            sqlite_where=sa.text("valid_to IS NULL AND kind = 'main'"),
            postgresql_where=sa.text("valid_to IS NULL AND kind = 'main'"),
        )
        batch_op.drop_index("ix_membership_unit")
        batch_op.drop_index("ix_membership_officer")

    op.drop_table("membership")
    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.drop_index("ix_leave_officer")

    op.drop_table("leave")
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_parent_id"))

    op.drop_table("indicator")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_identity_open",
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )
        batch_op.drop_index("ix_identity_officer")

    op.drop_table("identity")
    op.drop_table("deployed_decision")
    with op.batch_alter_table("correction_entry", schema=None) as batch_op:
        batch_op.drop_index("uq_correction_entry_reverses")
        batch_op.drop_index(batch_op.f("ix_correction_entry_voucher_key"))
        batch_op.drop_index("ix_correction_entry_subject")
        batch_op.drop_index(batch_op.f("ix_correction_entry_case_key"))

    op.drop_table("correction_entry")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index("uq_correction_source_key")
        batch_op.drop_index(batch_op.f("ix_correction_unit_id"))
        batch_op.drop_index(batch_op.f("ix_correction_period_id"))

    op.drop_table("correction")
    with op.batch_alter_table("business_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_business_line_owner_id"))

    op.drop_table("business_line")
    op.drop_table("authority_seal")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appeal_decision_filed",
            sqlite_where=sa.text("state = 'filed'"),
            postgresql_where=sa.text("state = 'filed'"),
        )
        batch_op.drop_index(batch_op.f("ix_appeal_unit_id"))
        batch_op.drop_index(batch_op.f("ix_appeal_period_id"))
        batch_op.drop_index("ix_appeal_officer")
        batch_op.drop_index(batch_op.f("ix_appeal_contested_key"))

    op.drop_table("appeal")
    op.drop_table("account")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))

    op.drop_table("unit")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receipt_made_at"))

    op.drop_table("receipt")
    op.drop_table("plan")
    with op.batch_alter_table("period", schema=None) as batch_op:
        batch_op.drop_index("uq_period_kind_code")
        batch_op.drop_index("ix_period_kind_starts_on")

    op.drop_table("period")
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_officer_name"))

    op.drop_table("officer")
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_attempt_last_at"))

    op.drop_table("login_attempt")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_job_key_open",
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    op.drop_table("deployment")
    op.drop_table("day_off")
    op.drop_table("banned_phrase")
    with op.batch_alter_table("ban_override", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ban_override_subject"))

    op.drop_table("ban_override")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_sha256"))
        batch_op.drop_index(batch_op.f("ix_attachment_case_key"))

    op.drop_table("attachment")
    with op.batch_alter_table("appeal_extension", schema=None) as batch_op:
        batch_op.drop_index("ix_appeal_extension_decision")

    op.drop_table("appeal_extension")
