"""Deploying a diagram: everything is checked, all faults are told at once, then a new version stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from kaohe_flow.kernel.unit_of_work import Work
from kaohe_flow.records.audit.commands import record
from kaohe_flow.workflow.deployment.model import DeployedDecision, Deployment
from kaohe_flow.workflow.deployment.queries import decisions_of, find
from kaohe_flow.workflow.diagram.rules import Vocabulary, inspect, process_key
from kaohe_flow.workflow.errors import DiagramRefused, Fault
from kaohe_flow.workflow.runtime import Runtime, runtime_of


def deploy(
    work: Work, bpmn: bytes, *, decisions: Mapping[str, bytes], note: str = ""
) -> tuple[Deployment, Sequence[Fault]]:
    """Make ``bpmn`` the version that new cases start on; running ones stay on theirs.

    ``decisions`` are DMN files by decision id; one that is missing is taken over from the version before.
    Returns the deployment and the warnings. Raises ``DiagramRefused`` with every fault. Deploying the very
    text of the current version again gives that version back.
    """
    runtime = runtime_of(work.session)
    key = process_key(bpmn)
    before = find(work.session, key)
    tables = {**decisions_of(before), **decisions}
    findings = inspect(bpmn, dmn=tuple(tables.values()), vocabulary=_vocabulary(runtime, key))
    faults = tuple(fault for fault in findings if fault.severity == "error")
    if faults:
        raise DiagramRefused(faults=faults)
    process = runtime.engine.compile(bpmn, dmn=tuple(tables.values()))
    digest = _digest(bpmn, tables)
    if before is not None and before.sha256 == digest:
        return before, findings
    deployment = Deployment(
        key=process.key,
        version=before.version + 1 if before else 1,
        name=process.name,
        sha256=digest,
        bpmn=bpmn,
        note=note,
        deployed_by=work.actor.name,
        deployed_at=work.now,
        decisions=[DeployedDecision(name=name, dmn=dmn) for name, dmn in sorted(tables.items())],
    )
    work.session.add(deployment)
    work.session.flush()
    record(work, "process.deployed", f"process:{process.key}", version=deployment.version, sha256=digest)
    return deployment, findings


def _vocabulary(runtime: Runtime, key: str) -> Vocabulary:
    """What the file may use. A process id that no code stands behind is a fault like any other."""
    if key and key not in runtime.delegates:
        known = "、".join(sorted(runtime.delegates))
        text = f"流程标识（process id）“{key}”不是系统认识的流程，请改为其中之一：{known}"
        raise DiagramRefused(faults=(Fault(key, "", 0, "unknown-process", text),))
    return runtime.vocabulary(key) if key else Vocabulary()


def _digest(bpmn: bytes, tables: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(bpmn)
    for name in sorted(tables):
        digest.update(b"\0" + name.encode() + b"\0" + tables[name])
    return digest.hexdigest()
