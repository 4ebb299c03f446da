"""Item rules as typed into a form: JSON in, judged by the ways of scoring the scheme format knows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kaohe_flow.kernel.errors import InvalidInput, Problem
from kaohe_flow.scheme.definition.binding.rules import bind
from kaohe_flow.scheme.definition.document.rules import Faults, Listing, Node, Place, Record, Scalar
from kaohe_flow.scheme.definition.method.rules import METHODS

LINE = 1


class RuleUnreadable(InvalidInput):
    """The text is no JSON object."""

    code = "item-rule-unreadable"
    message = '规则参数须为 JSON 对象，例如 {{"ratio": {{}}}}，不需要时留空'


def read_rule(text: str) -> Mapping[str, Any]:
    """The rule in a form field; decimals stay the text they are. Raises ``RuleUnreadable``."""
    if not text.strip():
        return {}
    try:
        rule = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise RuleUnreadable(field="rule") from None
    if not isinstance(rule, dict):
        raise RuleUnreadable(field="rule")
    return rule


def write_rule(rule: Mapping[str, Any]) -> str:
    """The rule as it is typed; nothing for none."""
    return json.dumps(rule, ensure_ascii=False, indent=2) if rule else ""


def check_rule(rule: Mapping[str, Any]) -> tuple[Problem, ...]:
    """One way of scoring with its keys, ``{"ratio": {…}}``; every fault is named under ``rule``."""
    if len(rule) != 1 or next(iter(rule)) not in METHODS:
        return (Problem("rule", f"规则参数须恰好写一种记分办法，可写：{'、'.join(METHODS)}"),)
    name, keys = next(iter(rule.items()))
    faults = Faults()
    bind(METHODS[name], _node(keys), Place(faults))
    return tuple(Problem("rule", f"{fault.path}：{fault.text}".lstrip("：")) for fault in faults.found)


def _node(value: object) -> Node:
    if isinstance(value, Mapping):
        entries = {str(key): _node(inner) for key, inner in value.items()}
        return Record(LINE, entries, dict.fromkeys(entries, LINE))
    if isinstance(value, list):
        return Listing(LINE, tuple(map(_node, value)))
    if isinstance(value, bool):
        return Scalar(LINE, str(value).lower())
    return Scalar(LINE, "" if value is None else str(value))
