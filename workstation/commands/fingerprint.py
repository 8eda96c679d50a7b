"""`station fingerprint`: what to compare with the poster."""

import argparse
from pathlib import Path

from crypto import fingerprint
from crypto.binding import b64
from crypto.directory import Directory
from workstation import poster, sheet, terminal, texts
from workstation.commands import common
from workstation.errors import UsageError
from workstation.station import public_directory
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "fingerprint", _("show the fingerprint of the office's root key"), run
    )
    parser.add_argument(
        "--print",
        dest="sheet",
        metavar="FILE",
        type=Path,
        help=_("write it to a page for printing, in both languages (FILE.html)"),
    )
    parser.add_argument(
        "--address",
        metavar="URL",
        help=_("the drop box's address: the page is then a poster with a QR code"),
    )


def run(args: argparse.Namespace) -> int:
    directory = public_directory(common.folder_of(args))
    lines = fingerprint_lines(directory)
    if args.address is not None and args.sheet is None:
        raise UsageError(missing="--print FILE")
    if args.sheet is not None:
        if args.address is None:
            sheet.write(directory.office, args.sheet)
        else:
            poster.write(directory.office, args.address, args.sheet)
        lines.append(_("Written: {path}").format(path=terminal.safe(str(args.sheet))))
    common.say(args, fingerprint_json(directory), lines)
    return 0


def fingerprint_json(directory: Directory) -> dict[str, object]:
    """The office, its installation, and its root key's fingerprint."""
    office = directory.office
    return {
        "digits": list(fingerprint.digits(office.root)),
        "instance": b64(office.instance),
        "names": dict(office.names),
        "office": office.id,
        "root": b64(office.root),
        "words": {language: list(fingerprint.spoken(office.root, language)) for language in texts.LANGUAGES},
    }


def fingerprint_lines(directory: Directory) -> list[str]:
    """The same for people: words in both languages, digits in groups."""
    root = directory.office.root
    rows = [
        (_("Words, Indonesian"), " ".join(fingerprint.spoken(root, "id"))),
        (_("Words, English"), " ".join(fingerprint.spoken(root, "en"))),
        (_("Digits"), " ".join(fingerprint.digits(root))),
    ]
    title = _("Fingerprint of {office}").format(office=terminal.safe(texts.named(directory.office.names)))
    return [title, *(f"  {line}" for line in terminal.table(rows[0], rows[1:]))]
