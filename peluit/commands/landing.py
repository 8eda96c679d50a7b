"""`peluit landing`: writes the page outside Tor that tells where the drop box is."""

import argparse
import re
from pathlib import Path
from typing import Final

from peluit.commands.options import Subparsers

_DOMAIN: Final = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    landing = commands.add_parser(
        "landing",
        help="write a static page for a server outside Tor, a poster, and that server's configuration",
    )
    landing.add_argument("--folder", type=Path, required=True, metavar="DATA", help="the server's data")
    landing.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a new folder")
    landing.add_argument(
        "--onion", metavar="ADDRESS", help="the reporters' address, if tor is not on this machine"
    )
    landing.add_argument(
        "--tor", type=Path, metavar="FOLDER", help="what peluit tor setup --to was told, if it was"
    )
    landing.add_argument("--domain", type=_domain, default="example.org", help="the page's name outside Tor")
    landing.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    from hardening.deploy.tor.address import read_address
    from hardening.deploy.tor.errors import AddressRefusedError
    from peluit.errors import RefusedError
    from peluit.landing.write import write
    from peluit.tor.addresses import address
    from peluit.tor.place import place

    if options.onion is None:
        onion = address(place(options.tor), "source")
    else:
        try:
            onion = read_address(options.onion.removeprefix("http://").rstrip("/"))
        except AddressRefusedError as error:
            raise RefusedError(error) from None
    write(options.folder, options.to, onion, options.domain)
    return 0


def _domain(text: str) -> str:
    if not _DOMAIN.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text} is no domain; write it like lapor.example.go.id")
    return text
