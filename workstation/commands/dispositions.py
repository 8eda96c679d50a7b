"""`station dispositions list|take|answered`: what went to other offices, and what came from them."""

import argparse
from pathlib import Path

from crypto import calendar
from workstation import cases, terminal
from workstation.commands import common
from workstation.commands.between import everything, list_lines, received_json
from workstation.commands.forward import forwarded_json
from workstation.commands.reply import text_of
from workstation.dispositions import received, taking
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("what went to other offices, and what came from them")
    parser = subparsers.add_parser("dispositions", help=about, description=about)
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)

    listed = common.add_command(actions, "list", _("list them, late ones marked"), run_list)
    listed.add_argument("case", metavar="CASE", type=int, nargs="?", help=_("only those of this case"))
    take = common.add_command(actions, "take", _("take in a file from an office on another server"), run_take)
    take.add_argument("file", metavar="FILE", type=Path)
    take.add_argument("--receipt", metavar="DIR", type=Path, help=_("write the receipt into this folder"))
    answered = common.add_command(actions, "answered", _("keep an answer that came on paper"), run_answered)
    answered.add_argument("case", metavar="CASE", type=int)
    answered.add_argument(
        "number", metavar="N", type=int, help=_("the number of the disposition in the case")
    )
    text = answered.add_mutually_exclusive_group(required=True)
    text.add_argument("--text", metavar="TEXT", help=_("what the office answered"))
    text.add_argument(
        "--text-file", metavar="FILE", help=_("the same from a file, or from standard input (-)")
    )
    for each in (listed, take, answered):
        common.add_unlocking(each)


def run_list(args: argparse.Namespace) -> int:
    today = calendar.today()
    with common.unlocked(args) as station:
        found = list(cases.readable(station)) if args.case is None else [cases.find(station, args.case)]
        sent, came = everything(station, found)
    document = {
        "came": [received_json(case, each, answered) for case, each, answered in came],
        "sent": [
            {"case": case.number, "late": each.late(today), **forwarded_json(each)} for case, each in sent
        ],
    }
    common.say(args, document, list_lines(sent, came, today))
    return 0


def run_take(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        opened = taking.take(station, args.file)
        numbers = sorted(opened.cases)
        paths = [
            path
            for number in sorted(opened.new_cases if args.receipt else ())
            if (
                path := received.receipt(station, cases.find(station, number), calendar.today(), args.receipt)
            )
        ]
    lines = [taken_line(numbers)]
    lines += [_("Written: {path}").format(path=terminal.safe(str(path))) for path in paths]
    common.say(args, {"cases": numbers, "receipts": [str(path) for path in paths]}, lines)
    return 0


def run_answered(args: argparse.Namespace) -> int:
    text = text_of(args)
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        received.answered_on_paper(station, case, args.number, text, calendar.today())
    lines = [
        _("The answer to disposition {number} of case {case} is kept.").format(
            number=args.number, case=args.case
        )
    ]
    common.say(args, {"case": args.case, "number": args.number}, lines)
    return 0


def taken_line(numbers: list[int]) -> str:
    """Where it went."""
    if not numbers:
        return _("Taken in. It waits for a colleague who reads its channel or its case.")
    return _("Taken in, in case {number}.").format(number=", ".join(map(str, numbers)))
