"""`peluit host`: puts a server on this Debian 12, and takes it away again."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers, port


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    host = commands.add_parser("host", help="put a server on this Debian 12, or take it away")
    acts = host.add_subparsers(dest="act", required=True, metavar="ACT")
    install = acts.add_parser(
        "install", help="users, folders, program, services, firewall, tor; can be repeated"
    )
    way = install.add_mutually_exclusive_group()
    way.add_argument("--ssh-port", type=port, metavar="PORT", help="the port on which you come in")
    way.add_argument("--no-ssh", action="store_true", help="nobody comes in over the network")
    install.add_argument("--apparmor", action="store_true", help="load the AppArmor profiles too")
    install.set_defaults(run=run_install)
    remove = acts.add_parser("remove", help="take all that away again; data and tor's keys stay")
    remove.add_argument("--data", action="store_true", help="erase the data first, as peluit retire does")
    remove.set_defaults(run=run_remove)
    for act in (install, remove):
        act.add_argument("--dry-run", action="store_true", help="only tell what would be done")
        act.add_argument("--root", type=Path, default=Path("/"), metavar="FOLDER", help=argparse.SUPPRESS)
    rights = acts.add_parser("rights", help="give the data its owners and modes again")
    rights.set_defaults(run=run_rights)


def run_install(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.host.install import install

    install(options.root, options.ssh_port, options.no_ssh, options.apparmor, options.dry_run)
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.host.install import remove
    from peluit.host.steps import DATA
    from peluit.retire import retire
    from peluit.tor.place import place

    if options.data and not options.dry_run:
        retire(DATA, place(None))
    remove(options.root, options.dry_run)
    return 0


def run_rights(_options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.host.rights import rights

    rights()
    return 0
