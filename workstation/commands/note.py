"""`station note`: write a note in a case, for its readers."""

import argparse
from collections.abc import Iterator

from crypto import calendar
from workstation import cases, notes, terminal
from workstation.commands import common
from workstation.commands.reply import text_of
from workstation.notes import Note
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "note", _("write a note in a case, which never leaves the station"), run
    )
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    text = parser.add_mutually_exclusive_group(required=True)
    text.add_argument("--text", metavar="TEXT", help=_("the text of the note"))
    text.add_argument(
        "--text-file", metavar="FILE", help=_("read the text from a file, or from standard input (-)")
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    text = text_of(args)
    with common.unlocked(args) as station:
        note = notes.add(station, cases.find(station, args.case), text, calendar.today())
    lines = [
        _("Note {number} in case {case} is kept. It cannot be changed, and never leaves the station.").format(
            number=note.number, case=args.case
        )
    ]
    common.say(args, {"case": args.case, "number": note.number}, lines)
    return 0


def note_json(note: Note) -> dict[str, object]:
    """A note in a case's document."""
    return {"day": note.day, "number": note.number, "reviewer": note.reviewer, "text": note.text}


def note_lines(note: Note, columns: int) -> Iterator[str]:
    """The same for people."""
    yield ""
    yield _("Note {number} of {day}, {reviewer}: never leaves the station").format(
        number=note.number, day=note.day, reviewer=note.reviewer
    )
    yield from terminal.quoted(note.text, columns, "    ")
