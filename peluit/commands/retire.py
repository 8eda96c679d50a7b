"""`peluit retire`: erases a server for good."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    retire = commands.add_parser("retire", help="erase a server for good, keys first")
    retire.add_argument("--folder", type=Path, required=True, metavar="DATA", help="the server's data")
    tor = retire.add_mutually_exclusive_group()
    tor.add_argument("--tor", type=Path, metavar="FOLDER", help="what tor setup --to was told, if it was")
    tor.add_argument("--without-tor", action="store_true", help="keep the onion services' keys")
    retire.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.retire import retire
    from peluit.tor.place import place

    retire(options.folder, None if options.without_tor else place(options.tor))
    return 0
