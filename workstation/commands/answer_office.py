"""`station answer-office`: answer the office that a case came from."""

import argparse
from pathlib import Path

from crypto import calendar
from workstation import cases, terminal
from workstation.commands import common
from workstation.commands.reply import text_of
from workstation.dispositions import received
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("answer the office that a case came from")
    parser = common.add_command(subparsers, "answer-office", about, run)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    text = parser.add_mutually_exclusive_group(required=True)
    text.add_argument("--text", metavar="TEXT", help=_("the answer"))
    text.add_argument(
        "--text-file", metavar="FILE", help=_("the same from a file, or from standard input (-)")
    )
    parser.add_argument(
        "--to",
        metavar="DIR",
        type=Path,
        help=_("the folder for the file, if that office is on another server"),
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    text = text_of(args)
    with common.unlocked(args) as station:
        sent = received.answer(station, cases.find(station, args.case), text, calendar.today(), args.to)
    path = None if sent.path is None else str(sent.path)
    common.say(args, {"case": args.case, "path": path}, answered_lines(sent.path))
    return 0


def answered_lines(path: Path | None) -> list[str]:
    """What remains to be done."""
    if path is None:
        return [_("The answer is signed, and waits for the next bundle.")]
    return [
        _("Written: {path}").format(path=terminal.safe(str(path))),
        _("It is sealed to that office. Its station takes it in with: peluit station dispositions take FILE"),
    ]
