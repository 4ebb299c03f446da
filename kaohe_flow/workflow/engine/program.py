"""A compiled diagram as the engine keeps it: the library's specs, ready to run, shared by all threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kaohe_flow.workflow.engine.library import BpmnProcessSpec


@dataclass(frozen=True, slots=True)
class Program:
    """``root`` is the process itself; ``subs`` its sub-processes and called processes by their key."""

    root: BpmnProcessSpec
    subs: Mapping[str, BpmnProcessSpec]
