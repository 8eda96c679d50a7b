"""`station statistics`: what the public is told of a year or quarter; look at it, publish it, list it."""

import argparse

from crypto import calendar
from crypto.statistics import Statistics
from workstation.commands import common, papers_out
from workstation.recap import as_text, papers, periods, register, statistics
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "statistics", _("public statistics: show, publish, or list what is published"), run
    )
    parser.add_argument("act", choices=("show", "publish", "list"), metavar="show|publish|list")
    parser.add_argument(
        "--quarter",
        "--period",
        dest="period",
        metavar="PERIOD",
        help=_("a quarter that is over, such as 2026-Q3, or a year: 2026"),
    )
    papers_out.add_colleagues(parser)
    papers_out.add_files(parser)
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    return _list(args) if args.act == "list" else _say(args)


def _say(args: argparse.Namespace) -> int:
    on, period = calendar.today(), periods.read(args.period or "")
    with papers_out.stations(args) as stations:
        station, found = stations[0], register.of(stations, on)
        if args.act == "publish":
            said = statistics.publish(station, found, period, on)
        else:
            said = statistics.draft(station, found, period, on)
        papers_out.say(args, station, papers.public(said), statistics_json(said))
        if args.act == "publish" and not args.json:
            common.say(args, {}, ["", queued()])
    return 0


def _list(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        found, waiting = statistics.published(station.vault), statistics.waiting(station.vault)
    lines = [
        line
        for period, said in found.items()
        for line in (
            *as_text.lines(papers.public(said), common.columns()),
            *([queued()] if period in waiting else []),
            "",
        )
    ]
    document = {"published": [statistics_json(said) for said in found.values()], "waiting": waiting}
    common.say(args, document, lines or [_("Nothing is published yet.")])
    return 0


def queued() -> str:
    """What is to be done so that the public sees it."""
    return _("It is in the next bundle for the server. These figures never change again.")


def statistics_json(said: Statistics) -> dict[str, object]:
    """What is told, as docs/recap.md has it; None stands for what is hidden."""
    stars = said.stars
    return {
        "period": said.period,
        "quarters": list(said.quarters),
        "ratings": None if stars is None else {"count": stars.count, "mean": stars.tenths / 10},
        "tables": [
            {
                "kind": table.kind,
                "of": None if table.titles is None else dict(table.titles),
                "rows": [{"count": row.count, "titles": dict(row.titles)} for row in table.rows],
            }
            for table in said.tables
        ],
        "total": said.total,
    }
