"""What people bring to casework: what they type, other offices' directories, papers that were signed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crypto.binding import b64, unb64
from crypto.directory import sign_directory
from crypto.fields import Day, OfficeId
from tests.fuzz.target import Target, signed, text
from tests.fuzz.targets.desk import a_case, opened
from tests.vectors.office import DIRECTORY, ROOT
from tests.workstation.office import TODAY
from workstation.casework import journal, words
from workstation.casework.errors import (
    BadRoutingError,
    BadSheetError,
    ItemDayError,
    NotACertificateError,
    UnprovenCertificateError,
    WordsMissingError,
    WordsTextError,
    WordsTooLongError,
)
from workstation.commands import offices, plan
from workstation.dispositions import package_note
from workstation.errors import UnknownReviewerError
from workstation.keeping import certificate
from workstation.keeping.certificate import Destroyed
from workstation.offices import registry
from workstation.offices.office_errors import (
    BadDirectoryFileError,
    BadOfficeError,
    NotAPackageNoteError,
    OldDirectoryError,
    OwnDirectoryError,
)
from workstation.review import review_sheet, routing
from workstation.station import Station

_WORDS = (WordsMissingError, WordsTextError, WordsTooLongError)
_OTHER = OfficeId("dinas-a")
_ENTRY = {"id": _OTHER, "kind": "opd", "name_en": "Agency A", "name_id": "Dinas A"}


def _sheet(data: bytes) -> None:
    """What is kept is read back as it was given, without space around its words."""
    station, case = opened()[0], a_case()
    kept = review_sheet.keep(station, case, _value(data), TODAY)
    assert review_sheet.latest(journal.of_case(station, kept)) is not None


def _sheets() -> Iterator[bytes]:
    station, case = opened()[0], a_case()
    begun = review_sheet.write(review_sheet.begun(station, case))
    yield json.dumps({**begun, "reasons": "jelas", "ground": "Permendagri 8/2023"}).encode()


def _words(data: bytes) -> None:
    kept = words.checked(text(data), "x")
    assert kept == kept.strip() != ""
    assert words.checked(kept, "x") == kept


def _day(data: bytes) -> None:
    assert plan.day_of(text(data)) == text(data)


def _entry(data: bytes) -> None:
    found = registry.read_office(_value(data), "1")
    assert set(found.names) == {"en", "id"}


def _route(data: bytes) -> None:
    """Only reviewers of the directory stand in the table."""
    station = _station()
    routing.route(station, _OTHER, text(data).split("\n"))
    known = {each.id for each in station.directory.office.reviewers}
    assert {*routing.table(station.vault).get(_OTHER, ())} <= known


def _directory(data: bytes) -> None:
    """A directory that is kept is the one that was given, and never one of ours."""
    station, document = _station(), signed(data, "directory", ROOT)
    there = offices.checked(document, Path("directory"))
    found = registry.enrol(station, _OTHER, document, TODAY)
    assert found.directory == there
    assert there.office.id != station.keys.place.office


def _certificate(data: bytes) -> None:
    station = opened()[0]
    document = signed(data, certificate.PURPOSE, station.keys.sign)
    found = certificate.read(station, f"kata\n{certificate.PREFIX}{b64(document)}\n")
    assert certificate.describe(found)


def _certificates() -> Iterator[bytes]:
    station = opened()[0]
    gone = Destroyed(1234, "no-action", 12, 1, 2, 0, station.reviewer)
    with station.vault.transaction():
        made = certificate.make(station, [gone], Day("2026-11-23"))
    yield _body(made.text, certificate.PREFIX)


def _note(data: bytes) -> None:
    station = opened()[0]
    document = signed(data, "package", station.keys.sign)
    assert package_note.read(station, f"kata\n{package_note.PREFIX}{b64(document)}\n").sums


def _notes() -> Iterator[bytes]:
    station = _station()
    office = registry.find(station.vault, _OTHER)
    written = package_note.text(station, office, bytes(16), {"surat.html": bytes(32)}, TODAY)
    yield _body(written, package_note.PREFIX)


def _station() -> Station:
    """With one office in its registry."""
    station = opened()[0]
    if not registry.listed(station.vault):
        registry.add(station, [registry.read_office(_ENTRY, "1")], TODAY)
    return station


def _value(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _body(written: str, prefix: str) -> bytes:
    """What is signed in the last line of a paper."""
    encoded = written.rstrip().rpartition(prefix)[2]
    return unb64(encoded, len(encoded) * 3 // 4)[64:]


TARGETS = (
    Target("casework-sheet", _sheet, (BadSheetError, *_WORDS), _sheets, json=True, runs=60),
    Target("casework-words", _words, _WORDS, lambda: [b"satu\r\ndua"]),
    Target("casework-day", _day, (ItemDayError,), lambda: [b"2026-11-23"]),
    Target("office-entry", _entry, (BadOfficeError,), lambda: [json.dumps(_ENTRY).encode()], json=True),
    Target("routing", _route, (BadRoutingError, UnknownReviewerError), lambda: [b"r1", b"r2\nr1"], runs=60),
    Target(
        "office-directory",
        _directory,
        (BadDirectoryFileError, OldDirectoryError, OwnDirectoryError),
        lambda: [sign_directory(replace(DIRECTORY, office=replace(DIRECTORY.office, id=_OTHER)), ROOT)[64:]],
        json=True,
        runs=60,
    ),
    Target(
        "certificate",
        _certificate,
        (NotACertificateError, UnprovenCertificateError),
        _certificates,
        json=True,
        runs=200,
    ),
    Target("package-note", _note, (NotAPackageNoteError,), _notes, json=True, runs=200),
)
