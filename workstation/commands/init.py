"""`station init`: the key ceremony."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from crypto import calendar
from crypto.binding import b64, unb64
from crypto.constants import INSTANCE_SIZE
from crypto.custodians import CustodianId
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, InstanceId, OfficeId, ReviewerId, identifier
from crypto.names import Names
from workstation import calibration, ceremony, custodianship, office_data, passphrases, strength
from workstation.ceremony import Held, Passphrases
from workstation.commands import common, fingerprint
from workstation.commands.bundle import bundle_json
from workstation.errors import BadPlanError, StationExistsError, UsageError
from workstation.keyfile import OFFICE
from workstation.office_data import OfficeData
from workstation.plan import EPOCHS, Plan, check_plan, new_instance
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "init", _("make the office's keys and this station"), run)
    parser.add_argument(
        "--office", metavar="ID", help=_("the office's id: lower-case letters, digits, dashes")
    )
    parser.add_argument("--name-id", metavar="NAME", help=_("the office's name in Indonesian"))
    parser.add_argument("--name-en", metavar="NAME", help=_("the office's name in English"))
    parser.add_argument(
        "--reviewer",
        metavar="ID=TITLE/TITLE",
        action="append",
        default=[],
        help=_("a reviewer's id and role in Indonesian and English; once for each"),
    )
    parser.add_argument(
        "--custodian",
        metavar="ID=TITLE/TITLE",
        action="append",
        default=[],
        help=_("an identity custodian's id and role; once for each of 2 to 5 (default: none)"),
    )
    parser.add_argument(
        "--needed",
        metavar="N",
        type=int,
        default=custodianship.USUAL,
        help=_("how many custodians open an identity together, 2 or 3 (default: 2)"),
    )
    parser.add_argument(
        "--forms",
        metavar="FILE",
        type=Path,
        help=_(
            "channels, forms, limits of files and notes of your own (for an example: peluit station forms)"
        ),
    )
    parser.add_argument(
        "--readers",
        metavar="CHANNEL=R,…",
        action="append",
        default=[],
        help=_("who reads a channel, by the reviewers' ids (default: all of them)"),
    )
    parser.add_argument("--instance", metavar="ID", help=_("the installation's id (default: a new one)"))
    parser.add_argument(
        "--epochs",
        metavar="N",
        type=int,
        default=EPOCHS,
        help=_("weeks to make keys for (default: 26)"),
    )
    parser.add_argument(
        "--to", metavar="DIR", type=Path, required=True, help=_("where the first bundle for the server goes")
    )
    parser.add_argument(
        "--passphrase-file",
        metavar="OWNER=PATH",
        action="append",
        default=[],
        help=_("read the passphrase of “office” or a reviewer from a file instead of asking"),
    )


def run(args: argparse.Namespace) -> int:
    folder = common.folder_of(args)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StationExistsError(folder=folder)  # before anybody has thought of passphrases
    plan = _plan(args)
    spoken = _passphrases(args, plan)
    held = ceremony.hold(folder, plan, spoken, args.to, calendar.today(), calibration.calibrate())
    common.say(args, _json(folder, held), _lines(folder, held))
    return 0


def _plan(args: argparse.Namespace) -> Plan:
    office = args.office or _ask("--office", _("Office id (as in inspektorat-kota): "))
    name_id = args.name_id or _ask("--name-id", _("Name of the office in Indonesian: "))
    name_en = args.name_en or _ask("--name-en", _("Name of the office in English: "))
    pairs = [titled(argument) for argument in args.reviewer or _ask_reviewers()]
    reviewers = {ReviewerId(reviewer): titles for reviewer, titles in pairs}
    if len(reviewers) != len(pairs):
        raise BadPlanError(what=_("two reviewers have the same id"))
    keepers = [titled(argument) for argument in args.custodian]
    custodians = {CustodianId(custodian): titles for custodian, titles in keepers}
    if len(custodians) != len(keepers):
        raise BadPlanError(what=custodianship.own_ids())
    plan = Plan(
        office=OfficeId(office),
        names={"en": name_en, "id": name_id},
        reviewers=reviewers,
        instance=new_instance() if args.instance is None else _instance(args.instance),
        epochs=args.epochs,
        custodians=custodians,
        needed=args.needed,
    )
    check_plan(plan)
    return replace(plan, data=_data(args, tuple(reviewers)))


def _instance(text: str) -> InstanceId:
    try:
        return InstanceId(unb64(text, INSTANCE_SIZE))
    except ProtocolError:
        raise BadPlanError(
            what=_("an installation's id has 22 letters, as in the server's site.json")
        ) from None


def titled(argument: str) -> tuple[str, Names]:
    """The id and titles in `ID=TITLE/TITLE`; BadPlanError."""
    name, equals, titles = argument.partition("=")
    indonesian, slash, english = titles.partition("/")
    if not equals or not slash or not indonesian.strip() or not english.strip():
        raise BadPlanError(what=_("write ID=TITLE IN INDONESIAN/TITLE IN ENGLISH"))
    return name.strip(), {"en": english.strip(), "id": indonesian.strip()}


def _data(args: argparse.Namespace, reviewers: tuple[ReviewerId, ...]) -> OfficeData:
    data = office_data.load(args.forms or office_data.DEFAULT, reviewers)
    return data.read_by(dict(_readers(argument, reviewers) for argument in args.readers))


def _readers(argument: str, reviewers: tuple[ReviewerId, ...]) -> tuple[ChannelId, tuple[ReviewerId, ...]]:
    channel, _equals, listed = argument.partition("=")
    readers = tuple(ReviewerId(reader.strip()) for reader in listed.split(","))
    if len(set(readers)) != len(readers) or not set(readers) <= set(reviewers):
        raise BadPlanError(what=_("write CHANNEL=REVIEWER,REVIEWER with the ids of reviewers"))
    return ChannelId(channel.strip()), readers


def _ask_reviewers() -> list[str]:
    if sys.stdin.isatty():
        common.warn(_("Reviewers, one a line: an id, then the role in Indonesian and in English, as in"))
        common.warn("  irban=Inspektur Pembantu/Assistant Inspector")
    found: list[str] = []
    while answer := _ask("--reviewer", _("Reviewer (empty line to end): ")):
        try:
            identifier(titled(answer)[0])
            found.append(answer)
        except BadPlanError as error:
            common.warn(str(error))
        except ProtocolError:
            common.warn(_("an id has 1 to 32 lower-case letters, digits and dashes"))
    return found


def _ask(flag: str, prompt: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(missing=flag)
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _passphrases(args: argparse.Namespace, plan: Plan) -> Passphrases:
    given = passphrases.files(args.passphrase_file, None)
    if OFFICE not in given:
        common.warn(
            _(
                "Each key gets its own passphrase of at least {length} characters; “office” is the root key."
            ).format(length=strength.SHORTEST)
        )
    owners = (OFFICE, *plan.reviewers, *plan.custodians)
    found = {owner: passphrases.new(owner, given) for owner in owners}
    return Passphrases(
        found[OFFICE],
        {reviewer: found[reviewer] for reviewer in plan.reviewers},
        {custodian: found[custodian] for custodian in plan.custodians},
    )


def _json(folder: Path, held: Held) -> dict[str, object]:
    office = held.directory.office
    return {
        "bundle": bundle_json(held.bundle),
        "folder": str(folder),
        "keys_until": office.expires,
        "reviewers": [reviewer.id for reviewer in office.reviewers],
        **fingerprint.fingerprint_json(held.directory),
        "root": b64(held.root),
    }


def _lines(folder: Path, held: Held) -> list[str]:
    return [
        _("The station is in {folder}. Its keys are good until {day}.").format(
            folder=folder, day=held.directory.office.expires
        ),
        _("First bundle for the server: {path}").format(path=held.bundle.path),
        "",
        *fingerprint.fingerprint_lines(held.directory),
        "",
        _("Print the fingerprint for the poster: peluit station fingerprint --print FILE.html"),
        _("Compare it when the server takes the first bundle."),
        _("Make a backup now: without the keys, no report can ever be opened: peluit station backup"),
    ]
