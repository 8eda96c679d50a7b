"""`station share`: hand cases to another reviewer."""

import argparse

from workstation import sharing, terminal
from workstation.commands import common
from workstation.errors import UsageError
from workstation.sharing import Shared
from workstation.texts import _, n_


def add(subparsers: common.Subparsers) -> None:
    about = _("hand cases that you can read to another reviewer")
    parser = common.add_command(subparsers, "share", about, run)
    parser.add_argument("cases", metavar=_("CASE"), nargs="*", type=int)
    parser.add_argument(
        "--all", action="store_true", help=_("every case that you can read and the other may get")
    )
    parser.add_argument(
        "--with", dest="reader", metavar="REVIEWER", required=True, help=_("who is to read them too")
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    if args.all is bool(args.cases):
        raise UsageError(missing=_("name cases, or --all"))
    reader = terminal.safe(args.reader)
    with common.unlocked(args) as station:
        if args.all:
            shared = sharing.share_all(station, reader)
        else:
            shared = sharing.share(station, args.cases, reader)
    common.say(args, _json(reader, shared), _lines(reader, shared))
    return 0


def _json(reader: str, shared: Shared) -> dict[str, object]:
    return {"already": shared.already, "given": shared.given, "kept": shared.kept, "reviewer": reader}


def _lines(reader: str, shared: Shared) -> list[str]:
    lines = [
        n_(
            "{count} case given to {reviewer}.",
            "{count} cases given to {reviewer}.",
            len(shared.given),
            reviewer=reader,
        )
    ]
    if shared.already:
        lines.append(
            n_(
                "{count} case they could read before.",
                "{count} cases they could read before.",
                len(shared.already),
            )
        )
    if shared.kept:
        lines.append(
            n_(
                "{count} case not given: its reporter or its channel keeps {reviewer} out.",
                "{count} cases not given: their reporters or their channels keep {reviewer} out.",
                len(shared.kept),
                reviewer=reader,
            )
        )
    return lines
