"""Who is assessed, what may be booked, and on which sheet of a scheme a subject stands."""

from __future__ import annotations

from enum import StrEnum

from kaohe_flow.kernel.errors import NotFound
from kaohe_flow.scheme.definition.rules import Scheme
from kaohe_flow.scorebook.scoring.award.scene.rules import Scene
from kaohe_flow.scorebook.scoring.facts.rules import FactBook, Subject
from kaohe_flow.scorebook.scoring.run.rules import runs_for


class SubjectKind(StrEnum):
    """Both are assessed: officers and units (考民警、考单位)."""

    OFFICER = "officer"
    UNIT = "unit"


class EntryKind(StrEnum):
    """An award books the points of a fact; a reversal takes one award back, to the last thousandth."""

    AWARD = "award"
    REVERSAL = "reversal"


class NoSheet(NotFound):
    """The scheme in force says nothing about such a subject."""

    code = "no-sheet"
    message = "现行考核方案“{scheme}”没有适用于{subject}的考核表"


def scene_for(scheme: Scheme, subject: Subject, period_code: str) -> Scene:
    """The sheet that speaks of the subject in a period such as ``2026-11``. Raises ``NoSheet``."""
    for run in runs_for(scheme, FactBook(subjects=(subject,), period=period_code)):
        if run.subjects:
            return Scene(run.sheet, subject, run.period)
    raise NoSheet(scheme=scheme.title, subject=subject.title)
