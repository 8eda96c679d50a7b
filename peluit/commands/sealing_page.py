"""`peluit sealing-page`: writes the page that locks reports where no network is."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    sealing = commands.add_parser(
        "sealing-page", help="write the page that locks reports where no network is, and print its SHA-256"
    )
    sealing.add_argument("--folder", type=Path, required=True, help="the server's data")
    sealing.add_argument("--to", type=Path, required=True, metavar="FILE", help="the file to be written")
    sealing.add_argument("--language", choices=("id", "en"), required=True)
    sealing.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.sealing_page import write

    write(options.folder, options.to, options.language)
    return 0
