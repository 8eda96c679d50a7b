"""`station show`: one case with its thread."""

import argparse
from collections.abc import Callable, Iterator

from crypto import calendar
from crypto.constants import MAX_STARS
from crypto.fields import Day
from crypto.message import Evidence, Identity, Rating, Report, Text
from crypto.sealed_identity import SealedIdentity
from workstation import answers, attachments, cases, notes, terminal, texts, thread
from workstation.byhand import intake
from workstation.cases import Case
from workstation.casework import describing, identity, merging
from workstation.commands import between, common
from workstation.commands.cases import channel_title
from workstation.commands.note import note_json, note_lines
from workstation.station import Station
from workstation.texts import HEADINGS, STATUSES, _
from workstation.thread import Entry, Sent

_NAME_COLUMNS = (20, 40)
_OTHER_COLUMNS = 60
_TYPE_COLUMNS = 15


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "show", _("show a case: report, messages, evidence, replies"), run
    )
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    """Shown to a person, the messages count as read; `--json` changes nothing."""
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        entries, sent = thread.messages(station, case), thread.replies(station, case)
        pieces = [_Piece(station, *piece) for piece in attachments.of_case(station, case)]
        written = notes.of_case(station, case)
        document = _json(case, entries, pieces, sent) | {"notes": [note_json(note) for note in written]}
        document |= between.of_case_json(station, case)
        lines = [*_lines(station, case, entries, pieces, sent)]
        lines += between.of_case_lines(station, case, common.columns())
        lines += [line for note in written for line in note_lines(note, common.columns())]
        common.say(args, document, lines)
        if not args.json:
            with station.vault.transaction():
                cases.mark_seen(station, case)
    return 0


class _Piece:
    """A piece of evidence as the list shows it."""

    def __init__(self, station: Station, number: int, received: Day, evidence: Evidence) -> None:
        self.number, self.received, self.evidence = number, received, evidence
        self.arrived = bool(thread.blobs(station, evidence.blob))


def _json(case: Case, entries: list[Entry], pieces: list[_Piece], sent: list[Sent]) -> dict[str, object]:
    return {
        "channel": case.head.channel,
        "evidence": [
            {
                "arrived": piece.arrived,
                "name": piece.evidence.untrusted_name,
                "number": piece.number,
                "received": piece.received,
                "size": piece.evidence.size,
                "type": piece.evidence.untrusted_type,
            }
            for piece in pieces
        ],
        "excluded": list(case.head.excluded),
        "first_day": case.head.first,
        "held": case.head.held or None,
        "language": case.head.language,
        "last_day": case.head.last,
        "messages": [_message_json(entry) for entry in entries],
        "number": case.number,
        "outcome": case.head.outcome or None,
        "proposed_by": case.head.proposed or None,
        "replies": [
            {
                "day": reply.body.day,
                "number": reply.body.number,
                "parts": len(reply.body.tokens),
                "reviewer": reply.body.reviewer,
                "sent_in": reply.outbound,
                "status": reply.body.status,
                "text": reply.body.text,
            }
            for reply in sent
        ],
        "stage": case.head.stage,
        "unanswered": case.head.unanswered,
        "unread": case.unread,
    }


def _message_json(entry: Entry) -> dict[str, object]:
    common_part: dict[str, object] = {
        "day": entry.message.day,
        "order": entry.message.order,
        "received": entry.meta.received,
    }
    match entry.message.content:
        case Report(untrusted_answers):
            return common_part | {"answers": dict(untrusted_answers), "kind": "report"}
        case Text(text, kind):
            return common_part | {"kind": kind, "text": text}
        case Rating(reply, stars, text):
            return common_part | {"kind": "rating", "reply": reply, "stars": stars, "text": text}
        case Identity(sealed):
            return common_part | {"custodians": list(sealed.stanzas) if sealed else [], "kind": "identity"}
        case Evidence():
            return common_part | {"evidence": entry.meta.evidence, "kind": "evidence"}


def _lines(
    station: Station, case: Case, entries: list[Entry], pieces: list[_Piece], sent: list[Sent]
) -> Iterator[str]:
    columns = common.columns()
    yield _("Case {number} · {channel} · {days}").format(
        number=case.number, channel=channel_title(station, case.head.channel), days=case_days(case)
    )
    if case.head.threats:
        yield _("THREAT: the reporter says that somebody threatens or punishes them; see below.")
    yield _("Stage: {stage}. More: peluit station stages {number}").format(
        stage=describing.standing(case.head), number=case.number
    )
    for mark in describing.to_do(case, station.reviewer, merging.is_left_behind(station, case)):
        yield _("Note: {mark}").format(mark=mark)
    if identity.is_waiting(station, case, calendar.today()):
        yield _("The sealed identity was asked for. Another reader of the case decides.")
    for line in intake.told(station, case):
        yield from terminal.wrap(terminal.safe(line), columns)
    if case.head.excluded:
        names = ", ".join(reviewer_title(station, reviewer) for reviewer in case.head.excluded)
        yield _("Excluded by the reporter: {names}").format(names=names)
    has_report = any(isinstance(entry.message.content, Report) for entry in entries)
    if not has_report and case.head.arrival != "office":
        yield _("The report itself is not here yet, or is still sealed.")
    for entry in entries:
        yield from _entry_lines(station, entry, sent, columns)
    if pieces:
        yield from ("", _("Evidence"), *(f"  {line}" for line in _evidence_table(pieces, columns)))
        yield "  " + _("To open one: peluit station evidence export {number} N --to DIR").format(
            number=case.number
        )
    for reply in sent:
        yield from _reply_lines(station, reply, columns)
    if case.head.unanswered:
        yield from ("", _("To be answered: peluit station reply {number}").format(number=case.number))


def case_days(case: Case, written: Callable[[str], str] = str) -> str:
    """The day or days on which something came, each as `written`."""
    if case.head.first == case.head.last:
        return written(case.head.first)
    return _("{first} to {last}").format(first=written(case.head.first), last=written(case.head.last))


def _entry_lines(station: Station, entry: Entry, sent: list[Sent], columns: int) -> Iterator[str]:
    days = received_on(entry)
    match entry.message.content:
        case Report():
            yield from ("", _("Report, received {days}").format(days=days))
            for title, untrusted_answer in answers.titled(station, entry):
                yield f"  {title}"
                yield from terminal.quoted(untrusted_answer, columns, "    ")
        case Text(text, kind):
            yield from ("", _(HEADINGS[kind]).format(days=days))
            yield from _words(text, columns)
        case Rating(reply, stars, text):
            yield from ("", rating_heading(reply, stars, days, sent))
            yield from _words(text, columns)
        case Identity(sealed):
            yield from ("", identity_heading(sealed, days))


def _words(untrusted_text: str, columns: int) -> list[str]:
    return terminal.quoted(untrusted_text, columns, "    ") if untrusted_text else []


def rating_heading(reply: int, stars: int, days: str, sent: list[Sent]) -> str:
    """What stands above the words of a rating."""
    heading = _("Rating of reply {number}, received {days}: {stars} of {most} stars")
    if reply not in {known.body.number for known in sent}:
        heading = _(
            "Rating of reply {number}, which was never written, received {days}: {stars} of {most} stars"
        )
    return heading.format(number=reply, days=days, stars=stars, most=MAX_STARS)


def identity_heading(sealed: SealedIdentity | None, days: str) -> str:
    """What stands where the reporter left an identity, or took it back: all that a reviewer can know."""
    if sealed is None:
        return _("Sealed identity taken back, received {days}: what was left up to then is destroyed").format(
            days=days
        )
    return _("Sealed identity, received {days}: {needed} custodians open it together").format(
        days=days, needed=sealed.needed
    )


def received_on(entry: Entry, written: Callable[[str], str] = str) -> str:
    """When a message was received, and the reporter's date if it is another, each as `written`."""
    if entry.message.day == entry.meta.received:
        return written(entry.meta.received)
    return _("{received} (the reporter's date: {day})").format(
        received=written(entry.meta.received), day=written(entry.message.day)
    )


def _evidence_table(pieces: list[_Piece], columns: int) -> list[str]:
    narrowest, widest = _NAME_COLUMNS
    room = max(narrowest, min(widest, columns - _OTHER_COLUMNS))
    head = (_("No."), _("File name"), _("Type"), _("Size"), _("Received"), _("File"))
    rows = [
        (
            str(piece.number),
            terminal.fit(piece.evidence.untrusted_name, room),
            terminal.fit(piece.evidence.untrusted_type, _TYPE_COLUMNS),
            terminal.size(piece.evidence.size),
            piece.received,
            _("here") if piece.arrived else _("not here yet"),
        )
        for piece in pieces
    ]
    return terminal.table(head, rows, right=(0, 3))


def _reply_lines(station: Station, reply: Sent, columns: int) -> Iterator[str]:
    body = reply.body
    way = (
        _("waits for a bundle")
        if reply.outbound is None
        else _("in bundle {number}").format(number=reply.outbound)
    )
    yield ""
    yield _("Reply {number} of {day}, {reviewer}, {way}").format(
        number=body.number, day=body.day, reviewer=reviewer_title(station, body.reviewer), way=way
    )
    if body.status is not None:
        yield "  " + _("Status: {status}").format(status=_(STATUSES[body.status]))
    if body.text:
        yield from terminal.quoted(body.text, columns, "    ")


def reviewer_title(station: Station, reviewer: str) -> str:
    """A reviewer's title in the language in use, and id."""
    found = station.directory.office.reviewer(reviewer)
    return f"{terminal.safe(texts.named(found.titles))} ({reviewer})" if found else reviewer
