"""The catalogue of deployed diagrams."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kaohe_flow.kernel.orm import Base, UtcDateTime


class Deployment(Base):
    """One version of one diagram. Never updated: running cases were promised this text."""

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    sha256: Mapped[str]
    bpmn: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(default="")
    deployed_by: Mapped[str]
    deployed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decisions: Mapped[list[DeployedDecision]] = relationship(
        order_by="DeployedDecision.name", lazy="selectin", cascade="all"
    )


class DeployedDecision(Base):
    """A decision table pinned to the deployment that uses it."""

    __tablename__ = "deployed_decision"

    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    dmn: Mapped[bytes] = mapped_column(LargeBinary)
