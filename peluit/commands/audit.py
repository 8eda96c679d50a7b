"""`peluit audit`: the log of what the staff did."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers, note


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    audit = commands.add_parser("audit", help="the log of what the staff did")
    verify = audit.add_subparsers(dest="act", required=True, metavar="ACT").add_parser(
        "verify",
        help="check a downloaded log of the reviewers' app (0: whole, 1: broken, 2: cannot be read)",
    )
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument(
        "--since", type=note, metavar="NUMBERS", help="what was written down from the log page before"
    )
    verify.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it; the exit codes are those of its help."""
    from peluit.audit import verify

    return verify(options.file, options.since)
