"""`station lessons-report`: causes and improvements of a year; of these, what you choose is printed."""

import argparse
from collections.abc import Iterator

from workstation.commands import common, papers_out
from workstation.recap import lessons_report
from workstation.recap.lessons_report import Lesson
from workstation.review import categories
from workstation.terminal import quoted
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "lessons-report", _("causes and improvements of a year, chosen by you"), run
    )
    papers_out.add_period(parser)
    parser.add_argument(
        "--include",
        metavar="CASE",
        type=int,
        action="append",
        default=[],
        help=_("print what was learned from this case; nothing is printed that is not named so"),
    )
    papers_out.add_files(parser)
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    period = papers_out.period(args)
    with common.unlocked(args) as station:
        found = lessons_report.of(station, period)
        if args.include or args.write:
            picked = lessons_report.chosen(found, args.include)
            paper = lessons_report.paper(picked, period, categories.of_station(station))
            papers_out.say(
                args, station, paper, {"lessons": [_json(each) for each in picked], "period": period.name}
            )
            return 0
        document = {"lessons": [_json(each) for each in found], "period": period.name}
        common.say(args, document, list(_lines(found)))
    return 0


def _lines(found: list[Lesson]) -> Iterator[str]:
    """For the eyes of the reviewer: with the case, so that it can be chosen."""
    if not found:
        yield _("No case was closed with lessons in this period.")
        return
    yield _(
        "Words can give somebody away. Read each through, then name what shall be printed: --include CASE"
    )
    for lesson in found:
        yield ""
        yield _("Case {number}").format(number=lesson.case)
        yield f"  {_('Cause')}"
        yield from quoted(lesson.cause, common.columns(), "    ")
        yield f"  {_('Improvement')}"
        yield from quoted(lesson.improvement, common.columns(), "    ")


def _json(lesson: Lesson) -> dict[str, object]:
    return {
        "case": lesson.case,
        "cause": lesson.cause,
        "improvement": lesson.improvement,
        "sector": lesson.sector,
    }
