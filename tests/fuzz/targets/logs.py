"""Logs that bind each entry to all before it, as they are exported and verified."""

import io
from typing import Any

from crypto import canonical, chained_log
from crypto.binding import b64
from crypto.chained_log import START, Entry, next_hash
from crypto.constants import (
    SUITE,
)
from crypto.errors import MalformedError, ProtocolError
from tests.fuzz.target import Target, text
from tests.vectors.office import (
    DAY,
    OFFICE,
)


def _log(data: bytes) -> None:
    chained_log.verify(io.BytesIO(data))


def _chained(data: bytes) -> None:
    """A log of these entries with the right hashes, whatever they say: found whole, or an entry is bad."""
    head = START
    lines = [_line({"kind": "staff-log", "office": OFFICE.id, "suite": SUITE})]
    for body in _list(data):
        head = _hash(head, body)
        lines.append(_line({**body, "hash": b64(head)}))
    count = len(lines) - 1
    lines.append(_line({"count": count, "head": b64(head), "kind": "end"}))
    found = chained_log.verify(io.BytesIO(b"".join(lines)), chained_log.note(head))
    assert (found.count, found.head, found.since) == (count, head, 0)


def _log_note(data: bytes) -> None:
    note = chained_log.read_note(text(data))
    assert chained_log.read_note(note) == note
    assert len(note) == 47


def _hash(former: bytes, body: dict[str, Any]) -> bytes:
    try:
        return next_hash(former, Entry(**body))
    except TypeError:  # other names than an entry's
        return former


def _list(data: bytes) -> list[dict[str, Any]]:
    found = canonical.parse(data)
    if not isinstance(found, list) or not all(isinstance(body, dict) for body in found):
        raise MalformedError
    return found  # type: ignore[return-value]


def _line(fields: dict[str, Any]) -> bytes:
    return canonical.dump(fields) + b"\n"


def _entries() -> list[Entry]:
    who = (("rina", "signed-in", ""), ("ani", "invited", "budi reviewer"), ("ani", "removed", "budi"))
    return [Entry(n, DAY, OFFICE.id, *acts) for n, acts in enumerate(who, 1)]


def _export() -> bytes:
    head, pairs = START, []
    for entry in _entries():
        head = next_hash(head, entry)
        pairs.append((entry, head))
    return b"".join(chained_log.export(OFFICE.id, pairs))


TARGETS = (
    Target("log-note", _log_note, (MalformedError,), lambda: [chained_log.note(bytes(range(32))).encode()]),
    Target("log", _log, (ProtocolError,), lambda: [_export()]),
    Target(
        "log-chained",
        _chained,
        (ProtocolError,),
        lambda: [canonical.dump([entry.fields() for entry in _entries()])],
        json=True,
    ),
)
