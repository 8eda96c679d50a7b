"""`station bundle`: write the bundle that goes to the server."""

import argparse
from pathlib import Path

from crypto import calendar
from workstation import arrivals, outbound, terminal
from workstation.arrivals import Arrival
from workstation.commands import common
from workstation.commands.bundles import arrival_json, arrival_line
from workstation.outbound import Written
from workstation.texts import _, n_


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "bundle", _("write the bundle for the server"), run)
    parser.add_argument("--to", metavar="DIR", type=Path, required=True, help=_("the folder to write to"))
    parser.add_argument(
        "--again", metavar="NUMBER", type=int, help=_("write an earlier bundle once more, the same bytes")
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        if args.again is None:
            written = outbound.write_bundle(station, args.to, calendar.today())
        else:
            written = outbound.write_again(station.vault, station.keys.place, args.again, args.to)
        partial = [arrival for arrival in arrivals.arrivals(station.vault) if not arrival.complete]
    document = bundle_json(written) | {"incomplete": [arrival_json(arrival) for arrival in partial]}
    common.say(args, document, [*lines(written), *partial_lines(partial)])
    return 0


def bundle_json(written: Written) -> dict[str, object]:
    """What a written bundle holds."""
    return {
        "number": written.number,
        "packages": written.packages,
        "path": str(written.path),
        "received": written.received,
        "reply_slots": written.replies,
        "resumed": written.resumed,
        "slots": written.slots,
    }


def partial_lines(partial: list[Arrival]) -> list[str]:
    """The bundles that could not be acknowledged."""
    if not partial:
        return []
    return [_("Not acknowledged, because parts are missing:"), *("  " + arrival_line(a) for a in partial)]


def lines(written: Written) -> list[str]:
    """What was written, in words, and what to do with it."""
    said = [
        _("Written: {path}").format(path=terminal.safe(str(written.path))),
        "  "
        + n_("{count} slot with a reply", "{count} slots with replies", written.replies)
        + ", "
        + n_("{count} dummy", "{count} dummies", written.slots - written.replies),
        "  " + n_("{count} bundle acknowledged", "{count} bundles acknowledged", written.received),
    ]
    if written.packages:
        said.append(
            "  "
            + n_("{count} package for another office", "{count} packages for other offices", written.packages)
        )
    said.append(_("Carry it to the server and hand it in on the reviewers' page."))
    if written.resumed:
        said.append(_("It had been made before but not written. Repeat the command for what came after it."))
    return said
