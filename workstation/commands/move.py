"""`station move`, `station agree`, `station decline`: from stage to stage."""

import argparse
from typing import cast

from crypto import calendar
from workstation import cases, replies
from workstation.cases import Case
from workstation.casework import describing, moving
from workstation.casework.course import Move
from workstation.casework.stages import OUTCOMES, STAGES, Outcome, Stage
from workstation.commands import common
from workstation.commands.reply import text_of
from workstation.texts import STATUSES, _, n_


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "move", _("move a case to another stage"), run)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument(
        "stage",
        metavar="STAGE",
        choices=STAGES,
        help=_("where to; peluit station stages CASE says what may come next, and what it asks for"),
    )
    parser.add_argument(
        "--outcome",
        metavar="RESULT",
        choices=OUTCOMES,
        help=_("the result, one of: {known}").format(known=", ".join(OUTCOMES)),
    )
    parser.add_argument(
        "--reason", metavar="WHY", default="", help=_("why, in words or as the step names it")
    )
    parser.add_argument("--reference", metavar="NUMBER", default="", help=_("the number of the letter"))
    parser.add_argument(
        "--into", metavar="CASE", type=int, default=0, help=_("the case with which it is merged")
    )
    add_answer(parser)
    common.add_unlocking(parser)
    parser = common.add_command(
        subparsers,
        "agree",
        _("agree, as the second person, to the step that a colleague proposed"),
        run_agree,
    )
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    common.add_unlocking(parser)
    about = _("do not agree to the step that a colleague proposed, or take your own back")
    parser = common.add_command(subparsers, "decline", about, run_decline)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument("--reason", metavar="WHY", required=True, help=_("why, in words"))
    common.add_unlocking(parser)


def add_answer(parser: argparse.ArgumentParser) -> None:
    """`--answer` and `--answer-file`, for `text_of`."""
    text = parser.add_mutually_exclusive_group()
    text.add_argument("--answer", dest="text", metavar="TEXT", help=_("what the reporter is told, in words"))
    text.add_argument(
        "--answer-file",
        dest="text_file",
        metavar="FILE",
        help=_("read what the reporter is told from a file, or from standard input (-)"),
    )


def run(args: argparse.Namespace) -> int:
    wish = Move(
        end=cast(Stage, args.stage),
        outcome=cast(Outcome | None, args.outcome),
        reason=args.reason,
        reference=args.reference,
        target=args.into,
        answer=text_of(args),
    )
    with common.unlocked(args) as station:
        before = cases.find(station, args.case)
        done = moving.move(station, before, wish, calendar.today())
        can_reply = replies.possible(station, done.case)
    if not done.proposed:
        return said(args, before, done.case, can_reply, done.along)
    document = {"case": args.case, "proposed": wish.end, "stage": done.case.head.stage}
    lines = [
        _("Proposed. Nothing has moved, and the reporter has been told nothing."),
        _("Another reader of the case must agree: peluit station agree {number}").format(number=args.case),
    ]
    common.say(args, document, lines)
    return 0


def run_agree(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        before = cases.find(station, args.case)
        proposal = moving.course_of(station, before).proposal
        along = moving.along(station, before, proposal.move) if proposal else ()
        after = moving.agree(station, before, calendar.today())
        can_reply = replies.possible(station, after)
    return said(args, before, after, can_reply, along)


def run_decline(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = moving.decline(station, cases.find(station, args.case), args.reason, calendar.today())
    document = {"case": case.number, "stage": case.head.stage}
    common.say(args, document, [_("The proposal is off. The case stays where it is.")])
    return 0


def said(
    args: argparse.Namespace, before: Case, after: Case, can_reply: bool, along: tuple[Case, ...] = ()
) -> int:
    """Where the case is now, and what its reporter is told."""
    replied = after.head.replies > before.head.replies
    told = after.head.status if replied and after.head.status != before.head.status else None
    document = {
        "along": [case.number for case in along],
        "case": after.number,
        "held": after.head.held or None,
        "outcome": after.head.outcome or None,
        "reply": after.head.replies if replied else None,
        "stage": after.head.stage,
        "told": told,
    }
    common.say(args, document, _lines(after, along, told, replied, can_reply))
    return 0


def _lines(
    case: Case, along: tuple[Case, ...], told: str | None, replied: bool, can_reply: bool
) -> list[str]:
    lines = [_("Case {number}: {stage}").format(number=case.number, stage=describing.standing(case.head))]
    if told is not None:
        lines.append(_("The reporter is told: {status}").format(status=_(STATUSES[told])))
    if replied:
        lines.append(
            _("Reply {number} waits for the next bundle: peluit station bundle --to DIR").format(
                number=case.head.replies
            )
        )
    elif not can_reply:
        lines.append(_("No reply can reach this reporter; what was said is kept with the case."))
    else:
        lines.append(_("The reporter sees nothing of this."))
    if along:
        lines.append(
            n_(
                "{count} case was closed with it, and answered in the same words: {numbers}",
                "{count} cases were closed with it, and answered in the same words: {numbers}",
                len(along),
                numbers=", ".join(str(each.number) for each in along),
            )
        )
    return lines
