"""Text as people really type it."""

from __future__ import annotations


def wide(text: str) -> str:
    """The same text from a Chinese keyboard in full-width mode."""
    return "".join("\u3000" if c == " " else chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
