"""`station authorship`: whether a statement comes from somebody who knows a case's codename."""

import argparse
import sys
from pathlib import Path

from crypto.authorship import Authorship, read_authorship
from crypto.codename import thread_id
from crypto.errors import BadSignatureError, ProtocolError, WrongContextError, WrongVersionError
from workstation import cases, terminal
from workstation.cases import Case
from workstation.commands import common
from workstation.errors import (
    CannotReadError,
    ForeignStatementError,
    NewerStatementError,
    NotAStatementError,
    UnprovenStatementError,
)
from workstation.opening import open_sealed
from workstation.reasons import reason
from workstation.station import Station
from workstation.texts import _

_LONGEST = 1_000_000
"""Bytes: room for a statement with white space between any two of its letters."""


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "authorship", _("check a statement that somebody made with a codename"), run
    )
    parser.add_argument(
        "file", metavar="FILE", help=_("the statement, peluit-authorship-1:…; - to type it in")
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        statement, case = prove(station, read_text(args.file))
        common.say(args, _json(statement, case), proven_lines(statement, case))
    return 0


def prove(station: Station, untrusted_text: str) -> tuple[Authorship, Case | None]:
    """What a statement says, and the case of its codename if the reviewer who is here may read it.

    NotAStatementError, NewerStatementError, ForeignStatementError, UnprovenStatementError.
    """
    statement = _statement(station, untrusted_text)
    with station.vault.transaction():
        open_sealed(station)  # what a colleague imported may be the report
    return statement, cases.of_thread(station, thread_id(statement.verify))


def read_text(file: str) -> str:
    """The text of a statement from a file, or from standard input for `-`.

    NotAStatementError, CannotReadError.
    """
    try:
        if file == "-":
            untrusted_data = sys.stdin.buffer.read(_LONGEST + 1)
        else:
            with Path(file).open("rb") as opened:
                untrusted_data = opened.read(_LONGEST + 1)
        if len(untrusted_data) > _LONGEST:
            raise NotAStatementError
        return untrusted_data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotAStatementError from None
    except OSError as error:
        raise CannotReadError(path=file, reason=reason(error)) from None


def _statement(station: Station, untrusted_text: str) -> Authorship:
    place = station.keys.place
    try:
        return read_authorship(untrusted_text, place.instance, place.office)
    except BadSignatureError:
        raise UnprovenStatementError from None
    except WrongContextError:
        raise ForeignStatementError from None
    except WrongVersionError:
        raise NewerStatementError from None
    except ProtocolError:
        raise NotAStatementError from None


def _json(statement: Authorship, case: Case | None) -> dict[str, object]:
    return {
        "case": None if case is None else case.number,
        "day": statement.day,
        "statement": statement.statement,
    }


def proven_lines(statement: Authorship, case: Case | None) -> list[str]:
    """Whose it is, and its words."""
    holds = _("The signature holds, but no case that you can read has this codename.")
    if case is not None:
        holds = _("The signature holds: whoever made this knew the codename of case {number}.").format(
            number=case.number
        )
    return [
        holds,
        _("Statement, dated {day} by the one who made it:").format(day=statement.day),
        *terminal.quoted(statement.statement, common.columns()),
    ]
