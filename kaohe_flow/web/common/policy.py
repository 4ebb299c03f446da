"""Who may knock: every route declares its policy, or the application does not start.

A policy is the first gate only: what of the data a person may see is decided by scope in the queries, and
what they may do to a case by the commands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import KaoheError

View = TypeVar("View", bound=Callable[..., object])
Policy = Callable[[Actor | None], bool]
ATTRIBUTE = "kaohe_policy"
OPEN_ENDPOINTS = frozenset({"static"})


class PolicyMissing(KaoheError):
    """A route was added without saying who may use it."""

    code = "policy-missing"
    message = "以下路由没有声明访问策略，系统拒绝启动：{endpoints}"


def anyone(_actor: Actor | None) -> bool:
    """Also people who are not signed in."""
    return True


def signed_in(actor: Actor | None) -> bool:
    """Everybody with a session."""
    return actor is not None


def officers(actor: Actor | None) -> bool:
    """People of the bureau, not the three administrators."""
    return actor is not None and actor.officer_id is not None


def holding(*roles: str) -> Policy:
    """Holders of one of the roles, at whatever unit."""

    def policy(actor: Actor | None) -> bool:
        return actor is not None and any(
            principal.partition("@")[0].partition(":")[0] in roles for principal in actor.principals
        )

    return policy


def either(*policies: Policy) -> Policy:
    """Whoever one of the policies lets in."""

    def policy(actor: Actor | None) -> bool:
        return any(each(actor) for each in policies)

    return policy


system_administrators: Final = holding("sysadmin")
"""They enter units, lines, people and accounts, and hand nobody any competence."""
security_administrators: Final = holding("secadmin")
"""They open accounts and grant competences, and enter nobody."""
auditors: Final = holding("auditor")
"""They read what the others did, and do nothing."""
administrators: Final = either(system_administrators, security_administrators, auditors)


def allow(policy: Policy) -> Callable[[View], View]:
    """Declare the policy of a view: ``@allow(holding("office"))``."""

    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, policy)
        return view

    return mark


def policy_of(app: Flask, endpoint: str | None) -> Policy:
    """The declared policy of an endpoint; unknown addresses are for anyone (they answer 404)."""
    if endpoint is None or endpoint in OPEN_ENDPOINTS:
        return anyone
    policy: Policy = getattr(app.view_functions[endpoint], ATTRIBUTE)
    return policy


def check_policies(app: Flask) -> None:
    """Raises ``PolicyMissing`` naming every endpoint without a policy."""
    missing = sorted(
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in OPEN_ENDPOINTS and not hasattr(view, ATTRIBUTE)
    )
    if missing:
        raise PolicyMissing(endpoints="、".join(missing))
