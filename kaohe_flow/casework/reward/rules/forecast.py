"""What a claim would come to, told to the office before it approves, and the fact that is booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kaohe_flow.casework.reward.rules.claim import RewardContent, RewardVerdict
from kaohe_flow.kernel.points import ZERO
from kaohe_flow.scorebook.scoring.step.rules import shown


@dataclass(frozen=True, slots=True)
class Forecast:
    """``points`` as the rules of scoring give them now, ``full`` without limits. ``is_void``: the fact is
    to be kept with nothing in it, because a limit or an equal deed leaves nothing.

    ``texts`` say what was cut and why; they are kept with the claim, so a 0 is never silent.
    """

    points: Decimal
    full: Decimal
    is_capped: bool
    is_void: bool
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        """All that is to be said, in one paragraph."""
        return "；".join(self.texts)


@dataclass(frozen=True, slots=True)
class Rival:
    """An earlier reward for the same deed: what it is called, the period, the points booked for it."""

    title: str
    period: str
    points: Decimal


def against_rivals(forecast: Forecast, rivals: Sequence[Rival]) -> Forecast:
    """Highest only (就高不就低), also against periods that the scoring of this one does not look at.

    An equal or higher award leaves nothing for this one. A lower one is named: its points were booked and
    are the office's to correct.
    """
    best = max(rivals, key=lambda rival: rival.points, default=None)
    if best is None:
        return forecast
    booked = f"同一事迹已在{best.period}按“{best.title}”计 {shown(best.points)} 分"
    if forecast.points <= ZERO:
        return _told(forecast, f"{booked}，就高不就低", is_void=forecast.is_void)
    if best.points >= forecast.points:
        return _told(forecast, f"{booked}，就高不就低，本次记 0 分", is_void=True)
    return _told(forecast, f"{booked}，本次较高，请核定是否先更正原计分", is_void=False)


def _told(forecast: Forecast, text: str, *, is_void: bool) -> Forecast:
    return Forecast(
        points=ZERO if is_void else forecast.points,
        full=forecast.full,
        is_capped=forecast.is_capped,
        is_void=is_void,
        texts=(*forecast.texts, text),
    )


def fact_content(
    content: RewardContent, verdict: RewardVerdict, *, is_void: bool, note: str
) -> dict[str, str]:
    """The fact in the words of the facts format; a void one counts nothing and says why in its note."""
    count = verdict.count if verdict.count is not None else content.count
    figures = {
        "count": count,
        "coauthors": content.coauthors,
        "points": verdict.points,
    }
    if is_void:
        figures |= {name: ZERO for name in ("count", "points") if figures[name] is not None}
        figures["count"] = ZERO
    words = {name: format(value, "f") for name, value in figures.items() if value is not None}
    words["deed"] = content.deed
    if content.option:
        words["option"] = content.option
    if note:
        words["note"] = note
    return words


def counting_day(happened_on: date, today: date, first: date, last: date) -> tuple[date, str]:
    """The day by which the fact is put into its period, annotated when it is not the event's own."""
    if first <= happened_on <= last:
        return happened_on, ""
    return max(first, min(today, last)), f"日期为 {happened_on}，计入申报（或公示期满）时的考核期"
