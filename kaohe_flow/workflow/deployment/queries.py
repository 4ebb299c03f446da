"""What can be asked of the catalogue of diagrams."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.workflow.deployment.model import Deployment
from kaohe_flow.workflow.engine.port import Process
from kaohe_flow.workflow.runtime import runtime_of


class NotDeployed(NotFound):
    """Nobody has deployed a diagram under this key."""

    code = "not-deployed"
    message = "流程“{key}”还没有发布，请流程管理员先发布"


def find(session: Session, key: str) -> Deployment | None:
    """The version new cases start on, if there is any."""
    return session.scalars(
        select(Deployment).where(Deployment.key == key).order_by(Deployment.version.desc()).limit(1)
    ).first()


def latest(session: Session, key: str) -> Deployment:
    """The version new cases start on. Raises ``NotDeployed``."""
    deployment = find(session, key)
    if deployment is None:
        raise NotDeployed(key=key)
    return deployment


def decisions_of(deployment: Deployment | None) -> dict[str, bytes]:
    """The decision tables of a version by decision id; none before the first version."""
    return {one.name: one.dmn for one in deployment.decisions} if deployment else {}


def latest_id(session: Session, key: str) -> int:
    """Id of the version new cases start on, without reading the diagram. Raises ``NotDeployed``."""
    found = session.scalar(
        select(Deployment.id).where(Deployment.key == key).order_by(Deployment.version.desc()).limit(1)
    )
    if found is None:
        raise NotDeployed(key=key)
    return found


def one(session: Session, deployment_id: int) -> Deployment:
    """One version. Raises ``NotFound``."""
    deployment = session.get(Deployment, deployment_id)
    if deployment is None:
        raise NotFound
    return deployment


def catalogue(session: Session) -> Sequence[Deployment]:
    """All versions of all diagrams, newest version first inside each key; diagrams not loaded."""
    return session.scalars(
        select(Deployment).options(defer(Deployment.bpmn)).order_by(Deployment.key, Deployment.version.desc())
    ).all()


def process(session: Session, deployment_id: int) -> Process:
    """The compiled diagram, from memory if it was compiled before."""
    runtime = runtime_of(session)
    compiled = runtime.cached(deployment_id)
    if compiled is None:
        deployment = one(session, deployment_id)
        compiled = runtime.engine.compile(
            deployment.bpmn, dmn=tuple(decision.dmn for decision in deployment.decisions)
        )
        runtime.keep(deployment_id, compiled)
    return compiled
