"""`station conflict`: conflicts of interest of the reviewer who is here."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from crypto import calendar
from workstation import cases, reminders, terminal
from workstation.commands import common
from workstation.commands.classify import office_title
from workstation.commands.show import reviewer_title
from workstation.errors import UsageError
from workstation.review import categories, conflict
from workstation.review.conflict import About, Declaration
from workstation.station import Station
from workstation.texts import _, n_

_LIST, _END = "list", "end"


def add(subparsers: common.Subparsers) -> None:
    about = _("declare a conflict of interest: you read the case no longer")
    parser = common.add_command(subparsers, "conflict", about, run)
    parser.add_argument(
        "case",
        metavar="CASE|list|end",
        nargs="?",
        help=_("a case that you give up for good; list: who has declared what; end: yours ends"),
    )
    subject = parser.add_mutually_exclusive_group()
    subject.add_argument("--office", metavar="ID", help=_("everything about this office"))
    subject.add_argument("--category", metavar="ID", help=_("everything of this category"))
    parser.add_argument("--reason", metavar="TEXT", help=_("why, in words"))
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    subject = _subject(args)
    if args.case == _LIST:
        return _list(args)
    if (args.case is None or args.case == _END) is (subject is None):
        raise UsageError(missing=_("name a case, or --office or --category"))
    if args.case != _END and not args.reason:
        raise UsageError(missing="--reason")
    if args.case == _END and subject:
        with common.unlocked(args) as station:
            conflict.end(station, *subject)
        common.say(
            args,
            {"ended": list(subject)},
            [_("It holds no longer. Cases that it took do not come back by themselves.")],
        )
        return 0
    return _standing(args, *subject) if subject else _one(args)


def _subject(args: argparse.Namespace) -> tuple[About, str] | None:
    if args.office:
        return "office", args.office
    return ("category", args.category) if args.category else None


def _one(args: argparse.Namespace) -> int:
    try:
        number = int(args.case)
    except ValueError:
        raise UsageError(missing=_("name a case, or --office or --category")) from None
    with common.unlocked(args) as station:
        conflict.declare(station, cases.find(station, number), args.reason, calendar.today())
    common.say(
        args,
        {"case": number},
        [_("You read case {number} no longer, and nobody can give it back to you.").format(number=number)],
    )
    return 0


def _standing(args: argparse.Namespace, about: About, subject: str) -> int:
    with common.unlocked(args) as station:
        done = conflict.declare_standing(station, about, subject, args.reason, calendar.today())
    document = {"about": about, "alone": list(done.alone), "subject": subject, "taken": list(done.taken)}
    lines = [
        _("Declared. What is about it is kept from you from now on."),
        n_("{count} case taken from you", "{count} cases taken from you", len(done.taken)),
    ]
    if done.alone:
        lines += reminders.of_conflicts(done.alone)
    common.say(args, document, lines)
    return 0


def subject_title(station: Station, declaration: Declaration) -> str:
    """What a standing declaration is about, in the language in use."""
    if declaration.about == "office":
        return office_title(station, declaration.subject)
    title = terminal.safe(categories.of_station(station).title(declaration.subject))
    return f"{title} ({declaration.subject})"


def _list(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        found, alone = conflict.standing(station.vault), conflict.still_read(station)
        document = {"alone": alone, "conflicts": [asdict(each) for each in found]}
        common.say(args, document, list(_lines(station, found)))
    return 0


def _lines(station: Station, found: tuple[Declaration, ...]) -> Iterator[str]:
    if not found:
        yield _("Nobody has declared a standing conflict of interest.")
    for each in found:
        yield _("{reviewer}, since {day}: {subject}").format(
            reviewer=reviewer_title(station, each.reviewer),
            day=each.since,
            subject=subject_title(station, each),
        )
        yield from terminal.quoted(each.reason, common.columns(), "  ")
