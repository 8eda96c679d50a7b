"""`station clean`: a copy of a piece of evidence without its hidden data."""

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from workstation import cases, evidence, files, terminal
from workstation.commands import common
from workstation.errors import NotAFolderError
from workstation.texts import _
from workstation.viewing import cleaned

_MARK: Final = "BERSIH-CLEANED-"


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "clean", _("write a copy of a piece of evidence without its hidden data"), run
    )
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument("number", metavar="N", type=int, help=_("the number of the evidence in the case"))
    parser.add_argument("--to", metavar="DIR", type=Path, required=True, help=_("the folder to write to"))
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    if not args.to.is_dir():
        raise NotAFolderError(path=args.to)
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        copy, original = cleaned.clean_evidence(station, case, args.number)
        name = evidence.file_name(station, case, args.number, _MARK)
    path = files.write_beside(args.to / name, copy)
    document = {
        "case": case.number,
        "evidence": args.number,
        "original_sha256": original.hex(),
        "path": str(path),
        "sha256": hashlib.sha256(copy).hexdigest(),
        "size": len(copy),
    }
    common.say(args, document, _lines(path, copy, original))
    return 0


def _lines(path: Path, copy: bytes, original: bytes) -> Iterator[str]:
    yield _("Written: {path} ({size})").format(path=terminal.safe(str(path)), size=terminal.size(len(copy)))
    yield _("This is a cleaned copy and not the original, whose SHA-256 is {sha256}.").format(
        sha256=original.hex()
    )
    yield _("mat2 removes what it knows. What the picture, sound or text itself shows is still there.")
    yield _("This copy is not encrypted. Open it with care, and erase it when it is no longer needed.")
