"""`station package make|check`: the package without identity for law enforcement."""

import argparse
from pathlib import Path

from crypto import calendar
from workstation import cases, terminal
from workstation.commands import common, redacting
from workstation.dispositions import law_enforcement, package_note, passable
from workstation.dispositions.law_enforcement import Package, Wish
from workstation.dispositions.package_note import Note
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("the package without identity for law enforcement (APH)")
    parser = subparsers.add_parser("package", help=about, description=about)
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)

    make = common.add_command(actions, "make", _("make one and write it into a folder"), run_make)
    make.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    make.add_argument("--office", metavar="ID", required=True, help=_("the law enforcement that gets it"))
    make.add_argument("--subject", metavar="TEXT", required=True, help=_("what it is about, in a few words"))
    make.add_argument("--letter", metavar="NUMBER", required=True, help=_("the letter that goes with it"))
    make.add_argument("--facts", metavar="FILE", type=Path, help=_("the facts, in your own words"))
    make.add_argument("--chronology", metavar="FILE", type=Path, help=_("the chronology, in your own words"))
    redacting.add_choosing(make)
    make.add_argument("--to", metavar="DIR", type=Path, required=True, help=_("the folder to write to"))
    check = common.add_command(actions, "check", _("check the custody note of a package"), run_check)
    check.add_argument("note", metavar="NOTE", type=Path)
    for each in (make, check):
        common.add_unlocking(each)


def run_make(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        wish = Wish(
            office=args.office,
            subject=args.subject,
            reference=args.letter,
            facts=redacting.read_words(args.facts) if args.facts else "",
            chronology=redacting.read_words(args.chronology) if args.chronology else "",
            texts=redacting.copies(args, passable.pieces(station, case)),
            evidence=args.evidence,
        )
        case, package, path = law_enforcement.make(station, case, wish, calendar.today(), args.to)
    common.say(args, {"path": str(path), **package_json(package)}, package_lines(package, path))
    return 0


def run_check(args: argparse.Namespace) -> int:
    untrusted_text = redacting.read_words(args.note)
    with common.unlocked(args) as station:
        note = package_note.read(station, untrusted_text)
    document = {
        "day": note.day,
        "files": {path: digest.hex() for path, digest in note.sums.items()},
        "id": note.id.hex(),
        "reviewer": note.reviewer,
    }
    common.say(args, document, note_lines(note))
    return 0


def package_json(package: Package) -> dict[str, object]:
    """A package for scripts."""
    return {
        "day": package.day,
        "evidence": list(package.evidence),
        "id": package.id.hex(),
        "office": package.office,
        "reference": package.reference,
        "reviewer": package.reviewer,
        "sha256": package.sha256.hex(),
        "subject": package.subject,
        "withheld": list(package.withheld),
    }


def package_lines(package: Package, path: Path) -> list[str]:
    """What was written, and what to do with it."""
    return [
        _("Written: {path}").format(path=terminal.safe(str(path))),
        f"SHA-256: {package.sha256.hex()}",
        _("Not passed on"),
        *(f"  {terminal.safe(line)}" for line in package.withheld),
        _(
            "It is not encrypted. Hand it over in person, have the custody note in it signed, "
            "and erase the stick."
        ),
    ]


def note_lines(note: Note) -> list[str]:
    """What a custody note proves."""
    return [
        _("The signature holds."),
        _("Package {number} of {day}, by {reviewer}").format(
            number=note.id.hex()[:12], day=note.day, reviewer=note.reviewer
        ),
        *(f"  {digest.hex()}  {terminal.safe(path)}" for path, digest in note.sums.items()),
    ]
