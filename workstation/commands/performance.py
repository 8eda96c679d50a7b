"""`station performance`: how offices answered what was passed on to them, and the signed statement."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from crypto import calendar
from workstation import files, terminal
from workstation.commands import common, papers_out
from workstation.commands.custody import read_text
from workstation.errors import FileExistsAlreadyError
from workstation.recap import as_text, names, papers, performance, statement
from workstation.recap.performance import Passed, Performance
from workstation.recap.statement import Statement
from workstation.station import Station
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "performance", _("how offices answered what was passed on to them"), run
    )
    papers_out.add_period(parser)
    parser.add_argument("--office", metavar="OFFICE", default="", help=_("only this office, by its id"))
    parser.add_argument(
        "--sign", metavar="FILE", type=Path, help=_("write a statement that you sign to a new text file")
    )
    parser.add_argument("--check", metavar="FILE", type=Path, help=_("check such a statement instead"))
    papers_out.add_colleagues(parser)
    papers_out.add_files(parser)
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    return _check(args) if args.check else _show(args)


def _show(args: argparse.Namespace) -> int:
    on, period = calendar.today(), papers_out.period(args)
    with papers_out.stations(args) as stations:
        found = performance.of(stations, period, on, args.office)
        named = names.of(stations[0])
        lead = [papers.readers([station.reviewer for station in stations], on)]
        paper = papers.performance(found, period.name, named, lead)
        if args.sign:
            write_statement(args.sign, sign(stations[0], period.name, found))
        document = {"offices": [office_json(each) for each in found], "period": period.name}
        papers_out.say(args, stations[0], paper, document)
        if args.sign and not args.json:
            common.say(args, {}, [_("Signed: {path}").format(path=terminal.safe(str(args.sign)))])
    return 0


def _check(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        found = statement.read(station, read_text(args.check))
        paper = papers.stated(found, names.of(station))
    document = {
        "day": found.day,
        "offices": [office_json(each) for each in found.offices],
        "period": found.period,
        "reviewer": found.reviewer,
    }
    lines = [_("The signature holds."), "", *as_text.lines(paper, common.columns())]
    common.say(args, document, lines)
    return 0


def sign(station: Station, period: str, found: Sequence[Performance]) -> str:
    """The whole text of a statement of today: its words, and the line that counts."""
    on = calendar.today()
    said = Statement(period, station.reviewer, on, tuple(found))
    paper = papers.marked(station, papers.stated(said, names.of(station)))
    head = _("Statement on the performance of offices. The last line is signed; to check it:")
    lines = [head, "  peluit station performance --check FILE", "", *as_text.lines(paper, 80), ""]
    return "".join(f"{line}\n" for line in [*lines, statement.sign(station, period, found, on)])


def write_statement(path: Path, text: str) -> None:
    """FileExistsAlreadyError, and those of writing a file."""
    try:
        files.write_new(path, [text.encode()])
    except FileExistsError:
        raise FileExistsAlreadyError(path=path) from None


def office_json(performance: Performance) -> dict[str, object]:
    """An office as docs/recap.md has it."""
    mean = performance.mean_tenths
    return {
        "answered_in_time": performance.count("in-time"),
        "answered_late": performance.count("late"),
        "dispositions": [_passed_json(each) for each in performance.passed],
        "longest_late": performance.longest_late,
        "mean_working_days": None if mean is None else mean / 10,
        "office": performance.office,
        "open": performance.count("open"),
        "passed_on": len(performance.passed),
        "unanswered": performance.count("unanswered"),
    }


def _passed_json(passed: Passed) -> dict[str, object]:
    return {
        "answered": passed.answered,
        "due": passed.due,
        "late": passed.late,
        "pauses": [{"reason": p.reason, "since": p.since, "until": p.until} for p in passed.pauses],
        "sent": passed.sent,
        "state": passed.state,
        "working_days": passed.days,
    }
