"""Hash chains: what is written stays provably as it was written."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final

import orjson

GENESIS: Final = bytes(32)
ENTRY_DOMAIN: Final = b"kaohe-ledger-v1\0entry\0"

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]


def canonical(payload: dict[str, Plain]) -> bytes:
    """One byte string per meaning: NFC text, sorted keys, no spaces, integers only.

    Raises ``TypeError`` for anything that has more than one spelling (floats, Decimals, datetimes).
    """
    return orjson.dumps(_plain(payload), option=orjson.OPT_SORT_KEYS)


def _plain(value: Plain) -> Plain:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): _plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def link(stream: str, seq: int, prev: bytes, payload: bytes) -> bytes:
    """Hash of one entry: binds its stream, its place, its predecessor and its canonical payload."""
    name = stream.encode()
    return hashlib.sha256(
        ENTRY_DOMAIN
        + len(name).to_bytes(2, "big")
        + name
        + seq.to_bytes(8, "big")
        + prev
        + hashlib.sha256(payload).digest()
    ).digest()
