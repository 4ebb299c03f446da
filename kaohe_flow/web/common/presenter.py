"""How a kind of case shows itself: each feature of the web registers one presenter per process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kaohe_flow.kernel.actor import Actor
from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.kernel.unit_of_work import Work

Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """A button on the case page. ``post`` acts at once (after ``confirm``), else it leads to a form.

    ``hint`` is a sentence beside it: until when, or, with no ``url``, why it cannot be done any more.
    """

    label: str
    url: str
    post: bool = False
    kind: str = ""
    symbol: str = ""
    confirm: str = ""
    hint: str = ""


class Presenter(Protocol):
    """Pages of one kind of case. ``template`` shows the case, ``form_template`` what a task asks for."""

    @property
    def template(self) -> str:
        """Partial with the contents of the case; gets what ``show`` returns."""

    @property
    def form_template(self) -> str:
        """Partial with the form of a task; gets what ``show`` returns, ``task``, ``errors`` and ``typed``."""

    def check_visible(self, session: Session, case_key: str, actor: Actor) -> None:
        """Raises ``NotFound`` when the case lies outside the person's scope."""

    def show(self, session: Session, case_key: str) -> Mapping[str, Any]:
        """What the partials need to know of the case."""

    def acts(self, session: Session, case_key: str, actor: Actor, now: datetime) -> Sequence[Act]:
        """What this person may do with the whole case now, such as 撤回 or 提请复议."""

    def decide(self, work: Work, task_id: int, form: Form) -> None:
        """Finish a task with what was typed. Raises ``InvalidInput`` with fields, and what commands raise."""


def register(app: Flask, process_key: str, presenter: Presenter) -> None:
    """Make a presenter known."""
    app.extensions.setdefault("kaohe_presenters", {})[process_key] = presenter


def presenter_of(process_key: str) -> Presenter:
    """The presenter of a process. Raises ``NotFound``."""
    known: Mapping[str, Presenter] = current_app.extensions["kaohe_presenters"]
    if process_key not in known:
        raise NotFound
    return known[process_key]
