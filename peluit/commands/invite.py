"""`peluit invite`: lets somebody in, or in again, from the server's shell."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    invite = commands.add_parser(
        "invite", help="let somebody in, or in again: prints the code of an invitation"
    )
    invite.add_argument("--folder", type=Path, required=True)
    invite.add_argument("--office", help="the office's id; without it, the person runs the server")
    invite.add_argument("--role", choices=("administrator", "reviewer", "monitor"), default="administrator")
    invite.add_argument("name")
    invite.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.host.rights import given_afterwards
    from peluit.invite import invite

    role = options.role if options.office else "operator"
    with given_afterwards(options.folder):
        invite(options.folder, options.office, role, options.name)
    return 0
