"""Text and unknown bytes, shown as characters: no program has to understand them."""

from typing import Final

from workstation import terminal
from workstation.viewing.rendering import Rendered
from workstation.viewing.source import Source

PAGE: Final = 2**15
"""Bytes of text on a page."""

_HEX_BYTES, _HEX_ROW = 1024, 16
_MARKS: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def text(source: Source, page: int) -> Rendered:
    """A page of text (UTF-8, or UTF-16 with a byte order mark); what is hidden in it shows as `‹U+202E›`."""
    pages = max(1, -(-source.size // PAGE))
    if not 1 <= page <= pages:
        return Rendered(pages)
    untrusted = source.read((page - 1) * PAGE, PAGE)
    encoding = _MARKS.get(source.read(0, 2))
    if encoding is None:
        encoding = "utf-8"
        untrusted = _whole(untrusted, source.read(page * PAGE, 3), page > 1)
    decoded = untrusted.decode(encoding, "replace").removeprefix("\ufeff")
    return Rendered(pages, None, tuple(terminal.safe_lines(decoded)))


def hexdump(source: Source) -> Rendered:
    """The first bytes, sixteen on a line: place, bytes, and what of it is ASCII."""
    untrusted = source.read(0, _HEX_BYTES)
    lines = []
    for at in range(0, len(untrusted), _HEX_ROW):
        row = untrusted[at : at + _HEX_ROW]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:08x}  {row.hex(' '):<47}  {letters}")
    return Rendered(1, None, tuple(lines))


def _whole(page: bytes, following: bytes, goes_on: bool) -> bytes:
    """The page with whole UTF-8 characters: each stands on the page on which it begins."""
    start = _continuing(page[:3]) if goes_on else 0
    return page[start:] + following[: _continuing(following)]


def _continuing(data: bytes) -> int:
    """How many bytes at the beginning go on with a character."""
    return next((at for at, byte in enumerate(data) if byte & 0xC0 != 0x80), len(data))
