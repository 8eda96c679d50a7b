"""`peluit backup`: a sealed copy of what the server needs, while it runs."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    backup = commands.add_parser(
        "backup", help="write a sealed copy of the server that only the office's station can open"
    )
    backup.add_argument("--folder", type=Path, required=True, metavar="DATA", help="the server's data")
    backup.add_argument("--to", type=Path, required=True, metavar="FILE", help="a new file, elsewhere")
    backup.add_argument("--tor", type=Path, metavar="FOLDER", help="what tor setup --to was told, if it was")
    backup.add_argument(
        "--office",
        action="append",
        default=[],
        metavar="ID",
        help="whose station opens it, if several offices share the server; once for each",
    )
    backup.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.backup import backup
    from peluit.tor.place import place

    backup(options.folder, options.to, place(options.tor), options.office)
    return 0
