"""`station identity CASE [ask|open]`: a sealed identity, without or with opening it."""

import argparse
import sys
from collections.abc import Iterator

from crypto import calendar
from crypto.custodians import CustodianId
from workstation import cases, passphrases, terminal, texts
from workstation.cases import Case
from workstation.casework import identity
from workstation.casework.errors import ShownOnTerminalError
from workstation.casework.identity import Identity, Request
from workstation.commands import common
from workstation.commands.show import reviewer_title
from workstation.errors import UsageError
from workstation.station import Station
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("a sealed identity: whether there is one, ask for it, or open it with its custodians")
    parser = common.add_command(subparsers, "identity", about, run)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument(
        "act",
        metavar="ask|open",
        nargs="?",
        choices=("ask", "open"),
        help=_("ask: for a reason that the reporter will read; open: what a colleague asked for"),
    )
    parser.add_argument("--reason", metavar="TEXT", help=_("why the identity is needed (with ask)"))
    parser.add_argument(
        "--custodian",
        metavar="ID",
        action="append",
        default=[],
        help=_("a custodian who is here and types their passphrase (with open; once for each)"),
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    if (args.reason is not None) != (args.act == "ask"):
        raise UsageError(missing="ask --reason TEXT")
    if bool(args.custodian) != (args.act == "open"):
        raise UsageError(missing="open --custodian ID --custodian ID")
    if args.act == "open" and (args.json or not sys.stdout.isatty()):
        raise ShownOnTerminalError  # a name that is written to a file stays there
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        if args.act == "open":
            return _open(args, station, case)
        if args.act == "ask":
            case = identity.ask(station, case, args.reason, calendar.today())
        found = identity.of_case(station, case, calendar.today())
        common.say(args, _json(case, found), _lines(station, case, found))
    return 0


def _open(args: argparse.Namespace, station: Station, case: Case) -> int:
    deposit, request = identity.check_may_open(station, case, calendar.today())
    members = identity.check_custodians(station, deposit, args.custodian)
    for line in (
        *_request_lines(station, request),
        _("The reporter will be told that it was opened, by whom, and this reason."),
    ):
        common.warn(line)
    given = passphrases.files(args.passphrase_file, station.reviewer)
    spoken = {custodian: passphrases.known(custodian, given) for custodian in members}
    untrusted_text = identity.open_(station, case, spoken, calendar.today())
    lines = [
        _("The identity in case {number}, as the reporter wrote it:").format(number=case.number),
        *terminal.quoted(untrusted_text, common.columns()),
        _("It is shown this once and kept nowhere. Close this terminal when you are done."),
        _("The message to the reporter leaves with the next bundle."),
    ]
    common.say(args, {}, lines)
    return 0


def _json(case: Case, found: Identity) -> dict[str, object]:
    deposit, request = found.deposit, found.request
    return {
        "asked": None
        if request is None
        else {"by": request.by, "day": request.day, "reason": request.reason},
        "case": case.number,
        "custodians": [] if deposit is None else sorted(deposit.sealed.stanzas),
        "needed": 0 if deposit is None else deposit.sealed.needed,
        "opened": [
            {
                "asked": opening.asked,
                "by": opening.by,
                "custodians": list(opening.custodians),
                "day": opening.day,
                "reason": opening.reason,
            }
            for opening in found.openings
        ],
        "since": None if deposit is None else deposit.received,
    }


def _lines(station: Station, case: Case, found: Identity) -> Iterator[str]:
    if found.deposit is None:
        yield _("There is no sealed identity in case {number}.").format(number=case.number)
    else:
        yield _("Case {number} holds a sealed identity since {day}. Nobody here can read it.").format(
            number=case.number, day=found.deposit.received
        )
        yield _("Together, {needed} of these custodians open it: {names}").format(
            needed=found.deposit.sealed.needed, names=", ".join(keepers(station, found))
        )
    if found.request is not None:
        yield from _request_lines(station, found.request)
        yield _("Another reader of the case opens it, together with the custodians:")
        yield f"  {opening_command(case, found)}"
    for opening in found.openings:
        yield _("Opened on {day} by {who} with {custodians}; asked for by {asked}, for this reason:").format(
            day=opening.day,
            who=reviewer_title(station, opening.by),
            custodians=", ".join(opening.custodians),
            asked=reviewer_title(station, opening.asked),
        )
        yield from terminal.quoted(opening.reason, common.columns())


def _request_lines(station: Station, request: Request) -> Iterator[str]:
    yield _("Asked for on {day} by {who}, for this reason:").format(
        day=request.day, who=reviewer_title(station, request.by)
    )
    yield from terminal.quoted(request.reason, common.columns())


def keepers(station: Station, found: Identity) -> list[str]:
    """The custodians to whom it is sealed, with their titles."""
    sealed = () if found.deposit is None else sorted(found.deposit.sealed.stanzas)
    return [
        f"{terminal.safe(texts.named(identity.custodian_titles(station, CustodianId(one))))} ({one})"
        for one in sealed
    ]


def opening_command(case: Case, found: Identity) -> str:
    """What to type, with as many custodians as are needed."""
    needed = 0 if found.deposit is None else found.deposit.sealed.needed
    return f"peluit station identity {case.number} open" + " --custodian ID" * needed
