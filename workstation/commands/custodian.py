"""`station custodian add|remove|list`: who keeps the identities that reporters seal."""

import argparse

from crypto import calendar
from crypto.custodians import CustodianId
from crypto.directory import Office
from crypto.errors import ProtocolError
from crypto.fields import identifier
from workstation import custodianship, passphrases, renewal, terminal, texts
from workstation.commands import common
from workstation.commands.init import titled
from workstation.commands.renew import add_ceremony, check_folder, office_key, renewed_json, renewed_lines
from workstation.custodianship import Custodianship, NewCustodian
from workstation.errors import BadPlanError
from workstation.layout import Layout
from workstation.station import Station, public_directory
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("add, remove or list the identity custodians")
    parser = subparsers.add_parser("custodian", help=about, description=about)
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)
    add_ = common.add_command(actions, "add", _("make keys for more custodians"), run_add)
    add_.add_argument(
        "newcomers",
        metavar="ID=TITLE/TITLE",
        nargs="+",
        help=_("the id and role of each who joins, as in notaris=Notaris/Notary"),
    )
    remove = common.add_command(
        actions, "remove", _("take custodians away; what was sealed to them still opens"), run_remove
    )
    remove.add_argument("leave", metavar="ID", nargs="+")
    for one in (add_, remove):
        one.add_argument(
            "--needed",
            metavar="N",
            type=int,
            choices=(2, 3),
            help=_("how many of them open an identity together, 2 or 3 (default: as before, else 2)"),
        )
        add_ceremony(one)
    common.add_command(actions, "list", _("who they are, and how many are needed"), run_list)


def run_add(args: argparse.Namespace) -> int:
    named = [titled(argument) for argument in args.newcomers]
    for name, _titles in named:
        _check_id(name)
    check_folder(args)
    with common.unlocked(args) as station:
        count = len(station.directory.office.custodians) + len(named)
        custodianship.check_number(
            count, args.needed or station.directory.office.needed or custodianship.USUAL
        )
        given = passphrases.files(args.passphrase_file, station.reviewer)
        join = tuple(
            NewCustodian(CustodianId(name), titles, passphrases.new(name, given)) for name, titles in named
        )
        return _hold(args, station, Custodianship(join=join, needed=args.needed))


def run_remove(args: argparse.Namespace) -> int:
    check_folder(args)
    leave = tuple(CustodianId(name) for name in args.leave)
    with common.unlocked(args) as station:
        return _hold(args, station, Custodianship(leave=leave, needed=args.needed))


def run_list(args: argparse.Namespace) -> int:
    """Needs no passphrase: the directory is public."""
    folder = common.folder_of(args)
    office = public_directory(folder).office
    present = [one.id for one in office.custodians]
    former = [one for one in Layout(folder).custodian_ids() if one not in present]
    document: dict[str, object] = {
        "custodians": [{"id": one.id, "titles": dict(one.titles)} for one in office.custodians],
        "former": list(former),
        "needed": office.needed,
    }
    lines = keepers_lines(office)
    if former:
        lines.append(
            _("Former custodians whose key files are still here: {names}").format(names=", ".join(former))
        )
    common.say(args, document, lines)
    return 0


def keepers_lines(office: Office) -> list[str]:
    """Who keeps identities, for people."""
    if not office.custodians:
        return [_("This office has no identity custodians: reporters are not offered to leave an identity.")]
    lines = [_("Together, {needed} of these custodians open an identity:").format(needed=office.needed)]
    return lines + [f"  {one.id}: {terminal.safe(texts.named(one.titles))}" for one in office.custodians]


def _hold(args: argparse.Namespace, station: Station, change: Custodianship) -> int:
    custodianship.check(station, change)
    office, cost = office_key(args, station)
    renewed = renewal.hold(station, office, args.to, calendar.today(), cost, keepers=change)
    after = renewed.directory.office
    document = renewed_json(renewed) | {
        "custodians": [one.id for one in after.custodians],
        "needed": after.needed,
    }
    common.say(args, document, [*keepers_lines(after), *renewed_lines(renewed)])
    return 0


def _check_id(name: str) -> None:
    try:
        identifier(name)
    except ProtocolError:
        raise BadPlanError(what=_("an id has 1 to 32 lower-case letters, digits and dashes")) from None
