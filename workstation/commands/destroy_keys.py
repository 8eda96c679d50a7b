"""`station destroy-keys`: what is past opens nowhere any more."""

import argparse

from crypto import calendar
from workstation import destruction
from workstation.commands import common
from workstation.destruction import Destroyed
from workstation.texts import _, n_


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "destroy-keys", _("destroy your keys of past weeks, when they are due"), run
    )
    parser.add_argument(
        "--keep-days",
        metavar="N",
        type=int,
        help=_("from now on, keep keys N days after the end of their week (at first: 60)"),
    )
    parser.add_argument(
        "--even-if-missing",
        action="store_true",
        help=_("also if earlier bundles never came; what is in them may then never be opened"),
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked_by(args) as (station, passphrase):
        if args.keep_days is not None:
            destruction.set_keep_days(station, args.keep_days)
        done = destruction.destroy(station, passphrase, calendar.today(), args.even_if_missing)
        days = destruction.keep_days(station)
    common.say(args, _json(done, days), destroyed_lines(done, days))
    return 1 if done.kept else 0


def _json(done: Destroyed, days: int) -> dict[str, object]:
    return {
        "destroyed": [calendar.last_day(week) for week in done.weeks],
        "keep_days": days,
        "kept": {calendar.last_day(week): reason for week, reason in done.kept.items()},
    }


def destroyed_lines(done: Destroyed, days: int) -> list[str]:
    """What is gone, what had to stay, and what to do next."""
    count = len(done.weeks)
    lines = []
    if not done.weeks and not done.kept:
        lines.append(_("No key of yours is due to be destroyed."))
    if done.weeks:
        lines.append(
            n_("The key of {count} week is destroyed.", "The keys of {count} weeks are destroyed.", count)
        )
        lines.append(_("Older backups still hold them: make a new backup and destroy the old ones."))
        lines.append(_("Your colleagues' keys are theirs to destroy, with the same command."))
    lines += [
        _("The key of the week that ended on {day} had to stay: {reason}").format(
            day=calendar.last_day(week), reason=reason
        )
        for week, reason in done.kept.items()
    ]
    return [*lines, _("Keys are kept for {days} days after the end of their week.").format(days=days)]
