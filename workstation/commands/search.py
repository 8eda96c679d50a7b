"""`station search`: the cases in which all the words stand."""

import argparse

from workstation import cases
from workstation.commands import common
from workstation.commands.cases import case_json, table
from workstation.opening import open_in_steps
from workstation.searching import Finder
from workstation.texts import _, n_
from workstation.timing import due


def add(subparsers: common.Subparsers) -> None:
    about = _("find the cases in which all these words stand, or are part of a word")
    parser = common.add_command(subparsers, "search", about, run)
    parser.add_argument(
        "words",
        metavar=_("WORD"),
        nargs="+",
        help=_("from reports, messages, names of files, replies or notes"),
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        open_in_steps(station)  # what a colleague imported
        due.refresh(station)
        readable = list(cases.readable(station))
        found = Finder().find(station, readable, " ".join(args.words))
        lines = [
            n_("{count} case of {all}.", "{count} cases of {all}.", len(found), all=len(readable)),
            *(["", *table(station, found)] if found else []),
        ]
        common.say(args, {"all": len(readable), "cases": [case_json(case) for case in found]}, lines)
    return 0
