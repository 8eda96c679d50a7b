"""`station custody`: whether a custody note is a reviewer's, and whether a file is the one that it names."""

import argparse
from pathlib import Path

from workstation import copying, custody
from workstation.commands import common
from workstation.errors import CannotReadError, NotACustodyNoteError, OtherFileError
from workstation.progress import SILENT
from workstation.reasons import reason
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "custody", _("check the custody note of an exported file"), run)
    parser.add_argument(
        "note", metavar="NOTE", type=Path, help=_("the note, …{ending}").format(ending=custody.NOTE_ENDING)
    )
    parser.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help=_("the file that was exported with it")
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    """Fails unless the note is signed and, if a file is given, names exactly that file."""
    with common.unlocked(args) as station:
        found = custody.read(station, _text(args.note))
    if args.file is not None:
        sha256 = copying.join(args.file, SILENT)
        if sha256 != found.sha256:
            raise OtherFileError(path=args.file, sha256=sha256.hex())
    document = {
        "case": found.case,
        "day": found.day,
        "evidence": found.evidence,
        "file": None if args.file is None else str(args.file),
        "name": found.untrusted_name,
        "reviewer": found.reviewer,
        "sha256": found.sha256.hex(),
        "size": found.size,
    }
    holds = _("The signature holds.")
    if args.file is not None:
        holds = _("The signature holds, and this is that file.")
    common.say(args, document, [holds, *custody.describe(found)])
    return 0


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(custody.LONGEST + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotACustodyNoteError from None
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
