"""What in a text could give a reporter away, and how it is blacked out. Pure, and explainable: a list of
patterns that a reader can check one by one.

It warns and is never complete: what only three people know gives somebody away without any pattern. Marks of
`MASKED` kinds are blacked out unless the investigator decides otherwise; the others are only shown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MASK: Final = "▇▇▇"
"""Stands for what was blacked out, always of one length, so that it does not tell how long that was."""

_OWN: Final = r"(?:saya|aku|kami|i|my|we|our)"
_WORK: Final = (
    r"(?:bekerja|bertugas|berdinas|dinas|menjabat|ditugaskan|ditempatkan|staf|staff|pegawai|honorer|bendahara"
    r"|guru|perawat|dokter|kepala|sekretaris|operator|ajudan|sopir|anggota|panitia|work(?:ed)?|employed|clerk)"
)
_END: Final = r"[^.,;:!?\n]{1,80}"
_REGIONS: Final = (
    "A|B|D|E|F|G|H|K|L|M|N|P|R|S|T|W|Z|AA|AB|AD|AE|AG|BA|BB|BD|BE|BG|BH|BK|BL|BM|BN|BP|DA|DB|DC|DD|DE|DG|DH"
    "|DK|DL|DM|DN|DP|DR|DS|DT|DW|EA|EB|ED|KB|KH|KT|KU|PA|PB|PG|PS|PT|PY"
)

DETECTORS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("email", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    (
        "account",
        re.compile(
            r"(?<![\w@./])@[\w.]{3,40}|\b(?:https?://)?(?:www\.)?(?:wa\.me|t\.me|instagram\.com|facebook\.com"
            r"|fb\.com|x\.com|twitter\.com|tiktok\.com)/[^\s,;]{0,99}[^\s,;.]",
            re.IGNORECASE,
        ),
    ),
    ("nip", re.compile(r"(?<!\d)\d{8}[ .]?\d{6}[ .]?\d[ .]?\d{3}(?!\d)")),
    ("nik", re.compile(r"(?<!\d)(?:\d[ .-]?){15}\d(?!\d)")),
    (
        "phone",
        re.compile(
            r"(?<![\d+])(?:\+62|62|0)[ .-]?8(?:[ .-]?\d){7,11}(?!\d)|(?<!\d)\(?0\d{2,3}\)?[ -]\d{5,8}(?!\d)"
        ),
    ),
    ("number", re.compile(r"(?<![\d.])(?<!rp)(?<!rp )(?:\d[ -]?){9,19}\d(?![\d.])", re.IGNORECASE)),
    ("plate", re.compile(rf"\b(?:{_REGIONS})[ .-]?\d{{1,4}}[ .-]?[A-Z]{{1,3}}\b")),
    (
        "own-work",
        re.compile(
            rf"\b{_OWN}\b[^.,;:!?\n]{{0,40}}?\b{_WORK}\b{_END}|\bsebagai{_END}\b{_OWN}\b"
            rf"|\b(?:kantor|bagian|bidang|seksi|ruang(?:an)?|unit|atasan|kepala|rekan|teman|tim) {_OWN}\b"
            rf"|\bmy (?:office|unit|boss|team|colleagues?|desk|department)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "hour",
        re.compile(
            r"\b(?:pukul|jam|at)\s+\d{1,2}(?:[.:]\d{2})?\b|\b\d{1,2}[.:]\d{2} ?(?:wib|wita|wit)\b",
            re.IGNORECASE,
        ),
    ),
    ("first-person", re.compile(r"\b(?:saya|aku|kami|i|me|my|we|us|our)\b", re.IGNORECASE)),
)
"""(kind, pattern). Where two overlap, the one that stands first in this list wins."""

MASKED: Final = frozenset({"email", "account", "nip", "nik", "phone", "number", "plate", "own-work"})


@dataclass(frozen=True)
class Mark:
    """Letters `start` up to `end` of a text, and why they were marked: a kind of `DETECTORS`."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Redacted:
    """A text with something blacked out, and of which kinds that was; `by-hand`: words somebody named."""

    text: str
    kinds: tuple[str, ...]


def find(text: str) -> list[Mark]:
    """Every mark, from left to right, none over another."""
    found: list[Mark] = []
    for kind, pattern in DETECTORS:
        for match in pattern.finditer(text):
            if match.start() < match.end() and not _meets(found, match.start(), match.end()):
                found.append(Mark(match.start(), match.end(), kind))
    return sorted(found, key=lambda mark: mark.start)


def redact(text: str, hide: Iterable[str] = (), show: Iterable[str] = ()) -> Redacted:
    """Blacks out the marks of `MASKED` kinds and the words in `hide`, wherever they stand and however they
    are spelt (large or small); not what contains or is one of the words in `show`."""
    shown = [word.casefold() for word in show if word.strip()]
    marks = _named(text, hide)
    for mark in find(text):
        words = text[mark.start : mark.end].casefold()
        kept = any(word in words or words.strip() in word for word in shown)
        if mark.kind in MASKED and not kept and not _meets(marks, mark.start, mark.end):
            marks.append(mark)
    pieces, at = [], 0
    for mark in sorted(marks, key=lambda each: each.start):
        pieces += [text[at : mark.start], MASK]
        at = mark.end
    kinds = tuple(sorted({mark.kind for mark in marks}))
    return Redacted("".join([*pieces, text[at:]]), kinds)


def changed(original: str, edited: str) -> tuple[str, ...]:
    """Which kinds of marks of a text no longer stand in a copy that was edited by hand; `by-hand` if it was
    changed in any other way."""
    if edited == original:
        return ()
    gone = {mark.kind for mark in find(original) if original[mark.start : mark.end] not in edited}
    others = redact(original).text != edited
    return tuple(sorted(gone & MASKED | ({"by-hand"} if others else set())))


def _named(text: str, hide: Iterable[str]) -> list[Mark]:
    """Longer words first, so that one that is part of another does not spoil it."""
    marks: list[Mark] = []
    for word in sorted({word.strip() for word in hide if word.strip()}, key=len, reverse=True):
        for match in re.finditer(re.escape(word), text, re.IGNORECASE):
            if not _meets(marks, match.start(), match.end()):
                marks.append(Mark(match.start(), match.end(), "by-hand"))
    return marks


def _meets(marks: Iterable[Mark], start: int, end: int) -> bool:
    return any(mark.start < end and start < mark.end for mark in marks)
