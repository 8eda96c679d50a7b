"""`peluit init`: sets up a server from the station's first bundle."""

import argparse
import sys
from pathlib import Path

from peluit.commands.options import Subparsers, address


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    init = commands.add_parser("init", help="set up a server from the station's first bundle")
    init.add_argument(
        "--folder", type=Path, required=True, help="the folder for the server's data: a new or an empty one"
    )
    init.add_argument("--bundle", type=Path, required=True, help="the bundle that the key ceremony wrote")
    init.add_argument(
        "--noscript-address",
        type=address,
        metavar="URL",
        help="where the door without scripts will be found; the page with scripts then leads there",
    )
    init.add_argument("--tor", action="store_true", help="then set up tor too, as peluit tor setup does")
    init.add_argument(
        "--to", type=Path, metavar="FOLDER", help="with --tor: not as Debian's, but all in here"
    )
    init.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.init import init

    if not options.tor:
        init(options.folder, options.bundle, options.noscript_address)
        return 0
    from peluit.tor.place import place
    from peluit.tor.setup import check, set_up

    # what stands in tor's way is said before a person has compared fingerprints
    check(place(options.to))
    init(options.folder, options.bundle, options.noscript_address)
    sys.stdout.write("\n")
    set_up(place(options.to))
    return 0
