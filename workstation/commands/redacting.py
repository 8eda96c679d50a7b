"""What `forward` and `package` share: choosing pieces of a case, and blacking out."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from workstation import terminal
from workstation.dispositions import redaction
from workstation.dispositions.disposition import KINDS
from workstation.dispositions.passable import Piece
from workstation.errors import CannotReadError, UsageError
from workstation.offices.office_errors import NoSuchPieceError
from workstation.reasons import reason
from workstation.texts import _

_LARGEST = 2**18


def add_choosing(parser: argparse.ArgumentParser) -> None:
    """The options that say what is passed on, and in which words."""
    parser.add_argument(
        "--pieces", metavar="N,…", help=_("which answers and messages (default: those about the matter)")
    )
    parser.add_argument(
        "--mask",
        metavar="WORDS",
        action="append",
        default=[],
        help=_("black these words out wherever they stand"),
    )
    parser.add_argument(
        "--keep", metavar="WORDS", action="append", default=[], help=_("do not black these words out")
    )
    parser.add_argument(
        "--edited",
        metavar="N=FILE",
        action="append",
        default=[],
        help=_("instead of piece N, the copy that you wrote into this file"),
    )
    parser.add_argument(
        "--evidence",
        metavar="N",
        type=int,
        action="append",
        default=[],
        help=_("a cleaned copy of this piece of evidence (default: none)"),
    )


def copies(args: argparse.Namespace, pieces: Sequence[Piece]) -> dict[int, str]:
    """The copy of each piece that goes, by number; UsageError, NoSuchPieceError, CannotReadError."""
    edited = dict(_edited(given) for given in args.edited)
    chosen = _numbers(args.pieces) if args.pieces else [piece.number for piece in pieces if piece.suggested]
    known = {piece.number: piece for piece in pieces}
    for number in (*chosen, *edited):
        if number not in known:
            raise NoSuchPieceError(number=number)
    texts = {n: redaction.redact(known[n].untrusted_text, args.mask, args.keep).text for n in chosen}
    return texts | edited


def shown(pieces: Sequence[Piece], columns: int) -> Iterator[str]:
    """Every piece as it came, and what in it was marked."""
    for piece in pieces:
        mark = "*" if piece.suggested else " "
        yield ""
        yield f"{mark}{piece.number}. {piece.title}"
        yield from terminal.quoted(piece.untrusted_text, columns, "    ")
        for found in redaction.find(piece.untrusted_text):
            words = terminal.fit(piece.untrusted_text[found.start : found.end], max(20, columns // 2))
            sign = redaction.MASK[0] if found.kind in redaction.MASKED else "?"
            yield f"    {sign} {words}: {_(KINDS[found.kind])}"
    yield ""
    legend = _("* goes unless you choose others. ▇ is blacked out, ? is only shown: look at it.")
    for line in (legend, warning()):
        yield from terminal.wrap(line, columns)


def warning() -> str:
    """What the marks are not."""
    return _(
        "These marks are never complete: what only few people know gives somebody away without any of them. "
        "Read each text as if you were the reported side."
    )


def preview(answers: Sequence[tuple[str, str]], withheld: Sequence[str], columns: int) -> Iterator[str]:
    """What goes, and what does not."""
    for title, text in answers:
        yield ""
        yield title
        yield from terminal.quoted(text, columns, "    ")
    yield ""
    yield _("Not passed on")
    for line in withheld:
        yield from terminal.wrap(f"  {line}", columns)


def read_words(path: Path) -> str:
    """A text that somebody wrote into a file; CannotReadError."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotReadError(path=path, reason="UTF-8") from None
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None


def piece_json(piece: Piece) -> dict[str, object]:
    """A piece for scripts."""
    return {
        "marks": [
            {"end": mark.end, "kind": mark.kind, "start": mark.start}
            for mark in redaction.find(piece.untrusted_text)
        ],
        "number": piece.number,
        "received": piece.received,
        "suggested": piece.suggested,
        "text": piece.untrusted_text,
        "title": piece.title,
    }


def _numbers(given: str) -> list[int]:
    try:
        return [int(each) for each in given.split(",")]
    except ValueError:
        raise UsageError(missing="--pieces 1,2,…") from None


def _edited(given: str) -> tuple[int, str]:
    number, equals, path = given.partition("=")
    if not equals or not number.isdecimal():
        raise UsageError(missing="--edited N=FILE")
    return int(number), read_words(Path(path))
