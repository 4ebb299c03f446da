"""Handing indicators down, and moving the case of a handing-down."""

from kaohe_flow.scheme.issuance.commands.handing import (
    acknowledge,
    decompose,
    finish_receiving,
    issue_to_children,
    keep_at_own_level,
    refuse,
    reissue,
    subject,
    take_effect,
    withdraw,
)
from kaohe_flow.scheme.issuance.commands.procedure import (
    PROCESS,
    answer,
    close_gaps,
    hand_on,
    keep,
    propose,
    publish,
    put_in_effect,
    rule_on,
    take_back,
)

__all__ = [
    "PROCESS",
    "acknowledge",
    "answer",
    "close_gaps",
    "decompose",
    "finish_receiving",
    "hand_on",
    "issue_to_children",
    "keep",
    "keep_at_own_level",
    "propose",
    "publish",
    "put_in_effect",
    "refuse",
    "reissue",
    "rule_on",
    "subject",
    "take_back",
    "take_effect",
    "withdraw",
]
