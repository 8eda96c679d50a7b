"""A log's export: what is whole is found whole, and whatever was done to it is found and named."""

import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import chained_log
from crypto.chained_log import START, Entry, Verified, next_hash, note, read_note
from crypto.errors import BrokenLogError, MalformedError, ProtocolError
from crypto.fields import Day, OfficeId

OFFICE = OfficeId("kota-contoh")
DAY = Day("2026-11-23")
FIRST = Entry(1, DAY, OFFICE, "ani", "invited", "zoe reviewer")

Lines = list[bytes]


def chain(entries: Sequence[Entry]) -> list[tuple[Entry, bytes]]:
    found, head = [], START
    for entry in entries:
        head = next_hash(head, entry)
        found.append((entry, head))
    return found


def some(count: int) -> list[Entry]:
    return [replace(FIRST, number=number, subject=f"p{number}") for number in range(1, count + 1)]


def lines(entries: Sequence[Entry]) -> Lines:
    return list(chained_log.export(OFFICE, chain(entries)))


def verify(export: Sequence[bytes], noted: str | None = None) -> Verified:
    return chained_log.verify(io.BytesIO(b"".join(export)), noted)


def test_the_bytes_are_those_of_the_protocol() -> None:
    text = (
        b'{"act":"invited","actor":"ani","day":"2026-11-23","number":1,"office":"kota-contoh",'
        b'"subject":"zoe reviewer"}'
    )
    framed = b"peluit/1 staff-log\0" + (32).to_bytes(4) + bytes(32) + len(text).to_bytes(4) + text
    assert next_hash(START, FIRST) == hashlib.sha256(framed).digest()
    head, entry, end = lines([FIRST])
    assert head == b'{"kind":"staff-log","office":"kota-contoh","suite":"peluit/1"}\n'
    assert json.loads(entry) == json.loads(text) | {"hash": json.loads(end)["head"]}
    assert json.loads(end)["count"] == 1


def test_a_stations_log_is_another_kind() -> None:
    head = next_hash(START, FIRST, chained_log.STATION)
    export = list(chained_log.export(OFFICE, [(FIRST, head)], chained_log.STATION))
    assert verify(export) == Verified(OFFICE, 1, head, None, chained_log.STATION)
    assert verify(lines([FIRST])).kind == chained_log.STAFF
    for other in ("staff-log", "other-log"):  # no chain passes for one of the other kind
        with pytest.raises((BrokenLogError, MalformedError)):
            verify([export[0].replace(b"station-log", other.encode()), *export[1:]])


def test_what_is_whole_is_found_whole() -> None:
    for count in (0, 1, 5):
        found = verify(lines(some(count)))
        assert (found.office, found.count, found.since) == (OFFICE, count, None)
        assert found.head == ([(None, START), *chain(some(count))][-1][1])


@given(st.data())
def test_whatever_byte_is_changed_is_noticed(data: st.DataObject) -> None:
    whole = bytearray(b"".join(lines(some(4))))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ProtocolError):
        verify([bytes(whole)])


@given(
    which=st.integers(0, 5),
    field=st.sampled_from(["day", "actor", "act", "subject"]),
    hashed_anew=st.booleans(),
)
def test_the_first_changed_entry_is_named(which: int, field: str, hashed_anew: bool) -> None:
    """If whoever changed it has hashed that entry anew, the next one does not follow from it."""
    entries = some(6)
    whole = chain(entries)
    changed = replace(entries[which], **{field: "2026-11-22"})
    forged = chain([*entries[:which], changed])[-1] if hashed_anew else (changed, whole[which][1])
    mixed = list(chained_log.export(OFFICE, [*whole[:which], forged, *whole[which + 1 :]]))
    # The last entry has no next one: the last line is what it does not fit.
    mixed[-1] = lines(entries)[-1]
    with pytest.raises(BrokenLogError) as error:
        verify(mixed)
    assert error.value.number == which + 1 + hashed_anew


BROKEN: list[tuple[str, Callable[[Lines], Lines], int]] = [
    ("missing", lambda lines: [*lines[:2], *lines[3:]], 2),
    ("missing", lambda lines: [lines[0], *lines[2:]], 1),
    ("order", lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 2),
    ("order", lambda lines: [*lines[:3], lines[2], *lines[3:]], 3),
    ("end", lambda lines: [*lines[:-2], lines[-1]], 4),
    ("end", lambda lines: [*lines[:2], lines[-1]], 2),
    ("cut", lambda lines: lines[:-1], 5),
    ("cut", lambda lines: lines[:1], 1),
    ("longer", lambda lines: [*lines, b"\n"], 5),
    ("longer", lambda lines: [*lines, lines[1]], 5),
    ("changed", lambda lines: [*lines[:2], b"nonsense\n", *lines[3:]], 2),
    ("changed", lambda lines: [*lines[:2], lines[2].replace(b'"act"', b' "act"'), *lines[3:]], 2),
    ("changed", lambda lines: [*lines[:-1], lines[-1][:-1]], 5),
    ("changed", lambda lines: [lines[0], b"{" + b" " * 10_000, *lines[1:]], 1),
    ("changed", lambda lines: [lines[0].replace(b"kota-contoh", b"kota-lain"), *lines[1:]], 1),
]


@pytest.mark.parametrize(("why", "change", "number"), BROKEN)
def test_what_was_done_is_named(why: str, change: Callable[[Lines], Lines], number: int) -> None:
    with pytest.raises(BrokenLogError) as error:
        verify(change(lines(some(4))))
    assert (error.value.why, error.value.number) == (why, number)


@pytest.mark.parametrize("head", [b"", b"{}\n", b"[]\n", b"\xff\n", b'{"kind":"staff-log"}\n', b"PK\x03\x04"])
def test_what_is_no_log_is_told_from_a_broken_one(head: bytes) -> None:
    with pytest.raises(ProtocolError) as error:
        verify([head, *lines(some(2))[1:]])
    assert not isinstance(error.value, BrokenLogError)


def test_a_head_that_was_noted_must_stand_in_the_log() -> None:
    heads = [START, *(head for _, head in chain(some(5)))]
    for number, head in enumerate(heads):
        assert verify(lines(some(5)), note(head)).since == 5 - number
    with pytest.raises(BrokenLogError) as error:
        verify(lines(some(3)), note(heads[4]))
    assert (error.value.why, error.value.number) == ("noted", 3)


def test_a_log_that_was_written_anew_is_whole_but_not_the_noted_one() -> None:
    noted = note(chain(some(3))[-1][1])
    anew = lines([replace(FIRST, subject="other"), *some(3)[1:]])
    assert verify(anew).count == 3
    with pytest.raises(BrokenLogError):
        verify(anew, noted)


def test_a_note_may_be_written_in_any_groups() -> None:
    (_, head) = chain([FIRST])[0]
    digits = note(head).replace("-", "")
    assert len(digits) == 40
    for text in (note(head), digits, note(head).replace("-", " "), f" {digits[:7]} - {digits[7:]}\n"):
        assert read_note(text) == note(head)


@pytest.mark.parametrize("text", ["", "1" * 39, "1" * 41, "a" * 40, "\u0661" * 40, f"{'1' * 40}/"])
def test_what_is_no_note(text: str) -> None:
    with pytest.raises(MalformedError):
        read_note(text)
