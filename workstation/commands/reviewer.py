"""`station reviewer add|remove|replace`: who the office's reviewers are."""

import argparse
from collections.abc import Callable

from crypto import calendar
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, ReviewerId, identifier
from workstation import passphrases, renewal, terminal
from workstation.commands import common
from workstation.commands.init import titled
from workstation.commands.renew import (
    add_ceremony,
    check_folder,
    office_key,
    renewed_json,
    renewed_lines,
)
from workstation.errors import BadPlanError
from workstation.renewal import Renewed
from workstation.staffing import Newcomer, Staffing
from workstation.station import Station
from workstation.texts import _, n_

_Change = Callable[[argparse.Namespace, Station], Staffing]


def add(subparsers: common.Subparsers) -> None:
    about = _("add, remove or replace a reviewer")
    parser = subparsers.add_parser("reviewer", help=about, description=about)
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)
    joining = _("the id and role of who joins, as in auditor=Auditor/Auditor")

    add_ = common.add_command(actions, "add", _("one more reviewer"), _running(_adding))
    add_.add_argument("newcomer", metavar="ID=TITLE/TITLE", help=joining)
    add_.add_argument(
        "--reads", metavar="CHANNEL,…", help=_("the channels that the newcomer reads (default: all of them)")
    )
    remove = common.add_command(actions, "remove", _("take a reviewer away"), _running(_removing))
    remove.add_argument("leaves", metavar="REVIEWER")
    replace = common.add_command(
        actions, "replace", _("put a newcomer in a reviewer's place"), _running(_replacing)
    )
    replace.add_argument("leaves", metavar="REVIEWER")
    replace.add_argument("newcomer", metavar="ID=TITLE/TITLE", help=joining)
    for one in (remove, replace):
        one.add_argument(
            "--even-if-lost",
            action="store_true",
            help=_("also if nobody can read some cases or items afterwards"),
        )
    for one in (add_, remove, replace):
        add_ceremony(one)


def _running(change: _Change) -> common.Run:
    def run(args: argparse.Namespace) -> int:
        check_folder(args)
        with common.unlocked(args) as station:
            office, cost = office_key(args, station)
            renewed = renewal.hold(
                station,
                office,
                args.to,
                calendar.today(),
                cost,
                change(args, station),
                even_if_lost=getattr(args, "even_if_lost", False),
            )
        lines = [*_lines(renewed), *renewed_lines(renewed), *_handing(args, renewed, station.reviewer)]
        common.say(args, renewed_json(renewed), lines)
        return 0

    return run


def _adding(args: argparse.Namespace, station: Station) -> Staffing:
    reads = None if args.reads is None else tuple(ChannelId(c.strip()) for c in args.reads.split(","))
    return Staffing(joins=_newcomer(args, station, reads))


def _removing(args: argparse.Namespace, station: Station) -> Staffing:  # noqa: ARG001
    return Staffing(leaves=ReviewerId(args.leaves))


def _replacing(args: argparse.Namespace, station: Station) -> Staffing:
    return Staffing(leaves=ReviewerId(args.leaves), joins=_newcomer(args, station, None))


def _newcomer(args: argparse.Namespace, station: Station, reads: tuple[ChannelId, ...] | None) -> Newcomer:
    name, titles = titled(args.newcomer)
    try:
        reviewer = ReviewerId(identifier(name))
    except ProtocolError:
        raise BadPlanError(what=_("an id has 1 to 32 lower-case letters, digits and dashes")) from None
    given = passphrases.files(args.passphrase_file, station.reviewer)
    return Newcomer(reviewer, titles, passphrases.new(reviewer, given), reads)


def _lines(renewed: Renewed) -> list[str]:
    names, done = ", ".join(r.id for r in renewed.directory.office.reviewers), renewed.resealed
    return [
        _("The reviewers are now: {names}").format(names=names),
        n_("{count} case given to the newcomer", "{count} cases given to the newcomer", done.given),
        n_("{count} case locked anew", "{count} cases locked anew", done.locked),
    ]


def _handing(args: argparse.Namespace, renewed: Renewed, actor: ReviewerId) -> list[str]:
    """What the others must do: they alone can hand over the cases that who did this may not read."""
    present = {reviewer.id for reviewer in renewed.directory.office.reviewers}
    if "newcomer" not in args:
        return []
    newcomer = titled(args.newcomer)[0]
    others = ", ".join(sorted(present - {newcomer, actor}))
    if not others:
        return []
    if "leaves" in args:
        text = _(
            "{newcomer} has those of {leaves}'s cases that you can read. {others}: hand over the others with "
            "peluit station share CASE --with {newcomer}"
        )
        return [text.format(newcomer=newcomer, leaves=terminal.safe(args.leaves), others=others)]
    text = _(
        "{newcomer} has the cases of their channels that you can read. {others}: hand over yours with "
        "peluit station share --all --with {newcomer}"
    )
    return [text.format(newcomer=newcomer, others=others)]
