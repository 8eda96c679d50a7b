"""Takes in by hand what came as a letter, an SMS, a post or a visit, so that it is a case like any other.

It is a report signed with the keys of a fresh codename. Only if the codename is handed over in the same
conversation is there a way back; its words are never stored. Of the sender neither number nor name in a
network is kept, nor the names of attached files.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crypto import codename
from crypto.codename import ReporterKeys
from crypto.constants import ID_SIZE
from crypto.fields import Day
from crypto.message import Content, Report
from workstation import cases, changing, filing
from workstation.byhand import attaching
from workstation.byhand.attaching import Sealed
from workstation.byhand.entry import SENDERS, Entry, check, signed
from workstation.cases import Case
from workstation.casework import journal, titles
from workstation.progress import SILENT, Progress
from workstation.station import Station
from workstation.texts import _


@dataclass(frozen=True)
class Taken:
    """The case that it became; `words` are the codename's, which exist nowhere else, or empty."""

    number: int
    evidence: int
    words: tuple[str, ...]


def take(
    station: Station, entry: Entry, on: Day, with_codename: bool = False, progress: Progress = SILENT
) -> Taken:
    """Makes the case: all of it, or nothing. Errors as in `check`, and those of the disk."""
    entry = check(station, entry, on)
    words = codename.make(entry.language) if with_codename else ()
    keys = _keys(station, words)
    stem = "lampiran" if entry.language == "id" else "attachment"
    sealed: list[Sealed] = []
    try:
        for number, path in enumerate(entry.attached, 1):
            name = f"{stem}-{number}{path.suffix.lower()}"
            sealed.append(attaching.seal(station, path, name, progress))
        with station.vault.transaction():
            case = _file(station, entry, keys, Report(dict(entry.answers)), 0)
            for number, one in enumerate(sealed, 1):
                attaching.enter(station, one)
                case = _file(station, entry, keys, one.evidence, number)
            case = cases.update(
                station, case, replace(case.head, arrival=entry.arrival, way_back=with_codename)
            )
            details = {"arrival": entry.arrival, "kept": entry.kept, "sender": entry.sender}
            case, _step = journal.add(station, case, "taken-in", details | {"way_back": with_codename}, on)
            cases.mark_seen(station, case)
    except BaseException:
        for one in sealed:
            changing.shred(station.layout.evidence / one.digest.hex())
        raise
    return Taken(case.number, len(sealed), words)


def not_handed_over(station: Station, case: Case, on: Day) -> Case:
    """The codename did not reach the sender, and nobody has its words: there is no way back after all."""
    taken = journal.of_kind(journal.of_case(station, case), "taken-in")
    if not taken or not case.head.way_back:
        return case
    with station.vault.transaction():
        case = cases.update(station, case, replace(case.head, way_back=False))
        return journal.add(station, case, "taken-in", dict(taken[0].details) | {"way_back": False}, on)[0]


def told(station: Station, case: Case) -> list[str]:
    """How it came, and whether anybody can be told anything; nothing of a case that came by the drop box."""
    taken = journal.of_kind(journal.of_case(station, case), "taken-in")
    if not taken:
        return []
    details = taken[-1].details
    way = _("A codename was handed over.") if case.head.way_back else _("Nobody can be told anything.")
    lines = [
        _("Taken in by hand by {reviewer}: {arrival}, from {sender}. {way}").format(
            reviewer=taken[0].reviewer,
            arrival=titles.arrival(case.head.arrival),
            sender=_(SENDERS[str(details["sender"])]),
            way=way,
        )
    ]
    if details["kept"]:
        lines.append(_("Why a number or name stands in it: {reason}").format(reason=details["kept"]))
    return lines


def destroy(paths: Sequence[Path]) -> list[Path]:
    """Overwrites files and removes them, and gives those with which that failed; what a stick or an SSD keeps
    of the others nobody can say."""
    left = []
    for path in paths:
        try:
            changing.shred(path.resolve())
            path.unlink(missing_ok=True)
        except OSError:
            left.append(path)
    return left


def _keys(station: Station, words: tuple[str, ...]) -> ReporterKeys:
    if not words:
        return codename.keys(secrets.token_bytes(32))
    return codename.keys(codename.stretch(codename.read(" ".join(words)), station.keys.place.instance))


def _file(station: Station, entry: Entry, keys: ReporterKeys, content: Content, order: int) -> Case:
    document, message = signed(station, entry, keys, content, order)
    filed = filing.file_message(
        station, secrets.token_bytes(ID_SIZE), document, message, entry.received, station.directory
    )
    assert filed is not None  # a fresh codename, and its reader is here
    return cases.find(station, filed.number)
