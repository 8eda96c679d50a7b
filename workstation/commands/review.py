"""`station review`: the review sheet of a case."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from crypto import calendar
from workstation import cases, terminal
from workstation.casework import journal
from workstation.casework.errors import BadSheetError
from workstation.commands import common
from workstation.commands.show import reviewer_title
from workstation.errors import CannotReadError, UsageError
from workstation.reasons import reason
from workstation.review import review_sheet
from workstation.review.review_sheet import (
    QUESTIONS,
    RECOMMENDATIONS,
    RISKS,
    STRENGTHS,
    WORDS,
    ReviewSheet,
    Written,
)
from workstation.station import Station
from workstation.texts import _

_LARGEST = 2**20
_STDIN = Path("-")
_NO_QUESTION = "none"


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "review", _("write the review sheet of a case; without options: show it"), run
    )
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument(
        "--template", action="store_true", help=_("print the sheet as a file to fill in, and change nothing")
    )
    parser.add_argument(
        "--file", metavar="FILE", type=Path, help=_("take the sheet from this file, or standard input (-)")
    )
    parser.add_argument(
        "--answered",
        metavar="QUESTION,…",
        help=_("which of {known} are answered; none: none").format(known=", ".join(QUESTIONS)),
    )
    parser.add_argument("--evidence", choices=tuple(STRENGTHS), help=_("how strong the evidence is"))
    parser.add_argument(
        "--supervision",
        choices=("yes", "no"),
        help=_("whether it is a matter of supervision (berkadar pengawasan)"),
    )
    parser.add_argument(
        "--recognisable", choices=tuple(RISKS), help=_("whether the reporter could be recognised")
    )
    parser.add_argument("--recommendation", choices=tuple(RECOMMENDATIONS), help=_("what is to be done next"))
    for name, what in WORDS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=_(what))
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    given = _given(args)
    if args.file and given:
        raise UsageError(missing=_("name a file, or options: not both"))
    untrusted_file = _from_file(args.file) if args.file else None
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        if args.template:
            written = review_sheet.write(review_sheet.begun(station, case))
            common.say(args, written, common.json_lines(written))
            return 0
        if untrusted_file is not None or given:
            begun = review_sheet.write(review_sheet.begun(station, case))
            value = untrusted_file if untrusted_file is not None else {**begun, **given}
            case = review_sheet.keep(station, case, value, calendar.today())
        found = review_sheet.latest(journal.of_case(station, case))
        if found is None:
            answered = review_sheet.begun(station, case)
            text = _(
                "Case {case} has no review sheet yet. To begin one: peluit station review {case} --template"
            )
            common.say(
                args,
                {"case": args.case, "sheet": None, "answered": list(answered.answered)},
                [text.format(case=args.case), completeness(answered)],
            )
            return 0
        common.say(args, _json(args.case, found), list(_lines(station, args.case, found)))
    return 0


def completeness(sheet: ReviewSheet) -> str:
    """How much of 5W1H is answered, and what is missing, in words."""
    text = _("Completeness: {count} of {all} questions answered").format(
        count=len(sheet.answered), all=len(QUESTIONS)
    )
    missing = ", ".join(_(QUESTIONS[each]) for each in sheet.missing)
    return text + "; " + _("missing: {questions}").format(questions=missing) if missing else text


def pairs(sheet: ReviewSheet) -> Iterator[tuple[str, str]]:
    """(name, value) of each thing that a sheet says; words of people may have several lines."""
    yield _("Completeness"), completeness(sheet).partition(": ")[2]
    yield _("Evidence"), _(STRENGTHS[sheet.evidence])
    yield _("What the evidence shows"), sheet.evidence_words
    yield _("Matter of supervision"), _("yes") if sheet.supervision else _("no")
    yield _("Legal ground"), sheet.ground
    yield _("The reporter could be recognised"), _(RISKS[sheet.recognisable])
    yield _("Who else knows of it"), sheet.known_to
    yield _("Conflict of interest that was seen"), sheet.conflict
    yield _("Recommendation"), _(RECOMMENDATIONS[sheet.recommendation])
    yield _("Reasons"), sheet.reasons


def _given(args: argparse.Namespace) -> dict[str, object]:
    names = ("evidence", "recognisable", "recommendation", *WORDS)
    given: dict[str, object] = {n: value for n in names if (value := getattr(args, n)) is not None}
    if args.answered is not None:
        named = [each.strip() for each in args.answered.split(",")]
        given["answered"] = [] if named == [_NO_QUESTION] else named
    if args.supervision is not None:
        given["supervision"] = args.supervision == "yes"
    return given


def _from_file(path: Path) -> object:
    try:
        if path == _STDIN:
            untrusted_data = sys.stdin.buffer.read(_LARGEST)
        else:
            with path.open("rb") as file:
                untrusted_data = file.read(_LARGEST)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    try:
        found: object = json.loads(untrusted_data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadSheetError(rule=_("the file is no JSON")) from None
    return found


def _json(case: int, found: Written) -> dict[str, object]:
    return {
        "case": case,
        "day": found.step.day,
        "missing": list(found.sheet.missing),
        "reviewer": found.step.reviewer,
        "sheet": review_sheet.write(found.sheet),
        "step": found.step.number,
    }


def _lines(station: Station, case: int, found: Written) -> Iterator[str]:
    yield _("Review sheet of case {case}, {day}, {reviewer}").format(
        case=case, day=found.step.day, reviewer=reviewer_title(station, found.step.reviewer)
    )
    for name, value in pairs(found.sheet):
        if "\n" in value or terminal.width(value) > common.columns() - terminal.width(name) - 2:
            yield f"{name}:"
            yield from terminal.quoted(value, common.columns(), "  ")
        elif value:
            yield f"{name}: {terminal.safe(value)}"
