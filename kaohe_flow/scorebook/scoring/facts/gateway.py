"""Facts files: YAML in, ``FactBook`` out, or every fault of the file at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from kaohe_flow.kernel.calendar import WorkCalendar
from kaohe_flow.kernel.errors import InvalidInput, NotFound
from kaohe_flow.scheme.definition.binding.rules import Failed, bind, keys_of, note_unknown, read
from kaohe_flow.scheme.definition.binding.scalar.rules import Factor
from kaohe_flow.scheme.definition.document.gateway import read_document
from kaohe_flow.scheme.definition.document.rules import Faults, Listing, Node, Place, Record, Scalar
from kaohe_flow.scorebook.scoring.facts.rules import Deadline, Fact, FactBook, Subject

NOBODY: Final = "-"
FACT_KEYS: Final = frozenset(keys_of(Fact)) - {"origin"}


class FactsRefused(InvalidInput):
    """A facts file with faults; ``problems`` lists them all with path and line."""

    code = "facts-refused"
    message = "事实文件“{name}”有 {count} 处错误"


class NoSuchFacts(NotFound):
    """There is no file of this name."""

    code = "no-such-facts"
    message = "没有找到事实文件“{name}”"


@dataclass(frozen=True, slots=True)
class Days:
    """Days off and days worked instead."""

    holidays: tuple[date, ...] = ()
    makeup: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class BookHead:
    """Keys of a facts file besides its facts."""

    scheme: str | None = None
    period: str | None = None
    closed: bool = False
    calendar: Days = Days()
    subjects: tuple[Subject, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    note: str = ""


HEAD_KEYS: Final = frozenset(keys_of(BookHead))


def load_facts(path: str | Path, *, scheme_id: str) -> FactBook:
    """Raises ``NoSuchFacts``, ``DocumentRefused`` or ``FactsRefused``."""
    file = Path(path)
    if not file.is_file():
        raise NoSuchFacts(name=str(path))
    return read_facts(file.read_bytes(), name=file.name, scheme_id=scheme_id)


def read_facts(content: str | bytes, *, name: str = "事实", scheme_id: str | None = None) -> FactBook:
    """The facts in ``content``; a file that names another scheme is refused."""
    faults = Faults()
    root = read_document(content, name=name, faults=faults)
    place = Place(faults)
    book = _book(root, place, scheme_id)
    if faults.found or book is None:
        problems = faults.problems()
        raise FactsRefused(problems=problems, name=name, count=len(problems))
    return book


def _book(root: Node, place: Place, scheme_id: str | None) -> FactBook | None:
    if not isinstance(root, Record):
        place.fault(root.line, "事实文件应是一组“键: 值”，写 subjects 和 facts")
        return None
    note_unknown(root, place, HEAD_KEYS | {"facts"})
    own = {key: node for key, node in root.entries.items() if key in HEAD_KEYS}
    head = bind(BookHead, Record(root.line, own, root.key_lines), place)
    facts = tuple(_facts(root.entries.get("facts"), place.key("facts")))
    if isinstance(head, Failed):
        return None
    if head.scheme is not None and scheme_id is not None and head.scheme != scheme_id:
        text = f"事实文件是为方案“{head.scheme}”写的，现在的方案是“{scheme_id}”"
        place.key("scheme").fault(root.key_lines.get("scheme"), text)
    _note_doubles(root, place)
    calendar = WorkCalendar(frozenset(head.calendar.holidays), frozenset(head.calendar.makeup))
    return FactBook(head.subjects, facts, head.period, head.closed, calendar, head.deadlines)


def _facts(node: Node | None, place: Place) -> Iterator[Fact]:
    if node is None:
        return
    if not isinstance(node, Listing):
        place.fault(node.line, "facts 应是列表，每件事实一项")
        return
    for position, child in enumerate(node.nodes):
        here = place.index(position)
        if not isinstance(child, Record):
            here.fault(child.line, "事实应是一组“键: 值”")
            continue
        yield from _fact(child, here, f"F{position + 1}")


def _fact(node: Record, place: Place, default_id: str) -> Iterator[Fact]:
    """One record is one fact for each subject it names; a mapping of subjects gives their shares."""
    note_unknown(node, place, FACT_KEYS | {"subjects"})
    who = node.entries.get("subjects")
    rest: dict[str, Node] = {"id": Scalar(node.line, default_id, quoted=True)}
    rest |= {key: one for key, one in node.entries.items() if key in FACT_KEYS}
    if who is None:
        fact = bind(Fact, Record(node.line, rest, node.key_lines), place)
        if isinstance(fact, Fact):
            yield fact
        return
    if "subject" in rest:
        place.key("subjects").fault(who.line, "subject 与 subjects 只写一个")
    shares = _shares(who, place.key("subjects"))
    rest["subject"] = Scalar(node.line, NOBODY, quoted=True)
    fact = bind(Fact, Record(node.line, rest, node.key_lines), place)
    if isinstance(fact, Failed):
        return
    coauthors = fact.coauthors if "coauthors" in rest else Decimal(max(len(shares), 1))
    for subject, share in shares.items():
        own_id = f"{fact.id}@{subject}"
        yield replace(fact, id=own_id, subject=subject, share=share or fact.share, coauthors=coauthors)


def _shares(node: Node, place: Place) -> dict[str, Decimal | None]:
    if isinstance(node, Record):
        shares: dict[str, Decimal | None] = {}
        for subject, child in node.entries.items():
            share = read(Factor, child, place.key(subject))
            if isinstance(share, Decimal):
                shares[subject] = share
        total = sum((share for share in shares.values() if share is not None), Decimal(0))
        if total != 1:
            place.fault(node.line, f"各人份额合计 {total}，应为 1（100%）")
        return shares
    listed = read(tuple[str, ...], node, place)
    return dict.fromkeys(listed) if isinstance(listed, tuple) else {}


def _note_doubles(root: Record, place: Place) -> None:
    for key, noun in (("subjects", "考核对象"), ("facts", "事实"), ("deadlines", "时限")):
        listing = root.entries.get(key)
        seen: dict[str, int] = {}
        for position, child in enumerate(listing.nodes if isinstance(listing, Listing) else ()):
            own = child.entries.get("id") if isinstance(child, Record) else None
            text = getattr(own, "text", None)
            if text is None:
                continue
            if text in seen:
                here = place.key(key).index(position).key("id")
                here.fault(child.line, f"{noun}“{text}”重复，第 {seen[text]} 行已经写过")
            seen.setdefault(text, child.line)
