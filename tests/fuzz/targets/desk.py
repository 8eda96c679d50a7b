"""A whole station with a real vault: what a hostile reporter or server gets into it, and onto the screen."""

import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from crypto import calendar
from crypto.authorship import sign_authorship
from crypto.constants import PAYLOAD_SIZES
from crypto.errors import MalformedError
from crypto.item import Context
from crypto.manifest import write_manifest
from crypto.message import sign_message
from crypto.seal.item import seal_item
from tests.fuzz.target import Target, signed, text
from tests.fuzz.targets.bundles import packed
from tests.fuzz.targets.documents import CONTENTS
from tests.fuzz.targets.words import harmless
from tests.vectors import bundles
from tests.vectors.office import DAY, INSTANCE, MESSAGE, REPORTER
from tests.workstation.office import (
    ADUAN,
    CHEAP,
    PASSPHRASE,
    TODAY,
    inbound,
    manifest_of,
    passphrases_for,
    plan,
)
from workstation import cases, ceremony, notes, thread
from workstation.cases import Case
from workstation.ceremony import Held
from workstation.commands import authorship, show
from workstation.commands import cases as case_table
from workstation.errors import StationError
from workstation.inbox import import_bundle
from workstation.station import Station, unlock

CONTEXT = Context(INSTANCE, plan().office, ADUAN)
_TABLES = ("bundles", "parts", "slices", "sealed", "messages", "blobs", "cases")
_NUMBERS = itertools.count(1)


@cache
def opened() -> tuple[Station, Held, Any]:
    """An unlocked station, for as long as this process lives."""
    folder = Path(tempfile.mkdtemp())
    what = replace(plan(reviewers=2), instance=INSTANCE)
    held = ceremony.hold(folder / "station", what, passphrases_for(what), folder, TODAY, CHEAP)
    context = unlock(folder / "station", "r1", PASSPHRASE.format("r1"))
    return context.__enter__(), held, context


def _message(data: bytes) -> None:
    """Whatever a reporter signs and seals is taken in, filed or kept, and shown without harm."""
    station, held, _ = opened()
    document = signed(data, "message", REPORTER.sign)
    if len(document) > PAYLOAD_SIZES[-1] - 4:
        return
    item = seal_item(document, CONTEXT, calendar.epoch_of(TODAY), next(iter(held.directory.epochs.values())))
    path = station.layout.folder.parent / "in.tar"
    path.write_bytes(inbound(*manifest_of(held, next(_NUMBERS), [item])))
    assert import_bundle(station, path).items == 1
    found = list(cases.readable(station))
    assert all(map(harmless, case_table.table(station, found)))
    for case in found:
        entries, sent = thread.messages(station, case), thread.replies(station, case)
        pieces = [show._Piece(station, *piece) for piece in thread.evidence(entries)]
        assert all(map(harmless, show._lines(station, case, entries, pieces, sent)))


def _messages() -> Iterator[bytes]:
    for content in CONTENTS:
        message = replace(MESSAGE, context=CONTEXT, content=content, excluded=(), day=DAY)
        yield sign_message(message, REPORTER.sign)[64:]


def _note(data: bytes) -> None:
    """What a reviewer writes comes back as it was, or is refused."""
    station = opened()[0]
    added = notes.add(station, a_case(), text(data), TODAY)
    assert added.text == text(data).strip()
    assert notes.of_case(station, a_case())[-1] == added


def _statement(data: bytes) -> None:
    """Only a statement whose signature holds, for this office, is one; it is shown without harm."""
    statement, case = authorship.prove(opened()[0], text(data))
    assert statement.verify == REPORTER.verify
    assert all(map(harmless, authorship.proven_lines(statement, case)))


def _statements() -> Iterator[bytes]:
    yield sign_authorship(
        INSTANCE, plan().office, DAY, "Saya yang menulis.\n\u202e“é” 😀", REPORTER.sign
    ).encode()


def a_case() -> Case:
    station = opened()[0]
    if not list(cases.readable(station)):
        _message(next(_messages()))
    return next(cases.readable(station))


def _manifest(data: bytes) -> None:
    """A part around any manifest is taken in whole, or leaves vault and disk as they were."""
    station, _, _ = opened()
    path = station.layout.folder.parent / "part.tar"
    path.write_bytes(packed(data, {}))
    before = _state(station)
    try:
        import_bundle(station, path, out_of_order=True)
    except StationError:
        assert _state(station) == before
        raise


def _state(station: Station) -> list[object]:
    counts = [station.vault.value(f"SELECT count(*) FROM {table}") for table in _TABLES]
    return [*counts, sorted(path.name for path in station.layout.folder.rglob("*"))]


def _manifests() -> Iterator[bytes]:
    for part in bundles.SPLIT:
        yield write_manifest(replace(part, office=plan().office))


TARGETS = (
    Target("desk-message", _message, (), _messages, json=True, runs=60),
    Target("desk-note", _note, (StationError,), lambda: ["Satu\ndua é".encode()], runs=60),
    Target("desk-statement", _statement, (StationError,), _statements, runs=200),
    Target("desk-manifest", _manifest, (StationError, MalformedError), _manifests, json=True, runs=150),
)
