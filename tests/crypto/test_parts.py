"""Bundles in parts: cut the same way each time, every part small enough, and any range of a part as asked."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import bundle, canonical, parts
from crypto.errors import MalformedError
from crypto.fields import ChannelId, Day, InstanceId, OfficeId
from crypto.hashing import Hashing
from crypto.manifest import LARGEST_PART, MAX_PARTS, Entry, Inbound, read_manifest, write_manifest

DAY = Day("2026-11-23")
PLACE = (InstanceId(bytes(16)), OfficeId("kota"), bytes(16), 7, DAY)
SMALLEST = 7_500
MANY = settings(max_examples=150, deadline=None)


def item(number: int, size: int) -> Entry:
    return Entry("item", f"items/{number:032x}", size, ChannelId("aduan"), DAY)


def blob(number: int, size: int) -> Entry:
    return Entry("blob", f"blobs/{number:032x}", size, None, DAY, 0, size)


@st.composite
def frozen(draw: st.DrawFn) -> list[Entry]:
    """What a freeze could give: items, then blobs, of sizes around the edges of blocks."""
    items = draw(st.lists(st.integers(1, 2_000), max_size=8))
    blobs = draw(st.lists(st.integers(1, 30_000) | st.sampled_from([511, 512, 513, 4_096]), max_size=5))
    return [
        *(item(n, size) for n, size in enumerate(items)),
        *(blob(n, size) for n, size in enumerate(blobs)),
    ]


def contents(entry: Entry, skip: int = 0) -> Iterator[bytes]:
    """The bytes of an entry: those of a blob depend on its name and the place in it alone."""
    whole = entry.whole or entry.size
    data = hashlib.shake_128(entry.path.encode()).digest(whole)[entry.start :][: entry.size][skip:]
    for begin in range(0, len(data), 1_000):
        yield data[begin : begin + 1_000]


def written(part: Inbound, begin: int = 0, end: int | None = None) -> bytes:
    return b"".join(bundle.write(part, contents, canonical.dump, begin, end))


@given(entries=frozen(), largest=st.integers(SMALLEST, 60_000))
@MANY
def test_parts_are_small_ordered_and_whole_together(entries: list[Entry], largest: int) -> None:
    found = parts.split(*PLACE, entries, largest)
    assert found == parts.split(*PLACE, iter(entries), largest)
    joined: dict[str, list[Entry]] = {}
    for number, part in enumerate(found, 1):
        assert (part.part, part.parts) == (number, len(found))
        assert bundle.size_of(part, signed=False) <= largest
        assert read_manifest(write_manifest(part)) == part
        assert len({entry.path for entry in part.entries}) == len(part.entries)
        for entry in part.entries:
            joined.setdefault(entry.path, []).append(entry)
    kinds = [entry.kind for part in found for entry in part.entries]
    assert kinds == sorted(kinds, reverse=True), "items first"
    assert list(joined) == [entry.path for entry in entries]
    for entry in entries:
        at = 0
        for piece in joined[entry.path]:
            assert (piece.start, piece.whole) == (at, entry.whole)
            at += piece.size
        assert at == entry.size


@given(entries=frozen(), largest=st.integers(SMALLEST, 60_000))
@MANY
def test_every_part_is_an_archive_of_its_own(entries: list[Entry], largest: int) -> None:
    joined: dict[str, bytes] = {}
    for part in parts.split(*PLACE, entries, largest):
        data = written(part)
        assert len(data) == bundle.size_of(part, signed=False)
        reader = bundle.BundleReader(io.BytesIO(data))
        assert reader.manifest == part
        for entry, pieces in reader.entries():
            joined[entry.path] = joined.get(entry.path, b"") + b"".join(pieces)
    assert joined == {entry.path: b"".join(contents(entry)) for entry in entries}


def test_nothing_at_all_is_one_empty_part() -> None:
    (part,) = parts.split(*PLACE, [])
    assert (part.part, part.parts, part.entries) == (1, 1, ())


def test_the_real_limit_is_below_2_gib() -> None:
    """A blob of 5 GiB and one of a tebibyte, in the sizes that are really used."""
    for size in (5 * 2**30, 2**40):
        found = parts.split(*PLACE, [item(1, 9_000), blob(1, size), blob(2, 100)])
        sizes = [bundle.size_of(part, signed=False) for part in found]
        assert max(sizes) <= LARGEST_PART < 2**31
        assert min(sizes[:-1]) > LARGEST_PART - 4_096
        assert len(found) == size // LARGEST_PART + 1


def test_what_cannot_be_cut_is_refused() -> None:
    with pytest.raises(MalformedError):
        parts.split(*PLACE, [item(1, SMALLEST)], SMALLEST)
    with pytest.raises(MalformedError):
        parts.split(*PLACE, [blob(1, (MAX_PARTS + 1) * SMALLEST)], SMALLEST)


@given(entries=frozen(), places=st.tuples(st.floats(0, 1), st.floats(0, 1)), to_end=st.booleans())
@MANY
def test_any_range_is_what_the_whole_has_there(
    entries: list[Entry], places: tuple[float, float], to_end: bool
) -> None:
    part = parts.split(*PLACE, entries, 20_000)[-1]
    whole = written(part)
    begin, end = sorted(int(place * len(whole)) for place in places)
    assert written(part, begin, None if to_end else end) == (whole[begin:] if to_end else whole[begin:end])


def test_a_range_before_the_checksums_reads_nothing_twice() -> None:
    """What is skipped is not read, unless the checksums are asked for."""
    part = parts.split(*PLACE, [blob(1, 50_000), blob(2, 50_000)])[0]
    read: list[tuple[str, int]] = []

    def watched(entry: Entry, skip: int) -> Iterator[bytes]:
        read.append((entry.name[-1], skip))
        return contents(entry, skip)

    second = 512 + len(write_manifest(part)) + 512 + 50_000 + 512
    list(bundle.write(part, watched, canonical.dump, second + 10_000, second + 20_000))
    assert [name for name, _ in read] == ["2"]
    read.clear()
    list(bundle.write(part, watched, canonical.dump, second + 10_000))
    assert [name for name, _ in read] == ["2", "1", "2"]


@given(st.lists(st.binary(max_size=200_000), max_size=8))
@settings(max_examples=40, deadline=None)
def test_hashing_beside_other_work(pieces: list[bytes]) -> None:
    with Hashing() as hashing:
        for _ in range(2):
            hashing.begin()
            for piece in pieces:
                hashing.update(piece)
            assert hashing.digest() == hashlib.sha256(b"".join(pieces)).digest()


def test_a_wrong_part_or_slice_is_refused() -> None:
    good = parts.split(*PLACE, [item(1, 500), blob(1, 20_000)], 9_000)
    first, second = good[0].entries[-1], good[1].entries[0]
    assert first.is_slice
    for bad in (
        replace(good[0], part=0),
        replace(good[0], part=len(good) + 1),
        replace(good[0], parts=0),
        replace(good[0], parts=MAX_PARTS + 1),
        replace(good[0], parts=1),
        replace(good[0], entries=good[0].entries[::-1]),
        replace(good[0], entries=(first, replace(second, path=first.path))),
        replace(good[0], entries=(replace(first, start=-1),)),
        replace(good[0], entries=(replace(first, start=first.whole - first.size + 1),)),
        replace(good[0], entries=(replace(first, whole=first.size - 1),)),
        replace(good[0], entries=(replace(first, whole=2**41),)),
        replace(good[0], entries=(replace(first, size=0),)),
        replace(good[0], entries=(replace(first, size=2**31, whole=2**31),)),
        replace(good[0], entries=(blob(1, LARGEST_PART), blob(2, 1))),
    ):
        with pytest.raises(MalformedError):
            read_manifest(write_manifest(bad))
