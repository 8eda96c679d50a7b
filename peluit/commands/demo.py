"""`peluit demo` and `peluit demo-code`: a demo office on this machine (make run)."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers, port, port_or_none


def add(commands: Subparsers) -> None:
    """Tells the parser of these commands."""
    demo = commands.add_parser("demo", help="start a demo office on this machine (make run)")
    demo.add_argument("--folder", type=Path, help="where its data is kept (default: $PELUIT_DEMO or ./demo)")
    demo.add_argument("--source-port", type=port, metavar="PORT", default=8700)
    demo.add_argument("--journalist-port", type=port, metavar="PORT", default=8701)
    demo.add_argument(
        "--noscript-port", type=port_or_none, metavar="PORT", default=8702, help="0: no such door"
    )
    demo.set_defaults(run=run)
    code = commands.add_parser("demo-code", help="the six digits of the demo account, now")
    code.add_argument("--folder", type=Path)
    code.set_defaults(run=print_code)


def run(options: argparse.Namespace) -> int:
    """Runs the office until it is stopped."""
    from peluit.demo import run

    return run(options.folder, options.source_port, options.journalist_port, options.noscript_port)


def print_code(options: argparse.Namespace) -> int:
    """Prints the six digits."""
    from peluit.demo_office import print_code

    print_code(options.folder)
    return 0
