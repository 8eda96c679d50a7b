"""`station offices`: the registry of offices that reports can be forwarded to."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from crypto import calendar, fingerprint
from crypto.directory import Directory
from workstation import terminal, texts
from workstation.commands import common
from workstation.commands.fingerprint import fingerprint_json, fingerprint_lines
from workstation.errors import CannotReadError
from workstation.offices import office_list, office_titles, registry
from workstation.offices.office_errors import BadDirectoryFileError, NotComparedError
from workstation.offices.registry import KINDS, Office
from workstation.reasons import reason
from workstation.texts import _, n_

_LARGEST = 4 * 2**20 + 1


def add(subparsers: common.Subparsers) -> None:
    about = _("the registry of offices that reports can be forwarded to")
    parser = subparsers.add_parser("offices", help=about, description=about)
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)

    one = common.add_command(actions, "add", _("enter an office"), run_add)
    other = common.add_command(actions, "change", _("change what stands of an office"), run_change)
    for each in (one, other):
        each.add_argument("office", metavar="ID", help=_("small letters, digits and dashes"))
        each.add_argument("--name-id", metavar="NAME", help=_("its name in Indonesian"))
        each.add_argument("--name-en", metavar="NAME", help=_("its name in English"))
        each.add_argument("--kind", choices=KINDS, required=each is one, help=_kinds())
        each.add_argument("--parent", metavar="ID", help=_("the office above it"))
        each.add_argument("--liaison", metavar="ROLE", help=_("who answers: a role, never a person"))
        each.add_argument("--administrator", metavar="ROLE", help=_("who operates: a role, never a person"))
    many = common.add_command(actions, "import", _("enter many offices from a CSV or JSON file"), run_import)
    many.add_argument("file", metavar="FILE", type=Path)
    show = common.add_command(actions, "show", _("show an office"), run_show)
    show.add_argument("office", metavar="ID")
    listed = common.add_command(actions, "list", _("list the offices"), run_list)
    enrol = common.add_command(
        actions, "enrol", _("take in an office's keys, after comparing them"), run_enrol
    )
    enrol.add_argument("office", metavar="ID")
    enrol.add_argument("file", metavar="FILE", type=Path, help=_("its signed key directory"))
    enrol.add_argument(
        "--yes-same",
        metavar="DIGITS",
        help=_("the eight groups of digits that the office told by another way (else they are asked for)"),
    )
    own = common.add_command(actions, "own", _("write your own office's key directory, for others"), run_own)
    own.add_argument("--to", metavar="DIR", type=Path, required=True, help=_("the folder to write to"))
    revoke = common.add_command(actions, "revoke", _("nothing goes to an office any more"), run_revoke)
    revoke.add_argument("office", metavar="ID")
    revoke.add_argument("--reason", required=True, help=_("it stays in the registry"))
    for each in (one, other, many, show, listed, enrol, own, revoke):
        common.add_unlocking(each)


def run_add(args: argparse.Namespace) -> int:
    return _enter(args, [registry.read_office(_given(args), terminal.safe(args.office))])


def run_change(args: argparse.Namespace) -> int:
    """What no option names stays as it is."""
    with common.unlocked(args) as station:
        former = registry.find(station.vault, args.office)
        before = {
            "name_id": former.names["id"],
            "name_en": former.names["en"],
            "kind": former.kind,
            "parent": former.parent,
            "liaison": former.liaison,
            "administrator": former.administrator,
        }
        given = {name: value for name, value in _given(args).items() if value is not None}
        office = registry.change(station, registry.read_office(before | given, terminal.safe(args.office)))
    common.say(args, office_json(office), [_("Changed."), *office_lines(office)])
    return 0


def run_import(args: argparse.Namespace) -> int:
    return _enter(args, office_list.read(args.file))


def run_show(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        office = registry.find(station.vault, terminal.safe(args.office))
    common.say(args, office_json(office), office_lines(office))
    return 0


def run_list(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        offices = registry.listed(station.vault)
    common.say(args, {"offices": [office_json(office) for office in offices]}, list_lines(offices))
    return 0


def run_enrol(args: argparse.Namespace) -> int:
    untrusted_document = read_document(args.file)
    directory = checked(untrusted_document, args.file)
    with common.unlocked(args) as station:
        if not registry.trusted(station, args.office, directory):
            _compare(args, directory)
        office = registry.enrol(station, args.office, untrusted_document, calendar.today())
    common.say(args, office_json(office), [_("Enrolled."), *office_lines(office)])
    return 0


def run_own(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        path, directory = registry.write_own(station, args.to), station.directory
    common.say(args, {"path": str(path), **fingerprint_json(directory)}, own_lines(path, directory))
    return 0


def run_revoke(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        office = registry.revoke(station, args.office, args.reason, calendar.today())
    common.say(args, office_json(office), [_("Revoked."), *office_lines(office)])
    return 0


def read_document(path: Path) -> bytes:
    """CannotReadError."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None


def checked(untrusted_document: bytes, path: Path) -> Directory:
    """BadDirectoryFileError, which names the path."""
    try:
        return registry.read_document(untrusted_document)
    except BadDirectoryFileError:
        raise BadDirectoryFileError(path=path) from None


def same_digits(directory: Directory, typed: str) -> None:
    """NotComparedError unless these are the digits of its fingerprint."""
    if "".join(typed.split()) != "".join(fingerprint.digits(directory.office.root)):
        raise NotComparedError


def own_lines(path: Path, directory: Directory) -> list[str]:
    """What to do with one's own key directory."""
    return [
        _("Written: {path}").format(path=terminal.safe(str(path))),
        *fingerprint_lines(directory),
        _("Give the file to the other office, and tell it the digits by another way."),
    ]


def office_json(office: Office) -> dict[str, object]:
    """An office for scripts."""
    directory = office.directory
    return {
        "administrator": office.administrator,
        "fingerprint": list(fingerprint.digits(directory.office.root)) if directory else None,
        "id": office.id,
        "kind": office.kind,
        "liaison": office.liaison,
        "names": dict(office.names),
        "parent": office.parent,
        "reason": office.reason,
        "serial": directory.office.serial if directory else None,
        "since": office.since,
        "state": office.state,
    }


def office_lines(office: Office) -> list[str]:
    """The same for people."""
    directory = office.directory
    rows = [
        (_("Kind"), office_titles.kind(office.kind)),
        (_("Above it"), office.parent),
        (_("Liaison officer"), terminal.safe(office.liaison)),
        (_("Administrator"), terminal.safe(office.administrator)),
        (
            _("State"),
            _("{state}, since {day}").format(state=office_titles.state(office.state), day=office.since),
        ),
        (_("Reason"), terminal.safe(office.reason)),
        (_("Its key directory"), str(directory.office.serial) if directory else ""),
        (_("Digits"), " ".join(fingerprint.digits(directory.office.root)) if directory else ""),
    ]
    shown = [(name, value) for name, value in rows if value]
    return [office_titles.name(office), *(f"  {line}" for line in terminal.table(shown[0], shown[1:]))]


def list_lines(offices: Sequence[Office]) -> list[str]:
    """One line for each office."""
    if not offices:
        return [_("No office is entered yet."), _("To enter many: peluit station offices import FILE")]
    head = (_("Office"), _("Name"), _("Kind"), _("State"))
    rows = [
        (
            office.id,
            terminal.fit(texts.named(office.names), 30),
            office_titles.kind(office.kind),
            office_titles.state(office.state),
        )
        for office in offices
    ]
    return terminal.table(head, rows)


def _given(args: argparse.Namespace) -> dict[str, str | None]:
    """What the options say of an office; None for what they leave out."""
    names = ("name_id", "name_en", "kind", "parent", "liaison", "administrator")
    return {"id": args.office, **{name: getattr(args, name) for name in names}}


def _enter(args: argparse.Namespace, offices: Sequence[Office]) -> int:
    with common.unlocked(args) as station:
        registry.add(station, offices, calendar.today())
    lines = [n_("{count} office is entered.", "{count} offices are entered.", len(offices))]
    common.say(args, {"entered": [office.id for office in offices]}, lines)
    return 0


def _compare(args: argparse.Namespace, directory: Directory) -> None:
    """The person compares what the office told them by another way than the file came."""
    typed = args.yes_same
    if typed is None:
        for line in fingerprint_lines(directory):
            common.warn(line)
        common.warn(
            _(
                "Ask the office for its digits by another way, such as its poster or a visit. \
Type what they told you, not what stands here."
            )
        )
        sys.stderr.write(_("Digits: "))
        sys.stderr.flush()
        typed = sys.stdin.readline()
    same_digits(directory, typed)


def _kinds() -> str:
    return "; ".join(f"{name}: {_(what)}" for name, what in office_titles.KINDS.items())
