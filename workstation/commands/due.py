"""`station due` and `station extend`: what must be done by when, and one extension of a case."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from crypto import calendar
from crypto.fields import Day
from workstation import cases, terminal
from workstation.casework import describing
from workstation.commands import common, workdays
from workstation.errors import UsageError
from workstation.texts import _
from workstation.timing import case_time, duewords, escalation, extension
from workstation.timing import due as due_days
from workstation.timing.case_time import Time
from workstation.timing.escalation import WITHIN, Entry

_MOST: Final = 366
_TASK_COLUMNS: Final = 36


def add(subparsers: common.Subparsers) -> None:
    about = _("list what is late, due soon, or waits for somebody")
    parser = common.add_command(subparsers, "due", about, run)
    parser.add_argument("case", metavar="CASE", type=int, nargs="?", help=_("only the time of this case"))
    parser.add_argument("--late", action="store_true", help=_("only what is late"))
    parser.add_argument(
        "--within",
        metavar="DAYS",
        type=int,
        default=WITHIN,
        help=_("how many days to look ahead (default: {days})").format(days=WITHIN),
    )
    common.add_unlocking(parser)
    about = _("give a case more time, once; the reporter is told why")
    parser = common.add_command(subparsers, "extend", about, run_extend)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument("--reason", metavar="WORDS", required=True, help=_("why more time is needed"))
    parser.add_argument(
        "--answer", metavar="WORDS", default="", help=_("what the reporter is told (default: the reason)")
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    if not 0 <= args.within <= _MOST:
        raise UsageError(missing=_("--within takes 0 to {most} days").format(most=_MOST))
    on = calendar.today()
    if args.case is not None:
        with common.unlocked(args) as station:
            time = case_time.of_case(station, cases.find(station, args.case), on)
        common.say(args, {"case": args.case, **asdict(time)}, _time_lines(args.case, time))
        return 0
    with common.unlocked(args) as station:
        found = escalation.entries(station, on, args.within)
        found = escalation.late_only(found) if args.late else found
        days = due_days.counting(station).calendar
    document = {"due": [_json(entry) for entry in found], "unchecked_years": days.unchecked(on)}
    common.say(args, document, [*_lines(found, on), *workdays.warned(days, on)])
    return 0


def run_extend(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        done = extension.extend(station, case, args.reason, args.answer, calendar.today())
    line = _("{task}: case {number} has time until {day} now; it was {before}. It cannot be extended again.")
    words = line.format(
        task=duewords.task(done.before.what), number=args.case, day=done.day, before=done.before.day
    )
    document = {"before": done.before.day, "case": args.case, "due": done.day, "task": done.before.what}
    common.say(args, document, [words])
    return 0


def _time_lines(number: int, time: Time) -> Iterator[str]:
    yield _("Deadlines of case {number}").format(number=number)
    for line in time.running:
        day = _("until {day}").format(day=line.day) + " · " if line.day else ""
        yield f"  {line.task}: {day}{line.said} ({line.length}; {line.source})"
    if not time.running:
        yield "  " + _("No deadline runs.")
    for line in time.kept:
        yield f"  {line.day} · {line.task}: {line.said} ({line.length}; {line.source})"
    for since, until, reason in time.pauses:
        if until:
            text = _("The clock stood still from {since} to {until}: {reason}")
        else:
            text = _("The clock stands still since {since}: {reason}")
        yield "  " + text.format(since=since, until=until, reason=reason)
    for each in time.extended:
        yield "  " + _("Extended on {day}; not again.").format(day=each.day)


def _json(entry: Entry) -> dict[str, object]:
    return {
        "case": entry.case.number,
        "day": entry.day,
        "days_late": entry.late,
        "stage": entry.case.head.stage,
        "task": entry.what,
        "urgent": entry.urgent,
    }


def _lines(found: list[Entry], on: Day) -> list[str]:
    if not found:
        return [_("Nothing is late, due soon, or waits for somebody.")]
    head = (_("Case"), _("To do"), _("Until"), "", _("Stage"))
    rows = [
        (
            str(entry.case.number),
            terminal.fit(("! " if entry.urgent else "") + duewords.task(entry.what), _TASK_COLUMNS),
            entry.day or "–",
            duewords.distance(entry.what, entry.day, on) if entry.day else _("now"),
            describing.standing(entry.case.head),
        )
        for entry in found
    ]
    lines = terminal.table(head, rows, right=(0,))
    if any(entry.urgent for entry in found):
        lines += ["", _("!: a threat that nobody answered, or classified as urgent")]
    return lines
