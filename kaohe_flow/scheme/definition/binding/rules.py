"""Reading nodes into frozen dataclasses by their annotations, collecting every fault on the way.

A field ``from_`` is the key ``from``. A field with a default may be left out or left empty. A faulty element
of a list is dropped after its fault is noted; a class whose required field is faulty is not built at all.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from kaohe_flow.scheme.definition.binding.scalar.rules import Marker, read_scalar
from kaohe_flow.scheme.definition.document.rules import Listing, Node, Place, Record, Scalar

T = TypeVar("T")


class Failed:
    """What a reader hands back after it noted a fault."""


FAILED: Final = Failed()
KEYS: Final[dict[type[Any], Mapping[str, tuple[Field[Any], Any]]]] = {}


def key_of(name: str) -> str:
    """The key in the file for a field of a class: ``from_`` → ``from``."""
    return name.rstrip("_")


def keys_of(cls: type[Any]) -> Mapping[str, tuple[Field[Any], Any]]:
    """Keys of a class with field and annotation, in order."""
    known = KEYS.get(cls)
    if known is None:
        hints = get_type_hints(cls, include_extras=True)
        known = KEYS[cls] = {key_of(one.name): (one, hints[one.name]) for one in fields(cls) if one.init}
    return known


def bind(cls: type[T], node: Node, place: Place, *, also: frozenset[str] = frozenset()) -> T | Failed:
    """An instance of ``cls`` from a record. ``also`` are keys that belong to somebody else."""
    if not isinstance(node, Record):
        place.fault(node.line, "这里应是一组“键: 值”")
        return FAILED
    known = keys_of(cls)
    noted_before = place.faults.noted
    note_unknown(node, place, frozenset(known) | also)
    values = {field.name: _field(key, field, hint, node, place) for key, (field, hint) in known.items()}
    if any(value is FAILED for value in values.values()):
        return FAILED
    try:
        return cls(**values)
    except ValueError as exc:  # the class's own __post_init__ says in Chinese what does not fit
        if place.faults.noted == noted_before:  # otherwise it may only follow from those
            place.fault(node.line, str(exc))
        return FAILED


def note_unknown(node: Record, place: Place, known: frozenset[str]) -> None:
    """A key nobody asked for is a fault, with the nearest known key as a hint."""
    for key in node.entries:
        if key in known:
            continue
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"，是不是“{near[0]}”？" if near else f"，可用的键：{'、'.join(sorted(known))}"
        place.key(key).fault(node.key_lines[key], f"不认识的键“{key}”{hint}")


def _field(key: str, field: Field[Any], hint: Any, node: Record, place: Place) -> Any:
    child = node.entries.get(key)
    has_default = not _is_required(field)
    if child is None or (isinstance(child, Scalar) and child.is_null and not _accepts_none_as_value(hint)):
        if has_default:
            return _default(field)
        place.key(key).fault(node.line, f"缺少“{key}”")
        return FAILED
    value = read(hint, child, place.key(key))
    return _default(field) if value is FAILED and has_default else value


def _accepts_none_as_value(hint: Any) -> bool:
    return get_origin(hint) is Literal and None in get_args(hint)


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def read(hint: Any, node: Node, place: Place) -> Any:
    """The value of one node under one annotation, or ``FAILED``."""
    marker: Marker | None = None
    if get_origin(hint) is Annotated:
        hint, *extras = get_args(hint)
        marker = next((extra for extra in extras if isinstance(extra, Marker)), None)
    if marker is not None:
        return _scalar(hint, marker, node, place)
    origin = get_origin(hint)
    if origin in {Union, types.UnionType}:
        return _union(get_args(hint), node, place)
    if origin is tuple:
        return _tuple(get_args(hint)[0], node, place)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(get_args(hint)[1], node, place)
    if is_dataclass(hint) and isinstance(hint, type):
        return bind(hint, node, place)
    return _scalar(hint, None, node, place)


def _scalar(hint: Any, marker: Marker | None, node: Node, place: Place) -> Any:
    if not isinstance(node, Scalar):
        place.fault(node.line, "这里应是单个值，不能是列表或一组键值")
        return FAILED
    try:
        return read_scalar(hint, marker, node)
    except ValueError as exc:
        place.fault(node.line, str(exc))
        return FAILED


def _tuple(hint: Any, node: Node, place: Place) -> Any:
    """A list; a single value counts as a list of one."""
    if not isinstance(node, Listing):
        value = read(hint, node, place)
        return FAILED if value is FAILED else (value,)
    values = [read(hint, child, place.index(n)) for n, child in enumerate(node.nodes)]
    return tuple(value for value in values if value is not FAILED)


def _mapping(hint: Any, node: Node, place: Place) -> Any:
    if not isinstance(node, Record):
        place.fault(node.line, "这里应是一组“名称: 值”")
        return FAILED
    values = {key: read(hint, child, place.key(key)) for key, child in node.entries.items()}
    return {key: value for key, value in values.items() if value is not FAILED}


def _union(members: tuple[Any, ...], node: Node, place: Place) -> Any:
    """A record takes the class whose required keys it has; anything else the first member of its shape."""
    candidates = [member for member in members if member is not type(None)]
    if isinstance(node, Record):
        shaped = [one for one in candidates if _is_record(one)]
        fitting = [one for one in shaped if _required(one) <= node.entries.keys()]
    elif isinstance(node, Listing):
        fitting = shaped = [one for one in candidates if get_origin(_bare(one)) is tuple]
    else:
        shaped = [one for one in candidates if not _is_record(one)]
        fitting = [one for one in shaped if _is_literal_for(one, node)] or [
            one for one in shaped if get_origin(_bare(one)) is not Literal
        ]
    chosen = (fitting or shaped or candidates)[0]
    return read(chosen, node, place)


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _is_record(hint: Any) -> bool:
    bare = _bare(hint)
    marked = get_origin(hint) is Annotated
    origin = get_origin(bare)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return True
    return is_dataclass(bare) and not marked


def _required(hint: Any) -> set[str]:
    bare = _bare(hint)
    if not isinstance(bare, type) or not is_dataclass(bare):
        return set()
    known = keys_of(bare)
    return {key for key, (field, _) in known.items() if _is_required(field)}


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _is_literal_for(hint: Any, node: Scalar) -> bool:
    return get_origin(hint) is Literal and node.text in get_args(hint)
