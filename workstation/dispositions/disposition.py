"""Passing a case on to another office: what goes, to whom, and what stays here.

What goes is a copy that the investigator made of the reporter's words, with what could give them away blacked
out; the report itself never leaves the case. No evidence goes by default, then a cleaned copy, and an
original only on a confirmation of its own. A matter of integrity never goes to the office that it is about.
"""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crypto import calendar, disposition
from crypto.constants import ID_SIZE, MAX_TITLE_LENGTH
from crypto.disposition import Disposition, ReplyRight
from crypto.errors import ProtocolError
from crypto.fields import Day
from workstation import caselog, dispatch, files, terminal
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.journal import Step
from workstation.casework.words import checked
from workstation.dispositions import granting, kept, letter, passable, passing, redaction, stick
from workstation.dispositions.kept import Forwarded, Passed, Way
from workstation.dispositions.passable import Piece
from workstation.dispositions.passing import SealedCopy
from workstation.offices import registry
from workstation.offices.office_errors import (
    DispositionTooLongError,
    DueDayError,
    NoPlaceError,
    NoSuchPieceError,
    NotEnrolledError,
    NothingToForwardError,
    PaperOnlyError,
    ReportedOfficeError,
    RevokedOfficeError,
    UnclassifiedError,
)
from workstation.offices.registry import Office
from workstation.progress import SILENT, Progress
from workstation.review import classification, conflict
from workstation.station import Station
from workstation.texts import N_, _, n_
from workstation.timing import deadlines
from workstation.timing.due import counting

_USUAL_DAYS: Final = 14
_LONGEST_DUE: Final = 731
_LONGEST_SUBJECT: Final = MAX_TITLE_LENGTH

KINDS: Final[Mapping[str, str]] = {
    "account": N_("accounts and pages in networks"),
    "by-hand": N_("words that the investigator took out"),
    "email": N_("e-mail addresses"),
    "first-person": N_("sentences in the first person"),
    "hour": N_("times of day"),
    "nik": N_("identity numbers (NIK)"),
    "nip": N_("employee numbers (NIP)"),
    "number": N_("long numbers"),
    "own-work": N_("where and as what the reporter works"),
    "phone": N_("phone numbers"),
    "plate": N_("number plates"),
}
"""What a mark of redaction.py is called."""


@dataclass(frozen=True)
class Wish:
    """What shall be passed on. `texts`: the copy of each piece that goes (passable.py), by its number;
    `cleaned` and `originals`: numbers of evidence; `due`: when the office must answer; `grant`: whether it
    may reply to the reporter itself; `way`: another than the usual one for that office."""

    office: str
    subject: str
    text: str = ""
    texts: Mapping[int, str] = field(default_factory=dict)
    cleaned: Sequence[int] = ()
    originals: Sequence[int] = ()
    due: Day | None = None
    grant: bool = False
    way: Way | None = None


@dataclass(frozen=True)
class Plan:
    """Where a disposition goes, how, and until when it is to be answered; `about_itself`: whether that is the
    office that the case is about."""

    office: Office
    way: Way
    about_itself: bool
    due: Day


@dataclass(frozen=True)
class Done:
    """The case as it is now, its disposition, and the file that was written, if it did not go by server."""

    case: Case
    forwarded: Forwarded
    path: Path | None


def way_to(office: Office, wanted: Way | None = None) -> Way:
    """How something goes to an office; RevokedOfficeError, NotEnrolledError."""
    if office.state == "revoked":
        raise RevokedOfficeError(office=office.id, day=office.since)
    if wanted == "paper":
        return wanted
    if not office.reachable:
        raise NotEnrolledError(office=office.id)
    return "server" if office.state == "connected" and wanted != "file" else "file"


def about_itself(station: Station, steps: Sequence[Step], office: Office) -> bool:
    """Whether the office, or one above it, is what the case is about.

    UnclassifiedError; ReportedOfficeError if it is, and the matter is one of integrity.
    """
    found = classification.latest(steps)
    if found is None:
        raise UnclassifiedError(office=office.id)
    if not found.office or found.office not in conflict.line(station.vault, office.id):
        return False
    if found.family == "integrity":
        raise ReportedOfficeError(office=office.id)
    return True


def usual_due(station: Station, steps: Sequence[Step], on: Day) -> Day:
    """The day by which the office must answer if nobody says another: as the presets have it."""
    found, now = classification.latest(steps), counting(station)
    day = deadlines.office_due(now.rules, found, now.calendar, on) if found else None
    return day or calendar.add_days(on, _USUAL_DAYS)


def check(station: Station, case: Case, wish: Wish, on: Day, to: Path | None = None) -> Plan:
    """What would be done, before anything is: the errors of `forward` that need no evidence to be read."""
    office = registry.find(station.vault, wish.office)
    way = way_to(office, wish.way)
    steps = journal.of_case(station, case)
    itself = about_itself(station, steps, office)
    due = wish.due or usual_due(station, steps, on)
    if not on < due <= calendar.add_days(on, _LONGEST_DUE):
        raise DueDayError
    if way != "server" and to is None:
        raise NoPlaceError(office=office.id)
    if (way == "paper" and (wish.cleaned or wish.originals)) or (wish.grant and way != "server"):
        raise PaperOnlyError
    plan = Plan(office, way, itself, due)
    _document(station, case, wish, plan, on, (), None)
    return plan


def forward(
    station: Station, case: Case, wish: Wish, on: Day, to: Path | None = None, progress: Progress = SILENT
) -> Done:
    """Passes it on: signed, kept in the journal, and queued for the next bundle or written into a folder.

    Errors of `way_to` and `about_itself`; NoSuchOfficeError, DueDayError, NothingToForwardError,
    NoSuchPieceError, DispositionTooLongError, NoPlaceError (a file without a folder), PaperOnlyError
    (evidence or a right to reply on paper); those of passing.py, dispatch.py and of writing a file. Then
    nothing was done.
    """
    plan = check(station, case, wish, on, to)
    wanted = [(number, False) for number in wish.cleaned] + [(number, True) for number in wish.originals]
    sealed = [passing.seal(copy) for copy in passing.copies(station, case, sorted(wanted), progress)]
    blobs = [(each.evidence.blob, each.blob) for each in sealed]
    right = granting.make(station, case, plan.office, plan.due) if wish.grant else None
    document, signed = _document(station, case, wish, plan, on, sealed, right)
    path = None if to is None or plan.way == "server" else to / file_name(document.id, plan.way)
    with ExitStack() as stack:
        file = None if path is None else stack.enter_context(files.unnamed(path.parent))
        if file is not None and plan.way == "file":
            stick.write(file, plan.office, signed, blobs, on)
        elif file is not None:
            file.write(letter.page(station, plan.office, document).encode())
        with station.vault.transaction():
            case = _keep(station, case, plan, document.id, signed, [each.passed for each in sealed], on)
            if plan.way == "server":
                dispatch.queue(station, plan.office, signed, blobs, on)
        if file is not None and path is not None:
            file.name(path)
    return Done(case, kept.forwarded(journal.of_case(station, case))[-1], path)


def _keep(
    station: Station,
    case: Case,
    plan: Plan,
    name: bytes,
    signed: bytes,
    passed: Sequence[Passed],
    on: Day,
) -> Case:
    """In the journal, and each copy of evidence in the log of the case."""
    for each in passed:
        act: caselog.CaseAct = "exported" if each.original else "cleaned"
        caselog.write(station, case.key, act, each.number, each.sha256.hex())
    details = kept.own(signed, station.keys.sign)
    details |= kept.forwarded_json(name, plan.office.id, plan.way, plan.due, plan.about_itself, passed)
    return journal.add(station, case, "forwarded", details, on)[0]


def file_name(name: bytes, way: Way) -> str:
    """What a disposition is called on a stick: by its random id, so that it tells nothing of the case."""
    return f"peluit-disposisi-{name.hex()[:12]}.{'html' if way == 'paper' else 'peluit'}"


def withheld(pieces: Sequence[Piece], texts: Mapping[int, str], evidence: int) -> tuple[str, ...]:
    """What stays here, in kinds and never in content: `texts` are the copies that go, `evidence` counts the
    pieces that do not."""
    gone = {number for number, text in texts.items() if text.strip()}
    kinds = {
        kind
        for piece in pieces
        if piece.number in gone
        for kind in redaction.changed(piece.untrusted_text, texts[piece.number])
    }
    left = list(dict.fromkeys(piece.title for piece in pieces if piece.number not in gone))
    found = [_("who the reporter is, and the way to reach them"), *(_(KINDS[kind]) for kind in sorted(kinds))]
    if evidence:
        found.append(n_("{count} piece of evidence", "{count} pieces of evidence", evidence))
    return tuple(found + left)[: disposition.MOST_ANSWERS]


def answers(pieces: Sequence[Piece], texts: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    """(title, copy) of what goes, in the order of the case; NoSuchPieceError."""
    known = {piece.number: piece for piece in pieces}
    for number in texts:
        if number not in known:
            raise NoSuchPieceError(number=number)
    full = {number: text.replace("\r\n", "\n").strip() for number, text in texts.items()}
    return tuple(
        (piece.title[:MAX_TITLE_LENGTH], full[piece.number]) for piece in pieces if full.get(piece.number)
    )


def _document(
    station: Station,
    case: Case,
    wish: Wish,
    plan: Plan,
    on: Day,
    sealed: Sequence[SealedCopy],
    right: ReplyRight | None,
) -> tuple[Disposition, bytes]:
    pieces = passable.pieces(station, case)
    passed = answers(pieces, wish.texts)
    text = checked(wish.text, _("the text"), needed=False, longest=disposition.LARGEST)
    if not passed and not text:
        raise NothingToForwardError
    place, directory = station.keys.place, plan.office.directory
    document = Disposition(
        id=secrets.token_bytes(ID_SIZE),
        kind="disposition",
        instance=place.instance,
        office=place.office,
        reviewer=station.reviewer,
        to_office=directory.office.id if directory else plan.office.id,
        day=on,
        due=plan.due,
        subject=checked(wish.subject, _("the subject"), longest=_LONGEST_SUBJECT),
        answers=passed,
        withheld=withheld(
            pieces, wish.texts, case.head.evidence - len({each.passed.number for each in sealed})
        ),
        evidence=tuple(each.evidence for each in sealed),
        text=text,
        right=right,
    )
    try:
        return document, disposition.sign_disposition(document, station.keys.sign)
    except (ProtocolError, UnicodeEncodeError):
        size = sum(len(title) + len(words) for title, words in passed) + len(text)
        limit = terminal.size(disposition.LARGEST)
        raise DispositionTooLongError(size=terminal.size(size), limit=limit) from None
