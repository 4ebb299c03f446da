"""FEEL, the expression language of gateways, timers, decision tables and forms."""

from __future__ import annotations

from kaohe_flow.kernel.feel.errors import FeelError
from kaohe_flow.kernel.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from kaohe_flow.kernel.feel.values import Value

__all__ = ["Expression", "FeelError", "UnaryTests", "Value", "compile_expression", "compile_unary_tests"]
