"""`station view`: a page of a piece of evidence and its hidden data, without opening it on this computer."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from workstation import cases, evidence, files, terminal, viewing
from workstation.commands import common
from workstation.errors import NotAFolderError
from workstation.texts import KINDS, _
from workstation.viewing import View
from workstation.viewing.metadata import metadata


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "view", _("look at a piece of evidence without opening it on this computer"), run
    )
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument("number", metavar="N", type=int, help=_("the number of the evidence in the case"))
    parser.add_argument("--page", metavar="P", type=int, default=1, help=_("which page (default: 1)"))
    parser.add_argument(
        "--to", metavar="DIR", type=Path, help=_("the folder to write the page's picture (PNG) to")
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    if args.to is not None and not args.to.is_dir():
        raise NotAFolderError(path=args.to)
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        seen = viewing.view(station, case, args.number, args.page)
        hidden = metadata(station, case, args.number)
        name = evidence.file_name(station, case, args.number)
    path = None
    if args.to is not None and seen.picture is not None:
        path = files.write_beside(args.to / f"{name}.{seen.page}.png", seen.picture)
    document = {
        "case": case.number,
        "evidence": args.number,
        "kind": seen.family,
        "metadata": list(hidden),
        "page": seen.page,
        "pages": seen.pages,
        "path": None if path is None else str(path),
        "text": list(seen.text),
    }
    common.say(args, document, _lines(seen, hidden, path))
    return 0


def _lines(seen: View, hidden: tuple[str, ...], path: Path | None) -> Iterator[str]:
    yield _("Kind by its bytes: {kind}. Page {page} of {pages}.").format(
        kind=_(KINDS[seen.family]), page=seen.page, pages=terminal.grouped(seen.pages)
    )
    if path is not None:
        yield _("Picture of the page: {path}").format(path=terminal.safe(str(path)))
        yield _("This copy is not encrypted. Erase it when it is no longer needed.")
    elif seen.picture is not None:
        yield _("This page is a picture. To write it to a folder, add: --to DIR")
    yield from _quoted(seen.text)
    yield ""
    yield _("Hidden data in the file:") if hidden else _("No hidden data was found that ExifTool knows.")
    yield from _quoted(hidden)


def _quoted(lines: tuple[str, ...]) -> Iterator[str]:
    for line in lines:
        yield from terminal.quoted(line, common.columns())
