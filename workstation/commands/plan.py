"""`station plan` and `station lessons`: what is to be done in a case, and what was learned from it."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from crypto import calendar
from crypto.errors import ProtocolError
from crypto.fields import Day, day
from workstation import cases, terminal
from workstation.casework import journal
from workstation.casework.errors import ItemDayError
from workstation.commands import common
from workstation.review import categories, lessons, planning
from workstation.review.lessons import Lessons
from workstation.review.planning import Item
from workstation.station import Station
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("the action plan of a case: what, who, until when")
    parser = subparsers.add_parser("plan", help=about, description=about)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)
    common.add_unlocking(common.add_command(actions, "show", _("show the plan"), run_show))
    one = common.add_command(actions, "add", _("add something that is to be done"), run_add)
    one.add_argument("--what", metavar="TEXT", required=True, help=_("what is to be done"))
    one.add_argument("--who", metavar="TEXT", required=True, help=_("who does it: a role, not a name"))
    one.add_argument("--until", metavar="YYYY-MM-DD", required=True, help=_("until which day"))
    common.add_unlocking(one)
    done = common.add_command(actions, "done", _("say that something was done"), run_done)
    done.add_argument("item", metavar="N", type=int, help=_("its number in the plan"))
    done.add_argument("--result", metavar="TEXT", default="", help=_("what came of it"))
    common.add_unlocking(done)

    parser = common.add_command(
        subparsers,
        "lessons",
        _("cause and improvement, before a case is closed; without: show them"),
        run_lessons,
    )
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument("--cause", metavar="TEXT", help=_("why it could happen"))
    parser.add_argument("--improvement", metavar="TEXT", help=_("what would improve things"))
    parser.add_argument("--sector", metavar="ID", default="", help=_("the sector (default: the category's)"))
    common.add_unlocking(parser)


def run_show(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        _show(args, station)
    return 0


def run_add(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        planning.add(station, case, args.what, args.who, day_of(args.until), calendar.today())
        _show(args, station)
    return 0


def run_done(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        planning.done(station, case, args.item, args.result, calendar.today())
        _show(args, station)
    return 0


def run_lessons(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        if args.cause is not None or args.improvement is not None:
            case = lessons.keep(
                station, case, args.cause or "", args.improvement or "", args.sector, calendar.today()
            )
        found = lessons.latest(journal.of_case(station, case))
        common.say(
            args,
            {"case": args.case, "lessons": asdict(found) if found else None},
            list(_lessons_lines(station, found)),
        )
    return 0


def day_of(untrusted_day: str) -> Day:
    """A day that somebody typed; ItemDayError."""
    try:
        return day(untrusted_day)
    except ProtocolError:
        raise ItemDayError from None


def _show(args: argparse.Namespace, station: Station) -> None:
    items = planning.latest(journal.of_case(station, cases.find(station, args.case)))
    done, whole = planning.progress(items)
    document = {"case": args.case, "done": done, "items": [asdict(item) for item in items]}
    common.say(args, document, list(_lines(items, done, whole)))


def _lines(items: list[Item], done: int, whole: int) -> Iterator[str]:
    if not items:
        yield _("Nothing is planned yet.")
        return
    yield _("{done} of {all} done").format(done=done, all=whole)
    for item in items:
        yield ""
        yield f"{item.number}. {state(item)}"
        yield from terminal.quoted(item.what, common.columns(), "   ")
        if item.result:
            yield from terminal.quoted(item.result, common.columns(), "     ")


def state(item: Item) -> str:
    """Who does it until when, or that it was done."""
    who = terminal.safe(item.who)
    if item.done_on is not None:
        return _("{who}: done on {day}").format(who=who, day=item.done_on)
    text = _("{who}: late, was due on {day}") if item.until < calendar.today() else _("{who}: until {day}")
    return text.format(who=who, day=item.until)


def _lessons_lines(station: Station, found: Lessons | None) -> Iterator[str]:
    if found is None:
        yield _("Nothing is written down yet of cause and improvement.")
        return
    yield _("Sector: {sector}").format(
        sector=terminal.safe(categories.of_station(station).sector_title(found.sector))
    )
    for name, text in ((_("Cause"), found.cause), (_("Improvement"), found.improvement)):
        yield f"{name}:"
        yield from terminal.quoted(text, common.columns(), "  ")
