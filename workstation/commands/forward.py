"""`station forward`: pass a case on to another office, blacked out."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from crypto import calendar
from crypto.errors import ProtocolError
from crypto.fields import Day, day
from workstation import cases, terminal
from workstation.commands import common, redacting
from workstation.commands.reply import text_of
from workstation.dispositions import disposition, kept, passable
from workstation.dispositions.disposition import Done, Wish
from workstation.dispositions.kept import Forwarded
from workstation.offices import office_titles, registry
from workstation.offices.office_errors import DayTypedError, NotSentError, OriginalNotConfirmedError
from workstation.offices.registry import Office
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("pass a case on to another office, or show what could be passed on")
    parser = common.add_command(subparsers, "forward", about, run)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument(
        "--office", metavar="ID", help=_("where to (without it: only show what could be passed on)")
    )
    parser.add_argument("--subject", metavar="TEXT", default="", help=_("what it is about, in a few words"))
    text = parser.add_mutually_exclusive_group()
    text.add_argument("--text", metavar="TEXT", help=_("what you write to the office"))
    text.add_argument(
        "--text-file", metavar="FILE", help=_("the same from a file, or from standard input (-)")
    )
    redacting.add_choosing(parser)
    parser.add_argument(
        "--original",
        metavar="N",
        type=int,
        action="append",
        default=[],
        help=_("the original of this piece of evidence, which may show who took it"),
    )
    parser.add_argument(
        "--due",
        metavar="DAY",
        default="",
        help=_("the day by which the office must answer, if not the usual one (YYYY-MM-DD)"),
    )
    parser.add_argument(
        "--allow-reply", action="store_true", help=_("the office may reply to the reporter itself")
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--paper", dest="way", action="store_const", const="paper", help=_("as a letter to print")
    )
    way.add_argument(
        "--stick",
        dest="way",
        action="store_const",
        const="file",
        help=_("as a sealed file, also if it is connected"),
    )
    parser.add_argument("--to", metavar="DIR", type=Path, help=_("the folder for the file or the letter"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    columns = common.columns()
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        pieces = passable.pieces(station, case)
        if args.office is None:
            document = {"case": case.number, "pieces": [redacting.piece_json(piece) for piece in pieces]}
            common.say(args, document, redacting.shown(pieces, columns))
            return 0
        office = registry.find(station.vault, terminal.safe(args.office))
        wish = Wish(
            office=office.id,
            subject=args.subject,
            text=text_of(args),
            texts=redacting.copies(args, pieces),
            cleaned=args.evidence,
            originals=args.original,
            due=day_of(args.due),
            grant=args.allow_reply,
            way=args.way,
        )
        left = case.head.evidence - len({*wish.cleaned, *wish.originals})
        withheld = disposition.withheld(pieces, wish.texts, left)
        if not args.yes:
            for line in redacting.preview(disposition.answers(pieces, wish.texts), withheld, columns):
                common.warn(line)
            _confirm(office, wish)
        done = disposition.forward(station, case, wish, calendar.today(), args.to)
        lines = list(_done_lines(done, office))
    common.say(args, _json(done), lines)
    return 0


def day_of(given: str) -> Day | None:
    """A day that somebody typed, None if nothing; DayTypedError."""
    try:
        return day(given.strip()) if given.strip() else None
    except ProtocolError:
        raise DayTypedError(day=terminal.safe(given)) from None


def forwarded_json(found: Forwarded) -> dict[str, object]:
    """A disposition for scripts."""
    return {
        "about_itself": found.about_itself,
        "answers": [{"day": answer.day, "text": answer.text} for answer in found.answers],
        "day": found.day,
        "due": found.due,
        "evidence": [
            {"number": each.number, "original": each.original, "sha256": each.sha256.hex()}
            for each in found.evidence
        ],
        "grant": found.grant,
        "id": found.document.id.hex(),
        "number": found.number,
        "office": found.office,
        "passed": [title for title, _text in found.document.answers],
        "receipt": found.receipt,
        "subject": found.document.subject,
        "way": found.way,
        "withheld": list(found.document.withheld),
    }


def original_warning() -> str:
    """What passing on an original means."""
    return _(
        "An original can show who made it: by its hidden data, its angle, marks on the paper, or because few "
        "people hold it. It cannot be called back."
    )


def _confirm(office: Office, wish: Wish) -> None:
    """NotSentError, OriginalNotConfirmedError unless the right words are typed."""
    common.warn(redacting.warning())
    if wish.originals:
        common.warn(original_warning())
        word = _("original")
        if _typed(_("Type the word {word}: ").format(word=word)) != word:
            raise OriginalNotConfirmedError
    if _typed(_("Type the id of the office to send it: ")) != office.id:
        raise NotSentError


def _typed(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _json(done: Done) -> dict[str, object]:
    path = None if done.path is None else str(done.path)
    return {"case": done.case.number, "path": path, **forwarded_json(done.forwarded)}


def _done_lines(done: Done, office: Office) -> Iterator[str]:
    yield _("Disposition {number} of case {case} to {office}, {way}; answer wanted by {due}.").format(
        number=done.forwarded.number,
        case=done.case.number,
        office=office_titles.name(office),
        way=office_titles.way(done.forwarded.way),
        due=done.forwarded.due,
    )
    yield from way_lines(done.path, done.forwarded.way)
    if done.forwarded.about_itself:
        yield itself_warning()


def itself_warning() -> str:
    """What to mind if a case goes to the office that it is about."""
    return _("This is the office that the case is about. Make sure that nothing in it shows who reported it.")


def way_lines(path: Path | None, way: kept.Way) -> Iterator[str]:
    """What remains to be done."""
    if path is not None:
        yield _("Written: {path}").format(path=terminal.safe(str(path)))
    if way == "server":
        yield _("It waits for the next bundle. To send it: peluit station bundle --to DIR")
    elif way == "paper":
        yield _("Print it, sign it, hand it over, and destroy the file: it is not encrypted.")
    else:
        yield _(
            "It is sealed to that office. Its station takes it in with: peluit station dispositions take FILE"
        )
