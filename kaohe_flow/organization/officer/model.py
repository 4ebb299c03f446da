"""Officers, where they serve, their coefficients, their leave. All dated; nothing is ever deleted."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kaohe_flow.kernel.orm import Base, Milli, str_enum
from kaohe_flow.organization.officer.rules import LeaveKind, MembershipKind, OfficerKind, OfficerState
from kaohe_flow.organization.unit.model import ENDS_AFTER_IT_BEGINS, Dated

OPEN_MAIN = text("valid_to IS NULL AND kind = 'main'")
OPEN_END = text("valid_to IS NULL")


class Officer(Base):
    """A police officer or auxiliary; ``police_no`` is the name by which files know them."""

    __tablename__ = "officer"

    id: Mapped[int] = mapped_column(primary_key=True)
    police_no: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[OfficerKind] = mapped_column(str_enum(OfficerKind, "kind"), default=OfficerKind.OFFICER)
    post: Mapped[str]
    state: Mapped[OfficerState] = mapped_column(str_enum(OfficerState, "state"), default=OfficerState.SERVING)


class Membership(Dated, Base):
    """An officer serves in a unit. Main memberships of one officer never overlap."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),
        Index(
            "uq_membership_open_main",
            "officer_id",
            unique=True,
            sqlite_where=OPEN_MAIN,
            postgresql_where=OPEN_MAIN,
        ),
        Index("ix_membership_unit", "unit_id", "kind", "valid_from"),
        Index("ix_membership_officer", "officer_id", "kind", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[MembershipKind] = mapped_column(
        str_enum(MembershipKind, "kind"), default=MembershipKind.MAIN
    )


class Identity(Dated, Base):
    """A line of the coefficient roster: the officer counts with ``coefficient`` as ``code`` (岗位能手…)."""

    __tablename__ = "identity"
    __table_args__ = (
        CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),
        CheckConstraint("coefficient > 0", name="coefficient_positive"),
        Index(
            "uq_identity_open",
            "officer_id",
            "code",
            unique=True,
            sqlite_where=OPEN_END,
            postgresql_where=OPEN_END,
        ),
        Index("ix_identity_officer", "officer_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    code: Mapped[str]
    coefficient: Mapped[Decimal] = mapped_column(Milli)


class Leave(Dated, Base):
    """The officer is away; a period with less than half presence is 未考核, not zero."""

    __tablename__ = "leave"
    __table_args__ = (
        CheckConstraint(ENDS_AFTER_IT_BEGINS, name="ends_after_it_begins"),
        Index("ix_leave_officer", "officer_id", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    kind: Mapped[LeaveKind] = mapped_column(str_enum(LeaveKind, "kind"))
    reason: Mapped[str] = mapped_column(default="")
