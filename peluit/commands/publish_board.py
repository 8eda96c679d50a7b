"""`peluit publish-board`: publishes the board now."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    publish = commands.add_parser(
        "publish-board", help="publish the board now (the running journalist app does so every day)"
    )
    publish.add_argument("folder", type=Path, metavar="DATA")
    publish.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.host.rights import given_afterwards
    from peluit.publish_board import publish_board

    with given_afterwards(options.folder):
        publish_board(options.folder)
    return 0
