"""`station renew`: keys for the weeks to come."""

import argparse
from pathlib import Path

from crypto import calendar
from workstation import identity, keyfile, passphrases, renewal, terminal
from workstation.commands import common
from workstation.commands.bundle import bundle_json
from workstation.errors import NotAFolderError
from workstation.identity import OfficeKey
from workstation.keyfile import OFFICE, Cost
from workstation.plan import EPOCHS
from workstation.renewal import Renewed
from workstation.station import Station
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "renew", _("make everybody's keys for the weeks to come"), run)
    parser.add_argument(
        "--epochs", metavar="N", type=int, default=EPOCHS, help=_("weeks to make keys for (default: 26)")
    )
    add_ceremony(parser)


def run(args: argparse.Namespace) -> int:
    check_folder(args)
    with common.unlocked(args) as station:
        office, cost = office_key(args, station)
        renewed = renewal.hold(station, office, args.to, calendar.today(), cost, weeks=args.epochs)
    common.say(args, renewed_json(renewed), renewed_lines(renewed))
    return 0


def add_ceremony(parser: argparse.ArgumentParser) -> None:
    """`--to` and what unlocks; the office's passphrase comes as `office=PATH`."""
    parser.add_argument(
        "--to", metavar="DIR", type=Path, required=True, help=_("where the bundle for the server goes")
    )
    common.add_unlocking(parser)


def check_folder(args: argparse.Namespace) -> None:
    """NotAFolderError, before anybody types a passphrase."""
    if not args.to.is_dir():
        raise NotAFolderError(path=args.to)


def office_key(args: argparse.Namespace, station: Station) -> tuple[OfficeKey, Cost]:
    """The office's root key, and the cost of its key file; WrongPassphraseError, KeyFileError."""
    untrusted_file = station.layout.office_key.read_bytes()
    passphrase = passphrases.known(OFFICE, passphrases.files(args.passphrase_file, station.reviewer))
    key = identity.open_office(untrusted_file, passphrase)
    return key, keyfile.cost_of(untrusted_file, OFFICE)


def renewed_json(renewed: Renewed) -> dict[str, object]:
    """What a ceremony did."""
    return {
        "bundles": [bundle_json(written) for written in renewed.bundles],
        "given": renewed.resealed.given,
        "keys_until": renewed.directory.office.expires,
        "locked": renewed.resealed.locked,
        "reviewers": [reviewer.id for reviewer in renewed.directory.office.reviewers],
        "serial": renewed.directory.office.serial,
    }


def renewed_lines(renewed: Renewed) -> list[str]:
    """The same for people."""
    office = renewed.directory.office
    return [
        _("The keys are good until {day} (directory {serial}).").format(
            day=office.expires, serial=office.serial
        ),
        *(_("Written: {path}").format(path=terminal.safe(str(b.path))) for b in renewed.bundles),
        _("Carry it to the server and hand it in on the reviewers' page."),
        _("Each reviewer gets the new keys when they next unlock the station."),
        _("Make a new backup now: an older one opens nothing that is sealed with the new keys."),
    ]
