"""What the commands of the accounts share: period, colleagues who are here too, and files to be written."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from crypto import calendar
from workstation import passphrases, terminal
from workstation.commands import common
from workstation.recap import as_text, papers, periods, register, saving
from workstation.recap.paper import Paper
from workstation.recap.periods import Period
from workstation.station import Station
from workstation.texts import _


def add_period(parser: argparse.ArgumentParser) -> None:
    """`--period`."""
    parser.add_argument(
        "--period", metavar="PERIOD", help=_("a year or a quarter, 2026 or 2026-Q3 (default: this year)")
    )


def add_colleagues(parser: argparse.ArgumentParser) -> None:
    """`--with`."""
    parser.add_argument(
        "--with",
        dest="colleagues",
        metavar="REVIEWER",
        action="append",
        default=[],
        help=_("count the cases of a colleague too, who is here and gives their passphrase; each case once"),
    )


def add_files(parser: argparse.ArgumentParser) -> None:
    """`--write` and `--bom`."""
    parser.add_argument(
        "--write",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help=_("write it to a new file too; the ending says how: .csv, .html or .pdf"),
    )
    parser.add_argument(
        "--bom", action="store_true", help=_("begin CSV with a mark by which some spreadsheets know UTF-8")
    )


def period(args: argparse.Namespace) -> Period:
    """The period that was named, or this year; PeriodError."""
    return periods.read(args.period) if args.period else periods.year_of(calendar.today())


@contextmanager
def stations(args: argparse.Namespace) -> Iterator[list[Station]]:
    """The station as the reviewer reads it, and as each colleague who is here too does."""
    with common.unlocked(args) as station:
        found = [station]
        for reviewer in args.colleagues:
            given = passphrases.files(args.passphrase_file, station.reviewer)
            found.append(register.colleague(station, reviewer, passphrases.known(reviewer, given)))
        yield found


def say(args: argparse.Namespace, station: Station, paper: Paper, document: Mapping[str, object]) -> None:
    """Writes the files that were asked for, then says it: the paper for people, else the document."""
    paper = papers.marked(station, paper)
    for path in args.write:
        saving.save(paper, path, args.bom)
    written = [_("Written: {path}").format(path=terminal.safe(str(path))) for path in args.write]
    document = {**document, **({"paths": [str(path) for path in args.write]} if args.write else {})}
    lines = as_text.lines(paper, common.columns())
    common.say(args, document, [*lines, *([""] if written else []), *written])
