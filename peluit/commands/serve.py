"""`peluit serve`: runs one of the programs that answer on a socket, in place of this process."""

import argparse
from pathlib import Path

from peluit.commands.options import Subparsers, period, size


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    serve = commands.add_parser(
        "serve", help="run one of the web apps under gunicorn, or the broker of the inbox"
    )
    serve.add_argument("app", choices=("source", "noscript", "journalist", "inbox"))
    where = serve.add_mutually_exclusive_group(required=True)
    where.add_argument("--folder", type=Path, help="source, journalist, inbox: the server's data")
    where.add_argument("--source", metavar="BIND", help="noscript: the source app's --bind")
    serve.add_argument("--bind", required=True, help="unix:/path/to/socket or 127.0.0.1:port")
    serve.add_argument(
        "--largest-file", type=size, metavar="SIZE", help="the largest file taken (8G; noscript: 25 MB)"
    )
    serve.add_argument(
        "--evidence-per-day",
        type=size,
        metavar="SIZE",
        help="what all files of a day may take (32G; journalist: to show the same)",
    )
    serve.add_argument(
        "--board-every",
        type=period,
        metavar="PERIOD",
        help="journalist: how often the board is published (24h; counted from 20:00 UTC)",
    )
    serve.add_argument(
        "--peer", metavar="USER", default="", help="inbox: the user of the source app, if it is another"
    )
    serve.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it: does not return."""
    from peluit.errors import OtherPlaceError
    from peluit.serve import of_folder, of_source, serve, serve_inbox

    if (options.app == "noscript") is not (options.source is not None):
        raise OtherPlaceError
    if options.app == "inbox":
        serve_inbox(of_folder(options.folder), options.bind, options.peer)
    serve(
        options.app,
        of_folder(options.folder) if options.folder else of_source(options.source),
        options.bind,
        options.largest_file,
        options.evidence_per_day,
        options.board_every,
    )
    return 0
