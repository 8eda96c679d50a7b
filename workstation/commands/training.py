"""`station training make`: a station for a workshop, with cases that nobody sent."""

import argparse
from pathlib import Path

from crypto import calendar
from workstation import terminal, watermark
from workstation.commands import common
from workstation.texts import _
from workstation.workshop import training
from workstation.workshop.training import Made


def add(subparsers: common.Subparsers) -> None:
    about = _("a station for a workshop, with made-up cases")
    parser = subparsers.add_parser("training", help=about, description=about)
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)
    make = common.add_command(actions, "make", _("make one in a new folder"), run)
    make.add_argument("to", metavar="FOLDER", type=Path, help=_("a folder that does not exist yet"))


def run(args: argparse.Namespace) -> int:
    made = training.make(args.to, calendar.today())
    document = {
        "bundle": str(made.bundle),
        "cards": str(made.cards),
        "cases": made.cases,
        "station": str(made.station),
    }
    common.say(args, document, _lines(made))
    return 0


def _lines(made: Made) -> list[str]:
    folder = terminal.safe(str(made.folder))
    return [
        watermark.LINE,
        _("A station with {count} made-up cases is in {folder}/station.").format(
            count=made.cases, folder=folder
        ),
        _("Passphrases, on cards to print: {path}").format(path=terminal.safe(str(made.cards))),
        _("To open it: peluit station --folder {folder}/station open").format(folder=folder),
        _("A bundle to import in the workshop: {path}").format(path=terminal.safe(str(made.bundle))),
        _("No server takes what it writes, and it takes nothing of a server."),
    ]
