"""The engine: reads BPMN, DMN and FEEL, runs instances as sealed bytes; knows no person and no database."""

from __future__ import annotations

from kaohe_flow.workflow.engine.machine import Engine

__all__ = ["Engine"]
