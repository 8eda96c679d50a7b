"""`peluit restore`: makes a server from a backup, with the code that the office's station shows."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from peluit.commands.options import Subparsers

if TYPE_CHECKING:
    from crypto.server_backup import Head


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    restore = commands.add_parser("restore", help="make a server from a backup, in a new folder")
    restore.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE", help="the backup")
    restore.add_argument(
        "--folder", type=Path, required=True, metavar="DATA", help="the new server's data: new or empty"
    )
    tor = restore.add_mutually_exclusive_group()
    tor.add_argument("--tor", type=Path, metavar="FOLDER", help="what tor setup --to was told, if it was")
    tor.add_argument("--without-tor", action="store_true", help="leave the onion services' keys out")
    restore.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.host.rights import given_afterwards
    from peluit.restore import restore
    from peluit.tor.place import place

    with given_afterwards(options.folder):
        restore(
            options.source,
            options.folder,
            _ask,
            None if options.without_tor else place(options.tor),
        )
    return 0


def _ask(head: "Head") -> str:
    from peluit.restore import AT_THE_STATION

    offices = " or ".join(office.id for office in head.offices)
    sys.stdout.write(
        f"A backup of {head.day}. The station of {offices} shows its opening code; take the file there:\n\n"
        f"    {AT_THE_STATION}\n\nThe code: "
    )
    sys.stdout.flush()
    return sys.stdin.readline()
