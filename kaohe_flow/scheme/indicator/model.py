"""Indicators and their versions as tables."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kaohe_flow.kernel.orm import Base, Milli, UtcDateTime, str_enum
from kaohe_flow.organization.officer.model import Officer
from kaohe_flow.scheme.indicator.rules import Content, Kind, Mode, Module, Split, TargetKind, VersionState
from kaohe_flow.scheme.period.model import Period

ONE_DRAFT = text("state = 'draft'")


class Indicator(Base):
    """What stays the same while the wording changes. ``parent_id`` leads up to the goal it serves."""

    __tablename__ = "indicator"
    __table_args__ = (CheckConstraint("parent_id <> id", name="serves_another"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey(Officer.id))


class IndicatorVersion(Base):
    """One wording. Frozen from the moment it is effective; only its end may still be set.

    ``valid_from_on`` and ``valid_until_on`` are the first and the last day, copied from the periods, so that
    a version is found without joining them. ``line_code`` has no foreign key: the unit itself and the
    discipline office own indicators too.
    """

    __tablename__ = "indicator_version"
    __table_args__ = (
        Index("uq_indicator_version_number", "indicator_id", "number", unique=True),
        Index(
            "uq_indicator_version_one_draft",
            "indicator_id",
            unique=True,
            sqlite_where=ONE_DRAFT,
            postgresql_where=ONE_DRAFT,
        ),
        Index("ix_indicator_version_in_force", "indicator_id", "valid_from_on"),
        CheckConstraint(
            "(mode = 'penalty' AND base_points <= 0 AND cap IS NULL)"
            " OR (mode <> 'penalty' AND base_points >= 0)",
            name="sign_follows_mode",
        ),
        CheckConstraint("floor IS NULL OR floor <= 0", name="floor_not_positive"),
        CheckConstraint("cap IS NULL OR cap >= base_points", name="cap_not_below_base"),
        CheckConstraint("module <> 'attendance' OR mode = 'penalty'", name="attendance_deducts"),
        CheckConstraint("module <> 'incentive' OR mode = 'reward'", name="incentive_adds"),
        CheckConstraint("level IS NULL OR level BETWEEN 1 AND 5", name="level_known"),
        CheckConstraint("(state = 'draft') = (valid_from_on IS NULL)", name="in_force_from_a_day"),
        CheckConstraint(
            "(valid_from_on IS NULL) = (valid_from_period_id IS NULL)", name="day_comes_from_a_period"
        ),
        CheckConstraint("valid_until_on IS NULL OR valid_until_on >= valid_from_on", name="ends_after_start"),
        CheckConstraint("state <> 'retired' OR valid_until_on IS NOT NULL", name="retired_with_its_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(
        str_enum(VersionState, "state"), default=VersionState.DRAFT, index=True
    )
    name: Mapped[str]
    module: Mapped[Module] = mapped_column(str_enum(Module, "module"))
    mode: Mapped[Mode] = mapped_column(str_enum(Mode, "mode"))
    kind: Mapped[Kind] = mapped_column(str_enum(Kind, "kind"))
    base_points: Mapped[Decimal] = mapped_column(Milli)
    cap: Mapped[Decimal | None] = mapped_column(Milli)
    floor: Mapped[Decimal | None] = mapped_column(Milli)
    rule_text: Mapped[str]
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    group_code: Mapped[str | None]
    measure: Mapped[str]
    unit_of_measure: Mapped[str]
    formula: Mapped[str]
    data_source: Mapped[str]
    evidence_kinds: Mapped[list[str]] = mapped_column(JSON)
    deadline_text: Mapped[str]
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    line_code: Mapped[str] = mapped_column(index=True)
    target_kind: Mapped[TargetKind] = mapped_column(str_enum(TargetKind, "target_kind"))
    level: Mapped[int | None]
    applies_to: Mapped[list[str]] = mapped_column(JSON)
    split: Mapped[Split] = mapped_column(str_enum(Split, "split"))
    valid_from_period_id: Mapped[int | None] = mapped_column(ForeignKey(Period.id))
    valid_from_on: Mapped[date | None]
    valid_until_on: Mapped[date | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey(Officer.id))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    effective_by_id: Mapped[int | None] = mapped_column(ForeignKey(Officer.id))
    effective_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    indicator: Mapped[Indicator] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the mapper's own way of configuration

    @property
    def is_draft(self) -> bool:
        """Whether it may still be rewritten."""
        return self.state is VersionState.DRAFT

    @property
    def content(self) -> Content:
        """What it says, apart from when and by whom."""
        return Content(
            name=self.name,
            module=self.module,
            mode=self.mode,
            base_points=self.base_points,
            cap=self.cap,
            floor=self.floor,
            kind=self.kind,
            rule_text=self.rule_text,
            rule=dict(self.rule),
            group_code=self.group_code,
            measure=self.measure,
            unit_of_measure=self.unit_of_measure,
            formula=self.formula,
            data_source=self.data_source,
            evidence_kinds=tuple(self.evidence_kinds),
            deadline_text=self.deadline_text,
            deadline_at=self.deadline_at,
            line_code=self.line_code,
            target_kind=self.target_kind,
            level=self.level,
            applies_to=tuple(self.applies_to),
            split=self.split,
        )

    @content.setter
    def content(self, content: Content) -> None:
        for name in Content.__dataclass_fields__:
            value = getattr(content, name)
            setattr(self, name, list(value) if isinstance(value, tuple) else value)
        self.rule = dict(content.rule)
