"""What a session needs to move processes: the engine, the delegates, the compiled diagrams."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Final, cast

from sqlalchemy.orm import Session

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.workflow.delegate import Delegate
from kaohe_flow.workflow.diagram.rules import Vocabulary
from kaohe_flow.workflow.engine import Engine
from kaohe_flow.workflow.engine.port import Process

KEPT_PROCESSES: Final = 200
# By this ending a topic says that it books points; silence may never lead to one of them.
SCORES: Final = (".score", ".rescore")
# Steps nobody may leave out: the first lies on every path to the second.
PRECEDENCE: Final = frozenset({("penalty.notify", "penalty.score"), ("seal.publish_notice", "seal.seal")})


class Runtime:
    """One per application, shared by its threads."""

    def __init__(
        self, engine: Engine, delegates: Mapping[str, Delegate], *, functions: frozenset[str]
    ) -> None:
        self.engine = engine
        self._functions = functions
        self._delegates = dict(delegates)
        self._compiled: dict[int, Process] = {}
        self._lock = threading.Lock()

    def delegate(self, process_key: str) -> Delegate:
        """Who speaks for a process key. Raises ``NotFound`` for a key no code stands behind."""
        if process_key not in self._delegates:
            raise NotFound
        return self._delegates[process_key]

    def vocabulary(self, process_key: str) -> Vocabulary:
        """What the diagram of a process may use: what its own delegate offers, and nothing else."""
        delegate = self.delegate(process_key)
        return Vocabulary(
            topics=delegate.topics,
            forms=delegate.forms,
            variables=delegate.variables,
            functions=self._functions,
            scoring_topics=frozenset(topic for topic in delegate.topics if topic.endswith(SCORES)),
            precedence=PRECEDENCE,
        )

    @property
    def delegates(self) -> Mapping[str, Delegate]:
        """All delegates by process key."""
        return self._delegates

    def cached(self, deployment_id: int) -> Process | None:
        """A diagram compiled before; deployments never change, so it never goes stale."""
        return self._compiled.get(deployment_id)

    def keep(self, deployment_id: int, process: Process) -> Process:
        """Remember a compiled diagram; the oldest is forgotten first."""
        with self._lock:
            while len(self._compiled) >= KEPT_PROCESSES:
                self._compiled.pop(next(iter(self._compiled)))
            self._compiled[deployment_id] = process
        return process


def runtime_of(session: Session) -> Runtime:
    """The runtime that travels with a session (``Database(engine, runtime=...)``)."""
    return cast(Runtime, session.info["runtime"])
