"""`station evidence export`: write a piece of evidence to a folder."""

import argparse
from pathlib import Path

from workstation import cases, evidence, terminal
from workstation.commands import common
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    group = subparsers.add_parser(
        "evidence", help=_("work with evidence"), description=_("work with evidence")
    )
    verbs = group.add_subparsers(metavar=_("COMMAND"), required=True)
    parser = common.add_command(verbs, "export", _("open a piece of evidence and write it to a folder"), run)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument("number", metavar="N", type=int, help=_("the number of the evidence in the case"))
    parser.add_argument("--to", metavar="DIR", type=Path, required=True, help=_("the folder to write to"))
    common.add_unlocking(parser)
    common.add_progress(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        done = evidence.export(station, case, args.number, args.to, common.progress_for(args))
    document = {
        "case": case.number,
        "evidence": args.number,
        "path": str(done.path),
        "sha256": done.sha256.hex(),
        "size": done.size,
    }
    lines = [
        _("Written: {path} ({size})").format(
            path=terminal.safe(str(done.path)), size=terminal.size(done.size)
        ),
        f"SHA-256: {done.sha256.hex()}",
        _("This copy is not encrypted. Open it with care, and erase it when it is no longer needed."),
    ]
    common.say(args, document, lines)
    return 0
