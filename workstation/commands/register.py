"""`station register`: the register (buku agenda) of the cases that you can read."""

import argparse
from typing import Final

from crypto import calendar
from workstation.commands import common, papers_out
from workstation.recap import counts, names, papers, register
from workstation.recap.line import Line
from workstation.texts import _

_UNTOLD: Final = ("restricted", "stars")


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "register", _("the register of the cases that you can read: no words, no names"), run
    )
    papers_out.add_period(parser)
    papers_out.add_files(parser)
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    on, period = calendar.today(), papers_out.period(args)
    with common.unlocked(args) as station:
        found = register.of([station], on).within(period)
        document = {
            "erased": len(found.erased),
            "lines": [_json(number, each) for number, each in enumerate(found.agenda, 1)],
            "period": period.name,
            "reviewers": list(found.readers),
        }
        papers_out.say(args, station, papers.register(found, period, names.of(station), on), document)
    return 0


def _json(number: int, line: Line) -> dict[str, object]:
    """A line as docs/recap.md has it; ratings are never told of one case."""
    told = {name: value for name, value in counts.write(line.count).items() if name not in _UNTOLD}
    return {
        **told,
        "agenda": number,
        "answered": line.answered,
        "arrived": line.arrived,
        "case": line.case,
        "closed": line.closed,
        "due": line.due,
        "held": line.held,
        "objections": line.objections,
        "reopened": line.reopened,
        "stage": line.stage,
        "working_days": line.days,
    }
