"""`station routing` and `station assign`: who handles what."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from crypto import calendar
from workstation import cases
from workstation.commands import common
from workstation.commands.classify import office_title
from workstation.commands.show import reviewer_title
from workstation.review import routing
from workstation.station import Station
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("the routing table: who handles what is about an office (Irban)")
    parser = subparsers.add_parser("routing", help=about, description=about)
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)
    common.add_unlocking(common.add_command(actions, "show", _("show the table"), run_show))
    setting = common.add_command(actions, "set", _("replace the table by that of a file"), run_set)
    setting.add_argument("file", metavar="FILE", type=Path)
    common.add_unlocking(setting)
    one = common.add_command(actions, "route", _("who handles what is about one office"), run_route)
    one.add_argument("office", metavar="OFFICE")
    one.add_argument(
        "reviewers", metavar="REVIEWER", nargs="*", help=_("the first choice first; nobody: not routed")
    )
    common.add_unlocking(one)
    parser = common.add_command(subparsers, "assign", _("say who handles a case"), run_assign)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument("handler", metavar="REVIEWER")
    parser.add_argument("--only", action="store_true", help=_("nobody else reads it any more, you included"))
    common.add_unlocking(parser)


def run_show(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        _show(args, station)
    return 0


def run_set(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        routing.replace_table(station, routing.load(args.file))
        _show(args, station)
    return 0


def run_route(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        routing.route(station, args.office, args.reviewers)
        _show(args, station)
    return 0


def run_assign(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        routing.assign(station, case, args.handler, calendar.today(), only=args.only)
        text = (
            _("{reviewer} handles case {case}.")
            if not args.only
            else _("{reviewer} alone reads case {case} now.")
        )
        line = text.format(reviewer=reviewer_title(station, args.handler), case=args.case)
    common.say(args, {"case": args.case, "only": args.only, "reviewer": args.handler}, [line])
    return 0


def _show(args: argparse.Namespace, station: Station) -> None:
    table = routing.table(station.vault)
    document = {office: list(reviewers) for office, reviewers in table.items()}
    common.say(args, document, _lines(station, table))


def _lines(station: Station, table: Mapping[str, tuple[str, ...]]) -> list[str]:
    if not table:
        return [_("No office is routed yet.")]
    return [
        f"{office_title(station, office)}: " + ", ".join(reviewer_title(station, each) for each in reviewers)
        for office, reviewers in table.items()
    ]
