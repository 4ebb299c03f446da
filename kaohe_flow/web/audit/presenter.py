"""Lines of the audit trail in words: numbers on record become the names people know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson
from sqlalchemy.orm import Session

from kaohe_flow.organization.account import queries as accounts
from kaohe_flow.organization.account.rules import AccountKind, AccountState
from kaohe_flow.organization.officer import queries as officers
from kaohe_flow.organization.role.rules import RelationKind, Role, read_principal
from kaohe_flow.organization.unit import queries as units
from kaohe_flow.web.audit.words import DETAILS, SUBJECTS, VERDICTS, told

LONGEST: Final = 60
UNITS: Final = ("unit", "parent", "into", "owner")
"""Details that hold the number of a unit; before and after do so where a place changed."""
PLACES_CHANGED: Final = frozenset({"unit.moved", "line.handed_over"})
WORDS: Final = {
    **VERDICTS,
    **{word.value: word.label for words in (AccountKind, AccountState, RelationKind) for word in words},
}


class Entry(Protocol):
    """What is read of an entry."""

    @property
    def deed(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def payload(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One deed as the page shows it."""

    entry: Entry
    deed: str
    subject: str
    details: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names by number, for what one page mentions."""

    unit: dict[int, str]
    officer: dict[int, str]
    account: dict[int, str]

    def of(self, subject: str) -> str:
        """``officer:12`` as ``民警 王小明``; what has no name keeps its number."""
        kind, _, number = subject.partition(":")
        known: dict[int, str] = getattr(self, kind) if kind in {"unit", "officer", "account"} else {}
        name = known.get(int(number), number) if number.isdigit() else number
        return f"{SUBJECTS.get(kind, kind)} {name}".strip()

    def seat(self, text: str) -> str:
        """``unit_admin@4`` as ``城关派出所 单位内勤``."""
        seat = read_principal(text)
        if seat is None or seat.role is Role.OFFICER:
            return text
        line = f"（{seat.line}）" if seat.line else ""
        return f"{self.unit.get(seat.place, seat.place)} {seat.role.label}{line}"


def lines(session: Session, entries: Sequence[Entry]) -> list[Line]:
    """The entries of a page in words, in three statements."""
    read = [(entry, _details(entry)) for entry in entries]
    names = _names(session, read)
    return [
        Line(entry, told(entry.deed), names.of(entry.subject), _told(entry, details, names))
        for entry, details in read
    ]


def _details(entry: Entry) -> dict[str, Any]:
    details: dict[str, Any] = orjson.loads(entry.payload)["details"]
    return details


def _names(session: Session, read: Iterable[tuple[Entry, dict[str, Any]]]) -> Names:
    asked: dict[str, set[int]] = {"unit": set(), "officer": set(), "account": set()}
    for entry, details in read:
        kind, _, number = entry.subject.partition(":")
        if kind in asked and number.isdigit():
            asked[kind].add(int(number))
        asked["unit"].update(value for name, value in details.items() if _is_unit(entry, name, value))
        asked["officer"].update(details.get("officers") or ())
        seat = read_principal(str(details.get("seat", "")))
        if seat is not None and seat.role is not Role.OFFICER:
            asked["unit"].add(seat.place)
    return Names(
        {unit.id: unit.name for unit in units.by_ids(session, asked["unit"]).values()},
        {officer.id: officer.name for officer in officers.by_ids(session, asked["officer"]).values()},
        accounts.usernames(session, asked["account"]),
    )


def _is_unit(entry: Entry, name: str, value: Any) -> bool:
    moved = entry.deed in PLACES_CHANGED and name in {"before", "after"}
    return isinstance(value, int) and (name in UNITS or moved)


def _told(entry: Entry, details: dict[str, Any], names: Names) -> str:
    said = []
    for name, value in details.items():
        if value in ("", None):
            continue
        said.append(f"{DETAILS.get(name, name)}：{_value(entry, name, value, names)}")
    return "；".join(said)


def _value(entry: Entry, name: str, value: Any, names: Names) -> str:
    if _is_unit(entry, name, value):
        return names.unit.get(value, str(value))
    if name == "officers":
        return "、".join(names.officer.get(each, str(each)) for each in value)
    if name == "seat":
        return names.seat(str(value))
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    text = WORDS.get(text, text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
