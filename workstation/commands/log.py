"""`station log`: who did what, and the head of the log to be written down."""

import argparse
from pathlib import Path
from typing import Final

from crypto import chained_log
from crypto.chained_log import Entry, Verified
from crypto.errors import MalformedError
from workstation import caselog, cases, files, logwords, notes, stationlog, terminal
from workstation.caselog import Deed
from workstation.casework import journal
from workstation.commands import common
from workstation.errors import FileExistsAlreadyError, UsageError
from workstation.station import Station
from workstation.texts import _, n_

_LAST: Final = 30
_NARROWEST: Final = 20

_Told = list[tuple[Entry, Deed | None]]


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "log", _("show who did what, and check that it is whole"), run)
    parser.add_argument("--case", metavar="CASE", type=int, help=_("only what was done in this case"))
    parser.add_argument(
        "--last", metavar="N", type=int, default=_LAST, help=_("how many entries to show (default: 30)")
    )
    parser.add_argument(
        "--since", metavar="DIGITS", help=_("the numbers that were written down; they must stand in it")
    )
    parser.add_argument(
        "--export",
        metavar="FILE",
        type=Path,
        help=_("write the whole log to a file, for peluit audit verify on another computer"),
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    """Fails unless the log is whole, and holds what was written down."""
    noted = None if args.since is None else _read_note(args.since)
    with common.unlocked(args) as station:
        office = station.keys.place.office
        verified = stationlog.verify(station.vault, office, noted)
        told = _of_case(station, args.case) if args.case is not None else _of_all(station, args.last)
        if args.export is not None:
            try:
                files.write_new(args.export, stationlog.export(station.vault, office))
            except FileExistsError:
                raise FileExistsAlreadyError(path=args.export) from None
    common.say(args, _json(verified, told, args.export), _lines(verified, told, args.export))
    return 0


def _read_note(untrusted_text: str) -> str:
    try:
        return chained_log.read_note(untrusted_text)
    except MalformedError:
        raise UsageError(missing=_("--since takes eight groups of five digits")) from None


def _of_case(station: Station, number: int) -> _Told:
    case = cases.find(station, number)
    told = caselog.of_case(station, case.key)
    deeds = [deed for _entry, deed in told]
    notes.check(notes.of_case(station, case), deeds)
    journal.check(journal.of_case(station, case), deeds)
    return [*told]


def _of_all(station: Station, last: int) -> _Told:
    deeds = logwords.Deeds().readable(station)
    found = stationlog.page(station.vault, station.keys.place.office, None, max(0, last))
    return [(entry, deeds.get(entry.number)) for entry in reversed(found)]


def _json(verified: Verified, told: _Told, exported: Path | None) -> dict[str, object]:
    document: dict[str, object] = {
        "count": verified.count,
        "entries": [_entry_json(entry, deed) for entry, deed in told],
        "note": chained_log.note(verified.head),
    }
    if exported is not None:
        document["path"] = str(exported)
    return document if verified.since is None else document | {"since": verified.since}


def _entry_json(entry: Entry, deed: Deed | None) -> dict[str, object]:
    found: dict[str, object] = {
        "act": entry.act, "actor": entry.actor, "day": entry.day, "number": entry.number,
    }  # fmt: skip
    if deed is None:
        return found if entry.act == stationlog.CASE else found | {"subject": entry.subject}
    return found | {"case": deed.case, "in_case": deed.act, "of": deed.number, "subject": deed.subject}


def _lines(verified: Verified, told: _Told, exported: Path | None) -> list[str]:
    lines = [line for entry, deed in told for line in _entry_lines(entry, deed)]
    if verified.since is not None:
        said = _("What was written down stands in it; since then: {count}.")
        lines.append(said.format(count=verified.since))
    if exported is not None:
        lines.append(_("Written: {path}").format(path=terminal.safe(str(exported))))
    whole = n_("The log is whole: {count} entry.", "The log is whole: {count} entries.", verified.count)
    down = _("Write down, on paper that is kept elsewhere:")
    return [*lines, whole, down, f"  {verified.count}, {chained_log.note(verified.head)}"]


def _entry_lines(entry: Entry, deed: Deed | None) -> list[str]:
    before = f"{entry.number:5}  {entry.day}  {entry.actor}  "
    room = max(_NARROWEST, common.columns() - len(before))
    wrapped = terminal.wrap(terminal.safe(logwords.said(entry, deed)), room)
    return [before + wrapped[0], *(" " * len(before) + line for line in wrapped[1:])]
