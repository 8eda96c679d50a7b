"""What the commands share: their options, unlocking, and speaking to people and to scripts."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crypto import calendar
from crypto.fields import Day
from workstation import destruction, passphrases, terminal, witness
from workstation.errors import UnknownReviewerError, UsageError
from workstation.layout import Layout
from workstation.progress import SILENT, Progress
from workstation.progressbar import TerminalProgress
from workstation.station import Station, unlock
from workstation.texts import LANGUAGES, _, n_

Subparsers = Any  # argparse._SubParsersAction is private
Run = Callable[[argparse.Namespace], int]
_SOON_DAYS = 28
_NARROWEST, _WIDEST = 40, 100


def add_command(subparsers: Subparsers, name: str, about: str, run: Run) -> argparse.ArgumentParser:
    """A command with the options that all of them have."""
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    add_common(parser, argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help=_("one JSON document on standard output"))
    return parser


def add_common(parser: argparse.ArgumentParser, default: object = None) -> None:
    """`--folder` and `--lang`, which may stand before or behind the command."""
    parser.add_argument(
        "--folder",
        metavar="PATH",
        type=Path,
        default=default,
        help=_("the station's folder (default: PELUIT_STATION or ~/peluit-station)"),
    )
    parser.add_argument("--lang", choices=LANGUAGES, default=default, help=_("language (default: from LANG)"))


def add_unlocking(parser: argparse.ArgumentParser) -> None:
    """`--as` and `--passphrase-file`."""
    parser.add_argument(
        "--as",
        dest="reviewer",
        metavar="REVIEWER",
        help=_("who you are (not needed if there is one reviewer)"),
    )
    parser.add_argument(
        "--passphrase-file",
        metavar="PATH",
        action="append",
        default=[],
        help=_("read the passphrase from the first line of this file instead of asking"),
    )


def folder_of(args: argparse.Namespace) -> Path:
    """The station's folder."""
    return args.folder or Path(os.environ.get("PELUIT_STATION") or Path.home() / "peluit-station")


@contextmanager
def unlocked(args: argparse.Namespace) -> Iterator[Station]:
    """The station, unlocked as the reviewer that the options name; says what is due soon."""
    with unlocked_by(args) as (station, _passphrase):
        yield station


@contextmanager
def unlocked_by(args: argparse.Namespace) -> Iterator[tuple[Station, str]]:
    """The same, with the reviewer's passphrase, for commands that write the key file anew."""
    folder = folder_of(args)
    Layout(folder).check()
    known = Layout(folder).reviewer_ids()
    if args.reviewer is None and len(known) != 1:
        raise UsageError(missing=f"--as {'|'.join(known)}")
    reviewer = args.reviewer or known[0]
    if reviewer not in known:  # before anybody types a passphrase
        raise UnknownReviewerError(reviewer=terminal.safe(reviewer), known=", ".join(known))
    passphrase = passphrases.known(reviewer, passphrases.files(args.passphrase_file, reviewer))
    with unlock(folder, reviewer, passphrase) as station:
        warn_of_days(station, calendar.today())
        warn_of_replay(station)
        yield station, passphrase


def warn_of_days(station: Station, on: Day) -> None:
    """Says when reporters will have no keys left, when old keys are due to go, and when the date is wrong."""
    newest: Day | None = station.vault.value("SELECT max(day) FROM bundles")
    if newest is not None and newest > calendar.add_days(on, 1):
        warn(
            _("This computer's date is {on}, but a bundle is of {newest}. Set the date.").format(
                on=on, newest=newest
            )
        )
    until = station.directory.office.expires
    if until < on:
        warn(_("The keys for new reports ended on {day}: reporters cannot send anything.").format(day=until))
    elif until < calendar.add_days(on, _SOON_DAYS):
        warn(_("The keys for new reports end on {day}; before that: peluit station renew").format(day=until))
    if due := destruction.due(station, on):
        warn(
            n_(
                "Your key of {count} week is due to be destroyed: peluit station destroy-keys",
                "Your keys of {count} weeks are due to be destroyed: peluit station destroy-keys",
                len(due),
            )
        )


def warn_of_replay(station: Station) -> None:
    """Says when this station was copied back from an old backup, and what is older than what was sent."""
    seen = witness.read(station.layout.folder)
    last: int = station.vault.value("SELECT coalesce(max(number), 0) FROM outbound")
    serial = station.directory.office.serial
    if last < seen.outbound:
        warn(
            _(
                "This station is older than what was already sent: it has bundles up to {last}, and {sent} "
                "went to the server. Cases and replies of the time between are not in it."
            ).format(last=last, sent=seen.outbound)
        )
    if serial < seen.directory:
        warn(
            _(
                "Its directory is number {serial}, and {sent} was made: what is sealed with newer keys does "
                "not open here. Make new keys at once with: peluit station renew"
            ).format(serial=serial, sent=seen.directory)
        )


def say(args: argparse.Namespace, document: Mapping[str, object], lines: Iterable[str]) -> None:
    """The answer of a command: JSON if it was asked for, lines for people otherwise."""
    if args.json:
        sys.stdout.write(json.dumps(document, indent=2, sort_keys=True) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines))


def warn(sentence: str) -> None:
    """A sentence on standard error; a path in it may be a stranger's work."""
    text = terminal.safe(sentence)
    lines = terminal.wrap(text, columns()) if sys.stderr.isatty() else [text]
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def progress_for(args: argparse.Namespace) -> Progress:
    """Live on a terminal; plain lines if `--progress` was given; silent otherwise."""
    return TerminalProgress(sys.stderr) if args.progress or sys.stderr.isatty() else SILENT


def add_progress(parser: argparse.ArgumentParser) -> None:
    """`--progress`."""
    parser.add_argument(
        "--progress", action="store_true", help=_("show progress even if standard error is no terminal")
    )


def columns() -> int:
    """The width to wrap to."""
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))
