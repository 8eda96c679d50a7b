"""A case's pieces as a form shows them: as they came with marks, and the copy that goes, to be edited."""

from dataclasses import dataclass

from flask import request

from workstation.cases import Case
from workstation.dispositions import passable, redaction
from workstation.dispositions.disposition import KINDS
from workstation.dispositions.passable import Piece
from workstation.station import Station
from workstation.texts import _


@dataclass(frozen=True)
class Copy:
    """A piece and the copy of it in the form. `parts`: the original cut at its marks, each with what the mark
    is called, or nothing; `masked`: whether it is blacked out by itself."""

    piece: Piece
    parts: list[tuple[str, str, bool]]
    goes: bool
    text: str


def of_case(station: Station, case: Case) -> list[Copy]:
    """Every piece, with what was typed if the form was sent."""
    return [_copy(piece) for piece in passable.pieces(station, case)]


def chosen(copies: list[Copy]) -> dict[int, str]:
    """The copies that go, by number."""
    return {copy.piece.number: copy.text for copy in copies if copy.goes}


def numbers(name: str) -> list[int]:
    """The numbers of evidence that were ticked."""
    return [int(each) for each in request.form.getlist(name) if each.isdecimal()]


def _copy(piece: Piece) -> Copy:
    sent = request.method == "POST"
    words = redaction.redact(piece.untrusted_text).text
    text = request.form.get(f"copy-{piece.number}", words).replace("\r\n", "\n")
    goes = f"goes-{piece.number}" in request.form if sent else piece.suggested
    return Copy(piece, _parts(piece.untrusted_text), goes, text)


def _parts(untrusted_text: str) -> list[tuple[str, str, bool]]:
    found, at = [], 0
    for mark in redaction.find(untrusted_text):
        found.append((untrusted_text[at : mark.start], "", False))
        words = untrusted_text[mark.start : mark.end]
        found.append((words, _(KINDS[mark.kind]), mark.kind in redaction.MASKED))
        at = mark.end
    found.append((untrusted_text[at:], "", False))
    return [part for part in found if part[0]]
