"""`station reply`: write to a reporter. What they see of the case's course comes from moving it."""

import argparse
import sys
from pathlib import Path

from crypto import calendar
from workstation import cases, replies
from workstation.commands import common
from workstation.dispositions import kept
from workstation.errors import CannotReadError
from workstation.reasons import reason
from workstation.texts import _, n_

_LONGEST = 2**20


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "reply", _("write a reply, to leave with the next bundle"), run)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    text = parser.add_mutually_exclusive_group(required=True)
    text.add_argument("--text", metavar="TEXT", help=_("the text of the reply"))
    text.add_argument(
        "--text-file", metavar="FILE", help=_("read the text from a file, or from standard input (-)")
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    text = text_of(args)
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        body = replies.reply(station, case, text, calendar.today())
        came = kept.received(station, case) if case.head.arrival == "office" else None
    passed_on = _("The reporter reads it as an answer of your office, passed on by {office}.")
    document = {"case": case.number, "number": body.number, "parts": len(body.tokens)}
    lines = [
        _("Reply {number} in case {case} is sealed and waits for the next bundle ({parts}).").format(
            number=body.number, case=case.number, parts=n_("{count} part", "{count} parts", len(body.tokens))
        ),
        *([passed_on.format(office=came.office)] if came else []),
        _("To send it: peluit station bundle --to DIR"),
    ]
    common.say(args, document, lines)
    return 0


def text_of(args: argparse.Namespace) -> str:
    """What `--text` says or `--text-file` names; CannotReadError."""
    if args.text_file is None:
        return args.text or ""
    try:
        if args.text_file == "-":
            data = sys.stdin.buffer.read(_LONGEST)
        else:
            with Path(args.text_file).open("rb") as file:
                data = file.read(_LONGEST)
        return data.decode("utf-8")
    except OSError as error:
        raise CannotReadError(path=args.text_file, reason=reason(error)) from None
    except UnicodeDecodeError:
        raise CannotReadError(path=args.text_file, reason="UTF-8") from None
