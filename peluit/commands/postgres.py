"""`peluit postgres`: what a PostgreSQL server is told that keeps several hosts' inbox (docs/scale-out.md)."""

import argparse
import sys
from importlib.resources import files
from typing import Final

from peluit.commands.options import Subparsers

_PRINTED: Final = {
    "sql": ("store.postgres", "schema.sql"),
    "settings": ("hardening.deploy", "postgres/peluit.conf"),
}


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    postgres = commands.add_parser(
        "postgres", help="an inbox that several hosts share: what its server is told"
    )
    acts = postgres.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("sql", help="print the roles, tables and rights: peluit postgres sql | psql peluit")
    acts.add_parser("settings", help="print the server's settings, for a file in its conf.d")
    postgres.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints it. The database's administrator can read it first, and Peluit never signs in as one."""
    package, name = _PRINTED[options.act]
    sys.stdout.write((files(package) / name).read_text("utf-8"))
    return 0
