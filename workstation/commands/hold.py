"""`station hold` and `station resume`: pauses of a case."""

import argparse
from typing import cast

from crypto import calendar
from workstation import cases, replies
from workstation.casework import moving
from workstation.casework.stages import HOLD_REASONS, HoldReason
from workstation.commands import common, move
from workstation.commands.reply import text_of
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("put a case on hold, or give a pause another reason and day")
    parser = common.add_command(subparsers, "hold", about, run)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument(
        "--reason",
        metavar="REASON",
        required=True,
        choices=HOLD_REASONS,
        help=_("why, one of: {known}").format(known=", ".join(HOLD_REASONS)),
    )
    parser.add_argument(
        "--review-on", metavar="DAY", required=True, help=_("the day on which somebody looks again")
    )
    move.add_answer(parser)
    common.add_unlocking(parser)
    parser = common.add_command(subparsers, "resume", _("end the pause of a case"), run_resume)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    move.add_answer(parser)
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    text = text_of(args)
    with common.unlocked(args) as station:
        before = cases.find(station, args.case)
        reason = cast(HoldReason, args.reason)
        after = moving.hold(station, before, reason, args.review_on, text, calendar.today())
        can_reply = replies.possible(station, after)
    return move.said(args, before, after, can_reply)


def run_resume(args: argparse.Namespace) -> int:
    text = text_of(args)
    with common.unlocked(args) as station:
        before = cases.find(station, args.case)
        after = moving.resume(station, before, text, calendar.today())
        can_reply = replies.possible(station, after)
    return move.said(args, before, after, can_reply)
