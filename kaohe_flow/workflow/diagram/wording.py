"""Parts of sentences that several checks share."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

OFFERED_AT_MOST: Final = 40


def offered(word: str, known: Iterable[str]) -> str:
    """``是否想写“review”？可用的有：…``; the words a person may have meant, then all there are."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1)
    guess = f"是否想写“{near[0]}”？" if near else ""
    more = f" 等 {len(words)} 个" if len(words) > OFFERED_AT_MOST else ""
    return f"{guess}可用的有：{'、'.join(words[:OFFERED_AT_MOST]) or '（无）'}{more}"
