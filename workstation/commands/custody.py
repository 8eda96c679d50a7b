"""`station custody`: whether a custody note is a reviewer's, and whether a file is the one that it names."""

import argparse
from pathlib import Path

from workstation import copying, custody
from workstation.commands import common
from workstation.errors import CannotReadError, NotACustodyNoteError, OtherFileError
from workstation.progress import SILENT, Progress
from workstation.reasons import reason
from workstation.station import Station
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
        found = prove(station, read_text(args.note), args.file)
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
    common.say(args, document, proven_lines(found, args.file is not None))
    return 0


def prove(
    station: Station, untrusted_text: str, file: Path | None, progress: Progress = SILENT
) -> custody.Custody:
    """What a custody note says; NotACustodyNoteError, UnprovenCustodyError.

    OtherFileError if a file is given and is not the one that it names; CannotReadError.
    """
    found = custody.read(station, untrusted_text)
    if file is not None:
        sha256 = copying.join(file, progress)
        if sha256 != found.sha256:
            raise OtherFileError(path=file, sha256=sha256.hex())
    return found


def proven_lines(found: custody.Custody, with_file: bool) -> list[str]:
    """What the note proves."""
    holds = _("The signature holds.")
    if with_file:
        holds = _("The signature holds, and this is that file.")
    return [holds, *custody.describe(found)]


def read_text(path: Path) -> str:
    """The text of a note from a file; NotACustodyNoteError, CannotReadError."""
    try:
        with path.open("rb") as file:
            return file.read(custody.LONGEST + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotACustodyNoteError from None
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
