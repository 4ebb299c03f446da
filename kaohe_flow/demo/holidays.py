"""Public holidays and make-up days of 2025 to 2027.

To be checked by the office against the yearly notice of the State Council: 2025 and 2026 follow the notices
of the Novembers before; for 2027 no notice exists yet, only the statutory days are entered, without make-up
days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from kaohe_flow.scheme.period.commands import FreeDay
from kaohe_flow.scheme.period.rules import DayOffKind

# First day, number of days, name.
HOLIDAYS: Final = (
    (date(2025, 1, 1), 1, "元旦"),
    (date(2025, 1, 28), 8, "春节"),
    (date(2025, 4, 4), 3, "清明节"),
    (date(2025, 5, 1), 5, "劳动节"),
    (date(2025, 5, 31), 3, "端午节"),
    (date(2025, 10, 1), 8, "国庆节、中秋节"),
    (date(2026, 1, 1), 3, "元旦"),
    (date(2026, 2, 15), 9, "春节"),
    (date(2026, 4, 4), 3, "清明节"),
    (date(2026, 5, 1), 5, "劳动节"),
    (date(2026, 6, 19), 3, "端午节"),
    (date(2026, 9, 25), 3, "中秋节"),
    (date(2026, 10, 1), 7, "国庆节"),
    (date(2027, 1, 1), 1, "元旦（待核）"),
    (date(2027, 2, 5), 4, "春节（待核）"),
    (date(2027, 4, 5), 1, "清明节（待核）"),
    (date(2027, 5, 1), 2, "劳动节（待核）"),
    (date(2027, 6, 9), 1, "端午节（待核）"),
    (date(2027, 9, 15), 1, "中秋节（待核）"),
    (date(2027, 10, 1), 3, "国庆节（待核）"),
)
MAKEUP_DAYS: Final = (
    date(2025, 1, 26),
    date(2025, 2, 8),
    date(2025, 4, 27),
    date(2025, 9, 28),
    date(2025, 10, 11),
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
)
YEARS: Final = (2025, 2026, 2027)


def days_off(year: int) -> list[FreeDay]:
    """The list of one year as the office would enter it."""
    free = [
        FreeDay(first + timedelta(days=offset), DayOffKind.HOLIDAY, name)
        for first, length, name in HOLIDAYS
        for offset in range(length)
    ]
    free += [FreeDay(day, DayOffKind.MAKEUP, "调休上班") for day in MAKEUP_DAYS]
    return [one for one in free if one.day.year == year]
