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
from workstation import passphrases, reminders, terminal, watermark
from workstation.errors import NotConfirmedError, UnknownReviewerError, UsageError
from workstation.layout import Layout
from workstation.progress import SILENT, Progress
from workstation.progressbar import TerminalProgress
from workstation.station import Station, unlock
from workstation.texts import LANGUAGES, _

Subparsers = Any  # argparse._SubParsersAction is private
Run = Callable[[argparse.Namespace], int]
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
        for sentence in reminders.reminders(station, calendar.today()):
            warn(sentence)
        yield station, passphrase


def mark(args: argparse.Namespace) -> None:
    """Says first that a station is for training only."""
    if line := watermark.of_folder(folder_of(args)):
        (sys.stderr if getattr(args, "json", False) else sys.stdout).write(f"{line}\n")


def say(args: argparse.Namespace, document: Mapping[str, object], lines: Iterable[str]) -> None:
    """The answer of a command: JSON if it was asked for, lines for people otherwise."""
    if args.json:
        sys.stdout.write(json.dumps(document, indent=2, sort_keys=True) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines))


def json_lines(document: Mapping[str, object]) -> list[str]:
    """A document as people may read and change it in a file."""
    return json.dumps(document, ensure_ascii=False, indent=2).splitlines()


def warn(sentence: str) -> None:
    """A sentence on standard error; a path in it may be a stranger's work."""
    text = terminal.safe(sentence)
    lines = terminal.wrap(text, columns()) if sys.stderr.isatty() else [text]
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def typed(prompt: str, wanted: str) -> None:
    """NotConfirmedError unless somebody types exactly this."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    if sys.stdin.readline().strip() != wanted:
        raise NotConfirmedError


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
