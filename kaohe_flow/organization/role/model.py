"""Granted competences and declared relations."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, str_enum
from kaohe_flow.organization.role.rules import RelationKind, Role
from kaohe_flow.organization.unit.model import ENDS_AFTER_IT_BEGINS, Dated

OPEN_WITHOUT_LINE = text("valid_to IS NULL AND line_code IS NULL")
OPEN_WITH_LINE = text("valid_to IS NULL AND line_code IS NOT NULL")


class RoleAssignment(Dated, Base):
    """An officer holds a competence at a unit. A city-wide line reviewer has one for each authority."""

    __tablename__ = "role_assignment"
    __table_args__ = (
        CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),
        CheckConstraint("role <> 'officer'", name="officer_is_not_granted"),
        CheckConstraint("(role = 'line_reviewer') = (line_code IS NOT NULL)", name="reviewers_have_a_line"),
        Index(
            "uq_role_assignment_open",
            "officer_id",
            "role",
            "unit_id",
            unique=True,
            sqlite_where=OPEN_WITHOUT_LINE,
            postgresql_where=OPEN_WITHOUT_LINE,
        ),
        Index(
            "uq_role_assignment_open_line",
            "officer_id",
            "unit_id",
            "line_code",
            unique=True,
            sqlite_where=OPEN_WITH_LINE,
            postgresql_where=OPEN_WITH_LINE,
        ),
        Index("ix_role_assignment_seat", "unit_id", "role", "line_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    role: Mapped[Role] = mapped_column(str_enum(Role, "role"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    line_code: Mapped[str | None] = mapped_column(ForeignKey("business_line.code"))
    granted_by: Mapped[str]


class Relation(Dated, Base):
    """Two officers who must not decide on each other; stored once, the smaller id first."""

    __tablename__ = "relation"
    __table_args__ = (
        CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),
        CheckConstraint("officer_id < other_id", name="stored_once"),
        Index("ix_relation_pair", "officer_id", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    kind: Mapped[RelationKind] = mapped_column(str_enum(RelationKind, "kind"))
    remark: Mapped[str] = mapped_column(default="")
    declared_by: Mapped[str]
