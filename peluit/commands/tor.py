"""`peluit tor`: the onion services: setting them up, their addresses, and who may reach the reviewers'."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    tor = commands.add_parser("tor", help="the onion services: set up, addresses, keys for the reviewers'")
    acts = tor.add_subparsers(dest="act", required=True, metavar="ACT")
    setup = acts.add_parser("setup", help="write tor's configuration and make the services' folders")
    setup.add_argument(
        "--to", type=Path, metavar="FOLDER", help="not as Debian's tor@peluit, but all in here"
    )
    setup.add_argument(
        "--sockets", type=Path, metavar="FOLDER", help="where the apps' sockets are, if not below /run"
    )
    setup.add_argument("--without-noscript", action="store_true", help="there is no door without scripts")
    setup.set_defaults(run_act=_set_up)
    addresses = acts.add_parser("addresses", help="print the addresses, once tor was started")
    addresses.add_argument(
        "--folder",
        type=Path,
        metavar="DATA",
        help="write this server's pages anew: they lead to the door without scripts",
    )
    _place(addresses)
    addresses.set_defaults(run_act=_addresses)
    client = acts.add_parser("client", help="who may reach the reviewers' address")
    _clients(client.add_subparsers(dest="client_act", required=True, metavar="ACT"))
    tor.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    options.run_act(options)
    return 0


def _clients(acts: Subparsers) -> None:
    add = acts.add_parser("add", help="make a key for a person's browser, and show it once")
    add.add_argument("name", metavar="NAME", help="small letters, digits and hyphens")
    add.add_argument("--reload", action="store_true", help="have tor read it at once")
    _place(add)
    add.set_defaults(run_act=_add)
    revoke = acts.add_parser("revoke", help="take a person's key away")
    revoke.add_argument("name", metavar="NAME")
    revoke.add_argument("--restart", action="store_true", help="start tor anew at once: only then it counts")
    _place(revoke)
    revoke.set_defaults(run_act=_revoke)
    listing = acts.add_parser("list", help="print who has a key, and since when")
    _place(listing)
    listing.set_defaults(run_act=_list)
    repair = acts.add_parser("repair", help="remove what tor cannot read among the keys")
    _place(repair)
    repair.set_defaults(run_act=_repair)


def _place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tor", type=Path, metavar="FOLDER", help="what setup --to was told, if it was")


def _set_up(options: argparse.Namespace) -> None:
    from peluit.tor.place import RUN, place
    from peluit.tor.setup import set_up

    set_up(place(options.to), options.sockets or RUN, noscript=not options.without_noscript)


def _addresses(options: argparse.Namespace) -> None:
    from peluit.tor.addresses import show
    from peluit.tor.place import place

    show(place(options.tor), options.folder)


def _add(options: argparse.Namespace) -> None:
    from peluit.tor.people import add
    from peluit.tor.place import place

    add(place(options.tor), options.name, options.reload)


def _revoke(options: argparse.Namespace) -> None:
    from peluit.tor.people import revoke
    from peluit.tor.place import place

    revoke(place(options.tor), options.name, options.restart)


def _list(options: argparse.Namespace) -> None:
    from peluit.tor.people import show
    from peluit.tor.place import place

    show(place(options.tor))


def _repair(options: argparse.Namespace) -> None:
    from peluit.tor.people import repair
    from peluit.tor.place import place

    repair(place(options.tor))
