"""`station clean`: a copy of a piece of evidence without its hidden data."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from workstation import cases, terminal
from workstation.commands import common
from workstation.texts import _
from workstation.viewing import cleaned
from workstation.viewing.cleaned import Copy


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "clean", _("write a copy of a piece of evidence without its hidden data"), run
    )
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument("number", metavar="N", type=int, help=_("the number of the evidence in the case"))
    parser.add_argument("--to", metavar="DIR", type=Path, required=True, help=_("the folder to write to"))
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        copy = cleaned.write(station, case, args.number, args.to)
    document = {
        "case": case.number,
        "evidence": args.number,
        "original_sha256": copy.original.hex(),
        "path": str(copy.path),
        "sha256": copy.sha256.hex(),
        "size": copy.size,
    }
    common.say(args, document, cleaned_lines(copy))
    return 0


def cleaned_lines(copy: Copy) -> Iterator[str]:
    """Where a cleaned copy was written, and what it is not."""
    yield _("Written: {path} ({size})").format(
        path=terminal.safe(str(copy.path)), size=terminal.size(copy.size)
    )
    yield _("This is a cleaned copy and not the original, whose SHA-256 is {sha256}.").format(
        sha256=copy.original.hex()
    )
    yield _("mat2 removes what it knows. What the picture, sound or text itself shows is still there.")
    yield _("This copy is not encrypted. Open it with care, and erase it when it is no longer needed.")
