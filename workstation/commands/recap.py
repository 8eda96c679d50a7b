"""`station recap`: the figures of a year or quarter."""

import argparse

from crypto import calendar
from workstation.commands import common, papers_out
from workstation.recap import counting, names, papers, register
from workstation.recap.counting import Recap
from workstation.recap.periods import Period
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "recap", _("figures by kind, category, office, result and timeliness"), run
    )
    papers_out.add_period(parser)
    papers_out.add_colleagues(parser)
    papers_out.add_files(parser)
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    on, period = calendar.today(), papers_out.period(args)
    with papers_out.stations(args) as stations:
        found = register.of(stations, on).within(period)
        figures = counting.recap(found)
        paper = papers.recap(found, figures, period, names.of(stations[0]), on)
        papers_out.say(
            args, stations[0], paper, {**recap_json(figures, period), "reviewers": list(found.readers)}
        )
    return 0


def recap_json(figures: Recap, period: Period) -> dict[str, object]:
    """Every figure, as docs/recap.md defines it."""
    stars = figures.stars
    return {
        "by": {name: dict(counted) for name, counted in figures.by.items()},
        "by_office": {office: dict(counted) for office, counted in figures.by_office.items()},
        "erased": figures.erased,
        "held": figures.held,
        "merged": figures.merged,
        "objections": figures.objections,
        "open": figures.open,
        "period": period.name,
        "ratings": None if stars is None else {"count": stars.count, "mean": stars.tenths / 10},
        "reopened": figures.reopened,
        "stages": dict(figures.stages),
        "total": figures.total,
        "unanswered": figures.unanswered,
        "working_days": {
            "closed": len(figures.days),
            "mean": figures.mean_days,
            "median": figures.median_days,
        },
    }
