"""`peluit tidy`: does what the running server does every hour."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    tidy = commands.add_parser(
        "tidy", help="remove uploads that nobody finished (the running server does so every hour)"
    )
    tidy.add_argument("folder", type=Path, metavar="DATA")
    tidy.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.host.rights import given_afterwards
    from peluit.tidy import tidy

    with given_afterwards(options.folder):
        tidy(options.folder)
    return 0
