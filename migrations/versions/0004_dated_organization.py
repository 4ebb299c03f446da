"""The organisation keeps its past: former names and places of units, days and former owners of lines.

A name or a superior that was changed used to be overwritten; a line had no days at all. Lines that exist
count from the day their department was founded.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ENDS_AFTER_IT_BEGINS = "valid_to IS NULL OR valid_to >= valid_from"


def upgrade() -> None:
    op.create_table(
        "unit_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(ENDS_AFTER_IT_BEGINS, name=op.f("ck_unit_past_ends_after_it_begins")),
        sa.CheckConstraint("valid_to IS NOT NULL", name=op.f("ck_unit_past_is_over")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_past_parent_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_past_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_past")),
        sa.UniqueConstraint("unit_id", "valid_from", name=op.f("uq_unit_past_unit_id_valid_from")),
    )
    op.create_table(
        "line_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(ENDS_AFTER_IT_BEGINS, name=op.f("ck_line_past_ends_after_it_begins")),
        sa.CheckConstraint("valid_to IS NOT NULL", name=op.f("ck_line_past_is_over")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["business_line.id"], name=op.f("fk_line_past_line_id_business_line")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["unit.id"], name=op.f("fk_line_past_owner_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_past")),
        sa.UniqueConstraint("line_id", "valid_from", name=op.f("uq_line_past_line_id_valid_from")),
    )
    # Not in batch mode: that would drop the table while competences refer to it.
    op.execute("ALTER TABLE business_line ADD COLUMN valid_from DATE NOT NULL DEFAULT '2000-01-01'")
    op.execute(
        "ALTER TABLE business_line ADD COLUMN valid_to DATE "
        f"CONSTRAINT ck_business_line_ends_after_it_begins CHECK ({ENDS_AFTER_IT_BEGINS})"
    )
    op.execute(
        "UPDATE business_line SET valid_from = "
        "(SELECT unit.valid_from FROM unit WHERE unit.id = business_line.owner_id)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE business_line DROP COLUMN valid_to")
    op.execute("ALTER TABLE business_line DROP COLUMN valid_from")
    op.drop_table("line_past")
    op.drop_table("unit_past")
