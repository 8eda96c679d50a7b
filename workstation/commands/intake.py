"""`station intake`: what came as a letter, an SMS, a post or a visit becomes a case."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from crypto import calendar
from crypto.constants import LANGUAGES
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, ReviewerId
from crypto.fields import day as read_day
from workstation import cases, changing, terminal
from workstation.byhand import attaching, entry, intake, paper_codename
from workstation.byhand.entry import Entry
from workstation.byhand.intake import Taken
from workstation.casework.errors import AnswersError
from workstation.commands import common
from workstation.errors import CannotReadError, FileExistsAlreadyError, UsageError
from workstation.reasons import reason
from workstation.station import Station
from workstation.texts import _, n_

_LONGEST: Final = 2**20


def add(subparsers: common.Subparsers) -> None:
    about = _("take in a letter, an SMS, a post or a visit as a case")
    parser = common.add_command(subparsers, "intake", about, run)
    parser.add_argument("--channel", metavar="CHANNEL", help=_("the channel that it belongs to"))
    parser.add_argument("--arrival", choices=entry.ARRIVALS, help=_("how it came"))
    parser.add_argument("--received", metavar="DAY", help=_("the day on which it came, YYYY-MM-DD"))
    parser.add_argument(
        "--answer",
        metavar="QUESTION=TEXT",
        action="append",
        default=[],
        help=_("an answer to a question of the channel's form, as in what=… or who=…; once for each"),
    )
    parser.add_argument(
        "--answers", metavar="FILE", type=Path, help=_("the same from a file: one JSON object of texts")
    )
    parser.add_argument(
        "--written-in", choices=LANGUAGES, default="id", help=_("the language of the sender (id)")
    )
    parser.add_argument(
        "--attach",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help=_(
            "a scan or photo, or a folder of them, sealed as evidence at once; their own names are not kept"
        ),
    )
    parser.add_argument(
        "--destroy-attached",
        action="store_true",
        help=_("afterwards overwrite and remove the attached files"),
    )
    parser.add_argument(
        "--exclude",
        metavar="REVIEWER",
        action="append",
        default=[],
        help=_("a reviewer who must not read it; once for each"),
    )
    parser.add_argument(
        "--agency", action="store_true", help=_("a public agency sent it, under its own name")
    )
    parser.add_argument(
        "--keep-because",
        metavar="REASON",
        default="",
        help=_("why a number or name that stands in the text has to stay"),
    )
    parser.add_argument(
        "--with-codename",
        action="store_true",
        help=_("give a codename back in the same conversation; needs --paper"),
    )
    parser.add_argument(
        "--paper", metavar="FILE", type=Path, help=_("where to write the sheet with the codename, to print")
    )
    parser.add_argument(
        "--not-handed-over",
        metavar="CASE",
        type=int,
        help=_("note that the codename of this case did not reach anybody"),
    )
    parser.add_argument(
        "--oldest-days",
        metavar="N",
        type=int,
        help=_("from now on, take in what came up to N days ago (at first: 366)"),
    )
    common.add_unlocking(parser)
    common.add_progress(parser)


def run(args: argparse.Namespace) -> int:
    if args.oldest_days is not None:
        return _set_oldest_days(args)
    if args.not_handed_over is not None:
        return _not_handed_over(args)
    given = _entry(args)
    if args.with_codename is not (args.paper is not None):
        raise UsageError(missing="--with-codename --paper FILE")
    if args.paper is not None and args.paper.exists():
        raise FileExistsAlreadyError(path=args.paper)
    with common.unlocked(args) as station:
        taken = intake.take(station, given, calendar.today(), args.with_codename, common.progress_for(args))
        if taken.words:
            _hand_over(station, given, taken, args.paper)
    left = intake.destroy(given.attached) if args.destroy_attached else []
    document = {"case": taken.number, "evidence": taken.evidence, "way_back": bool(taken.words)}
    common.say(args, document, lines(taken, len(given.attached) if args.destroy_attached else 0, left))
    return 1 if left else 0


def lines(taken: Taken, destroyed: int, left: Sequence[Path]) -> list[str]:
    """What became of it."""
    told = [_("It is case {number}.").format(number=taken.number)]
    if taken.evidence:
        told.append(
            n_("{count} file is sealed as evidence.", "{count} files are sealed as evidence.", taken.evidence)
        )
    told += [
        _("{path} could not be overwritten: destroy it yourself.").format(path=terminal.safe(str(path)))
        for path in left
    ]
    if destroyed > len(left):
        told.append(
            n_(
                "{count} attached file was overwritten and removed. A stick or an SSD may still hold it "
                "where nothing can reach it: destroy the medium if that matters.",
                "{count} attached files were overwritten and removed. A stick or an SSD may still hold them "
                "where nothing can reach them: destroy the medium if that matters.",
                destroyed - len(left),
            )
        )
    if not taken.words:
        told.append(_("There is no way back: whatever is decided, nobody can be told."))
    return told


def _entry(args: argparse.Namespace) -> Entry:
    for name in ("channel", "arrival", "received"):
        if getattr(args, name) is None:
            raise UsageError(missing=f"--{name}")
    try:
        received = read_day(args.received)
    except ProtocolError:
        raise UsageError(missing="--received YYYY-MM-DD") from None
    return Entry(
        channel=ChannelId(args.channel),
        arrival=args.arrival,
        received=received,
        language=args.written_in,
        answers=_answers(args),
        excluded=tuple(ReviewerId(reviewer) for reviewer in args.exclude),
        sender="agency" if args.agency else "",
        kept=args.keep_because,
        attached=tuple(path for given in args.attach for path in attaching.files_of(given)),
    )


def _answers(args: argparse.Namespace) -> dict[str, str]:
    found = {} if args.answers is None else _read_answers(args.answers)
    for argument in args.answer:
        name, equals, text = argument.partition("=")
        if not equals:
            raise UsageError(missing="--answer QUESTION=TEXT")
        found[name.strip()] = text
    return found


def _read_answers(path: Path) -> dict[str, str]:
    """AnswersError, CannotReadError."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_LONGEST).decode("utf-8-sig"))
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise AnswersError(rule=_("the file is one JSON object of questions and texts"))
    return found


def _hand_over(station: Station, given: Entry, taken: Taken, paper: Path) -> None:
    """Writes the sheet and, where somebody is there, destroys the file once it is printed."""
    office = station.directory.office
    try:
        paper_codename.write(
            office, paper_codename.sheet(office, taken.words, given.language, given.arrival), paper
        )
    except BaseException:
        intake.not_handed_over(station, cases.find(station, taken.number), calendar.today())
        raise
    name = terminal.safe(str(paper))
    if not sys.stdin.isatty():
        common.warn(
            _(
                "{path} holds the only copy of the codename. Print it, hand it over, and destroy the file: "
                "shred -u FILE"
            ).format(path=name)
        )
        return
    sys.stderr.write(
        _("Print {path} now and hand it over. Then press Enter: the file is destroyed. ").format(path=name)
    )
    sys.stderr.flush()
    sys.stdin.readline()
    changing.shred(paper)


def _set_oldest_days(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        entry.set_oldest_days(station, args.oldest_days)
    told = n_(
        "What came up to {count} day ago can be taken in.",
        "What came up to {count} days ago can be taken in.",
        args.oldest_days,
    )
    common.say(args, {"oldest_days": args.oldest_days}, [told])
    return 0


def _not_handed_over(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.not_handed_over)
        case = intake.not_handed_over(station, case, calendar.today())
    told = _("Case {number} has no way back: nobody can be told anything.").format(number=case.number)
    common.say(args, {"case": case.number, "way_back": case.head.way_back}, [told])
    return 0
