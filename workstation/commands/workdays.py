"""`station workdays`: the days on which the office works, and its own list of days."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from crypto import calendar
from crypto.fields import Day
from workstation import terminal
from workstation.commands import common
from workstation.errors import CannotReadError, UsageError
from workstation.reasons import reason
from workstation.texts import _, n_
from workstation.timing import duewords, owndays
from workstation.timing.owndays import LARGEST_FILE
from workstation.timing.workdays import FIRST_YEAR, LAST_YEAR, Calendar, Holiday


def add(subparsers: common.Subparsers) -> None:
    about = _("the days on which the office works")
    group = subparsers.add_parser("workdays", help=about, description=about)
    verbs = group.add_subparsers(metavar=_("ACTION"), required=True)
    parser = common.add_command(
        verbs, "show", _("show the holidays of a year, and the office's own list"), run
    )
    parser.add_argument("--year", metavar="Y", type=int, help=_("the year (default: this one)"))
    parser.add_argument(
        "--own", action="store_true", help=_("only the office's own list, as lines for workdays set")
    )
    common.add_unlocking(parser)
    about = _("replace the office's own list by that of a file: joint leave, regional and wrong days")
    parser = common.add_command(verbs, "set", about, run_set)
    parser.add_argument(
        "file", metavar="FILE", type=Path, help=_("JSON, or a day in each line: +2026-03-20, -2026-05-15")
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    on = calendar.today()
    year = int(on[:4]) if args.year is None else args.year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UsageError(missing=_("--year takes {first} to {last}").format(first=FIRST_YEAR, last=LAST_YEAR))
    with common.unlocked(args) as station:
        days = Calendar(owndays.read(station))
    if args.own:
        common.say(args, _own_json(days), owndays.lines(days.own))
        return 0
    found = days.holidays(year)
    document = _own_json(days) | {
        "holidays": [_json(holiday) for holiday in found],
        "unchecked_years": days.unchecked(on),
        "year": year,
    }
    common.say(args, document, [*_lines(days, year, found), *warned(days, on)])
    return 0


def run_set(args: argparse.Namespace) -> int:
    own = owndays.parse(read(args.file))
    with common.unlocked(args) as station:
        owndays.write(station, own)
    days = Calendar(own)
    count = len(own.free) + len(own.work)
    line = n_("{count} day of your own is kept.", "{count} days of your own are kept.", count)
    common.say(args, _own_json(days), [line, *warned(days, calendar.today())])
    return 0


def read(path: Path) -> bytes:
    """A file with settings; CannotReadError."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None


def warning(days: Calendar, on: Day) -> list[str]:
    """Which years nobody has checked, that deadlines of today reach; nothing if all were."""
    years = days.unchecked(on)
    if not years:
        return []
    named = ", ".join(map(str, years))
    estimates = sum(holiday.estimated for year in years for holiday in days.holidays(year))
    said = _("Nobody has compared the holidays of {years} with the decree (SKB) and the region's days.")
    lines = [said.format(years=named)]
    if estimates:
        lines.append(n_("{count} of them is an estimate.", "{count} of them are estimates.", estimates))
    return lines


def warned(days: Calendar, on: Day) -> list[str]:
    """The same for the terminal, with what to do."""
    lines, columns = warning(days, on), common.columns()
    if not lines:
        return []
    hint = _("Write “checked {year}” and what differs into a file: peluit station workdays set FILE")
    lines.append(hint.format(year=days.unchecked(on)[0]))
    return ["", *(line for text in lines for line in terminal.wrap(text, columns))]


def _own_json(days: Calendar) -> dict[str, object]:
    own = days.own
    return {
        "checked": list(own.checked),
        "country": own.country,
        "free": dict(own.free),
        "work": dict(own.work),
    }


def _json(holiday: Holiday) -> dict[str, object]:
    return {
        "day": holiday.day,
        "estimated": holiday.estimated,
        "name": holiday.name,
        "own": holiday.own,
    }


def _lines(days: Calendar, year: int, found: list[Holiday]) -> Iterator[str]:
    yield _("Working days: Mondays to Fridays without these ({country}, {year}):").format(
        country=days.own.country, year=year
    )
    yield ""
    rows = [
        (each.day, duewords.weekday(each.day), terminal.safe(each.name), _("own list") if each.own else "")
        for each in found
    ]
    yield from terminal.table((_("Day"), "", _("Holiday"), ""), rows)
    for day, name in days.own.work.items():
        if day.startswith(f"{year}-"):
            yield _("{day} is a working day here. {name}").format(day=day, name=terminal.safe(name)).rstrip()
