"""Small real photographs: a baseline JPEG encoder for pictures made of flat 8×8 blocks."""

from __future__ import annotations

import struct
from random import Random
from typing import Final

COLUMNS: Final = 40
ROWS: Final = 30
BLOCK: Final = 8
# Lengths of the Huffman codes for the size of a difference, 0 to 11 bits, as in the standard's example.
DC_LENGTHS: Final = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0))
DC_SIZES: Final = bytes(range(12))
# One code only: "nothing else in this block".
AC_LENGTHS: Final = bytes((1, *([0] * 15)))
COMPONENTS: Final = 3


def jpeg(chance: Random) -> bytes:
    """A landscape of coloured blocks, 320×240, different for every state of ``chance``."""
    scan = _Bits()
    before = [0] * COMPONENTS
    sky = (chance.randrange(40, 110), chance.randrange(5, 40), chance.randrange(-35, -5))
    land = (chance.randrange(-60, 10), chance.randrange(-30, 0), chance.randrange(0, 35))
    horizon = chance.randrange(ROWS // 3, 2 * ROWS // 3)
    for row in range(ROWS):
        for _column in range(COLUMNS):
            ground = sky if row < horizon else land
            shade = chance.randrange(-14, 15) - 2 * abs(row - horizon)
            for part, value in enumerate((ground[0] + shade, ground[1], ground[2])):
                scan.difference(value - before[part])
                before[part] = value
    return _file(scan.done())


def _file(scan: bytes) -> bytes:
    size = struct.pack(">BHHB", 8, ROWS * BLOCK, COLUMNS * BLOCK, COMPONENTS)
    parts = b"".join(bytes((number, 0x11, 0)) for number in range(1, COMPONENTS + 1))
    chosen = b"".join(bytes((number, 0)) for number in range(1, COMPONENTS + 1))
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0" + struct.pack(">BBBHHBB", 1, 1, 0, 1, 1, 0, 0)),
            _segment(0xDB, b"\0" + bytes([8] * 64)),  # a flat block of value v has the difference v
            _segment(0xC0, size + parts),
            _segment(0xC4, b"\x00" + DC_LENGTHS + DC_SIZES),
            _segment(0xC4, b"\x10" + AC_LENGTHS + b"\x00"),
            _segment(0xDA, bytes((COMPONENTS,)) + chosen + bytes((0, 63, 0))),
            scan,
            b"\xff\xd9",
        )
    )


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def _codes() -> list[tuple[int, int]]:
    """(code, length) for every size, numbered as the standard does."""
    codes, code = [], 0
    for length, count in enumerate(DC_LENGTHS, start=1):
        for _ in range(count):
            codes.append((code, length))
            code += 1
        code <<= 1
    return codes


class _Bits:
    """The entropy-coded part."""

    _sizes: Final = _codes()

    def __init__(self) -> None:
        self._text: list[str] = []

    def difference(self, value: int) -> None:
        """One flat block, told by its difference from the one before."""
        size = abs(value).bit_length()
        code, length = self._sizes[size]
        self._text.append(f"{code:0{length}b}")
        if size:
            self._text.append(f"{value if value > 0 else value + (1 << size) - 1:0{size}b}")
        self._text.append("0")

    def done(self) -> bytes:
        """All bits, filled up with ones; 0xFF is followed by a zero."""
        text = "".join(self._text)
        text += "1" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")
