"""Pixels from a renderer: taken only as plain PPM of a bounded size, and written anew as PNG."""

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Final

from workstation.errors import NotShownError
from workstation.texts import _

LONGEST_SIDE: Final = 1600
MOST_BYTES: Final = LONGEST_SIDE * LONGEST_SIDE * 3 + 64
_HEAD: Final = re.compile(rb"P6\n([1-9][0-9]{0,3}) ([1-9][0-9]{0,3})\n255\n")


@dataclass(frozen=True)
class Pixels:
    """`rgb` holds three bytes for each point, row by row."""

    width: int
    height: int
    rgb: bytes


def read_ppm(untrusted_data: bytes) -> Pixels:
    """Exactly one picture with sides of up to `LONGEST_SIDE`; NotShownError."""
    head = _HEAD.match(untrusted_data)
    if head is not None:
        width, height = int(head[1]), int(head[2])
        rgb = untrusted_data[head.end() :]
        if max(width, height) <= LONGEST_SIDE and len(rgb) == width * height * 3:
            return Pixels(width, height, rgb)
    raise NotShownError(reason=_("what came out is not a picture"))


def png(pixels: Pixels) -> bytes:
    """The PNG file of these pixels, with nothing else in it (PNG 2nd edition, section 11)."""
    row = pixels.width * 3
    rows = b"".join(b"\0" + pixels.rgb[at : at + row] for at in range(0, len(pixels.rgb), row))
    header = struct.pack(">IIBBBBB", pixels.width, pixels.height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
