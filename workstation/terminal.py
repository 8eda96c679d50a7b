"""Text for a terminal.

What a stranger wrote must neither move the cursor nor pass for the station's own words.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from workstation import texts

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MOST_MARKS: Final = 4
_UNITS: Final = ("B", "kB", "MB", "GB")
BAR: Final = "│ "


def safe(untrusted_text: str) -> str:
    """One line in which control, bidi, format, private and unassigned characters show as `‹U+202E›`."""
    shown, marks = [], 0
    for character in untrusted_text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        hidden = category in _HIDDEN or marks > _MOST_MARKS
        shown.append(f"‹U+{ord(character):04X}›" if hidden else character)
    return "".join(shown)


def safe_lines(untrusted_text: str) -> list[str]:
    """The lines of a longer text, each safe; line ends of all systems count, a tab is four spaces."""
    unified = untrusted_text.replace("\r\n", "\n").replace("\t", "    ")
    return [safe(line) for line in unified.split("\n")]


def width(text: str) -> int:
    """How many columns a safe text takes (Unicode Standard Annex 11)."""
    return sum(_columns(character) for character in text)


def wrap(line: str, columns: int) -> list[str]:
    """The line broken between words, or within one that is too long."""
    if width(line) <= columns:
        return [line]
    pieces, left = [""], columns
    for word in _words(line):
        if width(word.rstrip()) > left and pieces[-1].strip():
            pieces.append("")
            left = columns
        for character in word:
            size = _columns(character)
            if size > left:
                if character == " ":
                    continue
                pieces.append("")
                left = columns
            pieces[-1] += character
            left -= size
    return [piece.rstrip() for piece in pieces]


def quoted(untrusted_text: str, columns: int, indent: str = "  ") -> list[str]:
    """A stranger's text, wrapped, with a bar before each line that tells it from the station's own."""
    room = max(20, columns - len(indent) - len(BAR))
    return [
        f"{indent}{BAR}{piece}".rstrip() for line in safe_lines(untrusted_text) for piece in wrap(line, room)
    ]


def fit(untrusted_text: str, columns: int) -> str:
    """A safe line cut to a width, the cut shown by `…`."""
    text = safe(untrusted_text)
    if width(text) <= columns:
        return text
    return wrap(text.replace(" ", "\u00a0"), columns - 1)[0] + "…"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Aligned columns; those numbered in `right` are flush right. Cells must be safe already."""
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    return [
        "  ".join(_pad(row[i], widths[i], i in right) for i in range(len(head))).rstrip() for row in cells
    ]


def size(count: int) -> str:
    """A number of bytes for people: decimal units, the decimal sign of the language in use."""
    if count < 1_000:
        return f"{count} B"
    power = next((p for p in (1, 2) if count / 1_000**p < 999.95), 3)
    text = f"{count / 1_000**power:.1f}"
    return f"{text.replace('.', ',') if texts.language() == 'id' else text} {_UNITS[power]}"


def grouped(count: int) -> str:
    """A whole number with its thousands grouped as the language in use does it."""
    text = f"{count:,}"
    return text.replace(",", ".") if texts.language() == "id" else text


def _words(line: str) -> list[str]:
    """The words, each with the spaces that follow it."""
    found = [""]
    for character in line:
        if found[-1].endswith(" ") and character != " ":
            found.append("")
        found[-1] += character
    return found


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pad(text: str, columns: int, right: bool) -> str:
    fill = " " * (columns - width(text))
    return fill + text if right else text + fill
