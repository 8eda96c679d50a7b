"""The office's side of the inbox: counting, paging, bundling, erasing."""

import secrets

import pytest

from crypto import bundle as bundle_format
from crypto import canonical
from crypto.blob import BlobId, blob_size
from crypto.fields import Day
from crypto.item import SealedItem, item_id
from store import doomed, overview
from store.bundles import Bundle
from store.database import Database
from store.errors import NoSuchBundleError, NoSuchItemError, StorageFullError, VanishedError
from store.inbox import InboxWriter
from store.keyfile import RawKey
from store.layout import Layout
from store.overview import Filter
from store.reader import InboxReader, Place, Sealed
from tests.store.installation import CHANNEL, INSTANCE, OFFICE, OTHER, SMALL_CHANNEL
from tests.store.pages_of import clear_bytes

DAYS = [Day(f"2026-11-{day}") for day in range(20, 24)]
DELETION = bytes(32)


def fill(writer: InboxWriter, count: int = 30, office=OFFICE) -> list[SealedItem]:
    items = [SealedItem(secrets.token_bytes(9_000)) for _ in range(count)]
    for number, item in enumerate(items):
        writer.add_item(office, CHANNEL, DAYS[number % len(DAYS)], DELETION, item)
    return items


def add_blob(
    layout: Layout, writer: InboxWriter, padded: int = 65_536, office=OFFICE
) -> tuple[BlobId, bytes]:
    """A complete blob, as store/done.py leaves it, and its bytes."""
    blob, data = BlobId(secrets.token_bytes(16)), secrets.token_bytes(blob_size(padded))
    path = layout.blob(office, blob)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    writer.add_blob(office, blob, padded, DAYS[0], DELETION)
    return blob, data


def frozen(reader: InboxReader, office=OFFICE) -> Bundle:
    made = reader.freeze(office, DAYS[-1])
    assert made is not None
    return made


def test_counts(layout: Layout, writer: InboxWriter, reader: InboxReader) -> None:
    fill(writer, 7)
    add_blob(layout, writer)
    counts = reader.counts(OFFICE)
    assert (counts.items, counts.blobs, counts.size) == (7, 1, 7 * 9_000 + 65_552)
    assert (reader.counts(OTHER).items, reader.counts(OTHER).size) == (0, 0)


@pytest.mark.parametrize("limit", [1, 7, 30, 100])
def test_pages_show_everything_once_by_day_and_not_by_arrival(writer, reader, limit: int) -> None:
    items = fill(writer)
    fill(writer, 3, OTHER)
    seen, after = [], None
    while page := reader.page(OFFICE, after, limit):
        seen += page
        after = page[-1].place
    assert {entry.id for entry in seen} == {item_id(item) for item in items}
    assert [(e.day, e.id) for e in seen] == sorted((e.day, e.id) for e in seen)


FILTERS = [
    Filter(),
    Filter(channel=CHANNEL),
    Filter(first=DAYS[1]),
    Filter(last=DAYS[2]),
    Filter(first=DAYS[1], last=DAYS[1]),
    Filter(kind="blob"),
    Filter(kind="item", size="small"),
    Filter(size="medium"),
    Filter(size="large", first=DAYS[0]),
    Filter(channel=CHANNEL, kind="blob"),
    Filter(first=DAYS[2], last=DAYS[1]),
]


def fits(thing: Sealed, wanted: Filter) -> bool:
    size = "small" if thing.size < 2**20 else "medium" if thing.size < 100 * 2**20 else "large"
    return (
        wanted.channel in (None, thing.channel)
        and wanted.kind in (None, thing.kind)
        and wanted.size in (None, size)
        and (wanted.first or "") <= thing.day <= (wanted.last or "9")
    )


def of_every_sort(writer: InboxWriter) -> None:
    fill(writer, 9)
    for size in (2**20 - 1, 2**20):
        writer.add_item(OFFICE, SMALL_CHANNEL, DAYS[2], DELETION, SealedItem(secrets.token_bytes(size)))
    for padded in (65_536, 2**20, 2**26, 2**27, 2**30):
        writer.add_blob(OFFICE, BlobId(secrets.token_bytes(16)), padded, DAYS[padded % 3], DELETION)


@pytest.mark.parametrize("wanted", FILTERS)
@pytest.mark.parametrize("limit", [1, 3, 50])
def test_filters_leave_exactly_what_fits(writer, reader, inbox, wanted: Filter, limit: int) -> None:
    of_every_sort(writer)
    everything = reader.page(OFFICE)
    expected = [thing for thing in everything if fits(thing, wanted)]
    seen, after = [], None
    while page := reader.page(OFFICE, after, limit, wanted):
        seen += page
        after = page[-1].place
    assert seen == expected
    found = overview.counts(inbox, OFFICE, wanted)
    assert found.items == sum(thing.kind == "item" for thing in expected)
    assert found.blobs == sum(thing.kind == "blob" for thing in expected)
    assert found.size == sum(thing.size for thing in expected)
    by_day = overview.waiting(inbox, OFFICE, wanted)
    assert [day for day, came in by_day.items() for _ in range(came.count)] == [t.day for t in expected]


def test_a_place_before_the_first_day_shows_nothing_earlier(writer, reader) -> None:
    fill(writer, 9)
    before = Place(DAYS[0], b"", "")
    assert {t.day for t in reader.page(OFFICE, before, 50, Filter(first=DAYS[2]))} == {DAYS[2], DAYS[3]}


def test_the_tally_is_what_counting_would_give(new_eraser, writer, reader, inbox) -> None:
    """After arrivals, retries, bundles, and what reporters erase."""
    of_every_sort(writer)
    again = SealedItem(bytes(9_000))
    for _ in range(2):
        writer.add_item(OFFICE, CHANNEL, DAYS[0], bytes([1]) * 32, again)
    fill(writer, 3, OTHER)
    reader.freeze(OFFICE, DAYS[-1], things=[("item", item_id(again)), ("blob", bytes(16))])
    reader.freeze(OFFICE, DAYS[-1], [DAYS[1]])
    fill(writer, 4)
    eraser = new_eraser()
    writer.add_item(OFFICE, CHANNEL, DAYS[3], bytes([2]) * 32, SealedItem(bytes(9_001)))
    assert eraser.erase(OFFICE, [bytes([2]) * 32]) == 1
    eraser.close()
    counted = """SELECT office, day, kind, channel, class, count(*), CAST(sum(size) AS bigint) FROM item
      WHERE bundle IS NULL GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""
    with inbox.read() as connection:
        tally = connection.execute("SELECT * FROM tally ORDER BY 1, 2, 3, 4, 5").fetchall()
        assert tally == connection.execute(counted).fetchall()
    assert len(tally) > 8


def test_chosen_things_and_nothing_else(writer, reader) -> None:
    items = fill(writer, 4)
    fill(writer, 2, OTHER)
    (foreign, _) = reader.page(OTHER)
    names = [("item", item_id(item)) for item in items[:2]]
    made = reader.freeze(OFFICE, DAYS[-1], things=[*names, ("item", foreign.id), ("blob", names[0][1])])
    assert (made.entries, made.size) == (2, 18_000)
    found = [e.name for part in reader.parts(INSTANCE, OFFICE, made.id) for e in part.entries]
    assert sorted(found) == sorted(name.hex() for _, name in names)
    assert reader.freeze(OFFICE, DAYS[-1], things=names) is None
    assert reader.freeze(OFFICE, DAYS[-1], things=[]) is None
    assert reader.counts(OTHER).items == 2


def test_a_page_is_found_by_the_index_alone(reader: InboxReader, inbox) -> None:
    from store import reader as module

    with inbox.read() as connection:
        plan = connection.execute(
            f"EXPLAIN QUERY PLAN {module._PAGE}", ("o", "item", "c", "small", "", b"", "", "9", 5)
        ).fetchall()
    text = " ".join(row[3] for row in plan)
    assert "INDEX item_new (office=? AND kind=? AND channel=? AND class=? AND (day,id)>(?,?)" in text
    assert "TEMP B-TREE" not in text


def test_a_bundle_takes_everything_new_of_its_office(writer, reader) -> None:
    fill(writer, 5)
    fill(writer, 2, OTHER)
    first = frozen(reader)
    assert (first.number, first.entries, first.size, first.day) == (1, 5, 45_000, DAYS[-1])
    assert reader.counts(OFFICE).items == 0
    assert reader.counts(OTHER).items == 2
    assert reader.freeze(OFFICE, DAYS[-1]) is None
    fill(writer, 1)
    assert (frozen(reader).number, frozen(reader, OTHER).number) == (2, 1)
    assert [bundle.number for bundle in reader.bundles(OFFICE)] == [1, 2]


def test_what_is_too_much_for_one_bundle_waits_for_the_next(writer, reader) -> None:
    fill(writer, 5)
    made = [reader.freeze(OFFICE, DAYS[-1], most=3) for _ in range(2)]
    assert [bundle.entries for bundle in made] == [3, 2]


def test_chosen_days_and_nothing_else(writer, reader, inbox) -> None:
    fill(writer, 8)
    fill(writer, 4, OTHER)
    assert reader.freeze(OFFICE, DAYS[-1], [Day("2026-01-01")]) is None
    assert reader.freeze(OFFICE, DAYS[-1], []) is None
    made = reader.freeze(OFFICE, DAYS[-1], DAYS[1:3])
    assert made.entries == 4
    assert {e.day for part in reader.parts(INSTANCE, OFFICE, made.id) for e in part.entries} == set(DAYS[1:3])
    left = overview.waiting(inbox, OFFICE)
    assert {day: came.count for day, came in left.items()} == {DAYS[0]: 2, DAYS[3]: 2}
    assert {came.size for came in left.values()} == {18_000}
    assert sum(came.count for came in overview.waiting(inbox, OTHER).values()) == 4
    assert frozen(reader).entries == 4


def test_a_bundle_streams_what_was_sent(layout, writer, reader) -> None:
    items = fill(writer, 5)
    blob, data = add_blob(layout, writer, 3 * 2**20)
    (manifest,) = reader.parts(INSTANCE, OFFICE, frozen(reader).id)
    expected = {f"items/{item_id(item).hex()}": bytes(item) for item in items} | {f"blobs/{blob.hex()}": data}
    read = {entry.path: b"".join(reader.read_entry(OFFICE, entry)) for entry in manifest.entries}
    assert read == expected
    assert [e.path for e in manifest.entries] == [*sorted(expected)[1:], *sorted(expected)[:1]]
    pieces = bundle_format.write(
        manifest, lambda entry, skip: reader.read_entry(OFFICE, entry, skip), canonical.dump
    )
    assert sum(map(len, pieces)) == bundle_format.size_of(manifest, signed=False)


def test_a_blob_larger_than_a_part_is_cut_and_comes_out_whole(layout, writer, reader) -> None:
    """With parts of 300 KB: every part is smaller, the texts come first, and the slices join."""
    items = fill(writer, 5)
    blobs = dict(add_blob(layout, writer, 2**20) for _ in range(2))
    made = frozen(reader)
    found = reader.parts(INSTANCE, OFFICE, made.id, 300_000)
    assert found == reader.parts(INSTANCE, OFFICE, made.id, 300_000)
    assert [part.part for part in found] == list(range(1, len(found) + 1))
    read: dict[str, bytes] = {}
    for part in found:
        assert bundle_format.size_of(part, signed=False) <= 300_000
        for entry in part.entries:
            assert len(read.get(entry.path, b"")) == entry.start
            read[entry.path] = read.get(entry.path, b"") + b"".join(reader.read_entry(OFFICE, entry))
    assert [entry.kind for entry in found[0].entries][:5] == ["item"] * 5
    assert {path: data for path, data in read.items() if path.startswith("blobs")} == {
        f"blobs/{blob.hex()}": data for blob, data in blobs.items()
    }
    assert {data for path, data in read.items() if path.startswith("items")} == {bytes(i) for i in items}


def test_an_office_cannot_reach_anothers_things(layout, writer, reader) -> None:
    (item,) = fill(writer, 1)
    add_blob(layout, writer)
    made = frozen(reader)
    (manifest,) = reader.parts(INSTANCE, OFFICE, made.id)
    with pytest.raises(NoSuchBundleError):
        reader.parts(INSTANCE, OTHER, made.id)
    with pytest.raises(NoSuchItemError):
        reader.body(OTHER, item_id(item))
    for entry in manifest.entries:
        with pytest.raises(NoSuchItemError):
            list(reader.read_entry(OTHER, entry))
    assert reader.erase(OTHER, [made.id]) == 0
    assert reader.bundles(OFFICE) == (made,)


def places(layout: Layout, key: RawKey, items: list[SealedItem]) -> list[int]:
    """Where the items lie in the database and its log, for somebody who has the key."""
    clear = clear_bytes(layout.inbox, key)
    return [clear.index(item[-64:]) for item in items]


def test_a_bundle_ends_the_order_of_arrival(layout, key: RawKey, writer, reader) -> None:
    items = fill(writer, 40)
    by_name = sorted(items, key=item_id)
    before = places(layout, key, items)
    assert before == sorted(before), "without this, arrival could be read from the pages"
    frozen(reader)
    after = places(layout, key, by_name)
    assert after == sorted(after)


def test_a_disk_without_room_to_rewrite_still_gives_the_bundle(layout, writer, reader, monkeypatch) -> None:
    def full(_database: Database) -> None:
        raise StorageFullError

    fill(writer, 3)
    monkeypatch.setattr(Database, "compact", full)
    assert frozen(reader).entries == 3


def test_what_the_station_has_is_erased_without_a_trace(layout, key: RawKey, writer, reader) -> None:
    items = fill(writer, 40)
    _blob, data = add_blob(layout, writer)
    made = frozen(reader)
    kept = fill(writer, 3)
    assert reader.erase(OFFICE, [made.id, bytes(16)]) == 1
    left = clear_bytes(layout.inbox, key)
    assert [item for item in items if item[:64] in left or item[-64:] in left or item_id(item) in left] == []
    assert made.id not in left
    assert all(item[-64:] in left for item in kept)
    assert [
        path for path in layout.root.rglob("*") if path.is_file() and data[:64] in path.read_bytes()
    ] == []
    assert reader.counts(OFFICE).items == 3
    assert reader.bundles(OFFICE) == ()
    assert reader.erase(OFFICE, [made.id]) == 0
    assert frozen(reader).number == 2


def test_files_of_erased_blobs_go_even_if_the_first_try_was_cut_off(
    layout, writer, reader, monkeypatch
) -> None:
    blob, _data = add_blob(layout, writer)
    made = frozen(reader)

    def cut(_inbox: Database, _layout: Layout) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(doomed, "remove_files", cut)
        with pytest.raises(KeyboardInterrupt):
            reader.erase(OFFICE, [made.id])
    assert layout.blob(OFFICE, blob).exists()
    reader.erase(OFFICE, [])
    assert not layout.blob(OFFICE, blob).exists()


def test_a_blob_that_came_again_before_its_old_file_went_stays(layout, writer, reader, monkeypatch) -> None:
    blob, data = add_blob(layout, writer)
    made = frozen(reader)
    remove = doomed.remove_files

    def send_again_and_remove(inbox: Database, its_layout: Layout) -> None:
        writer.add_blob(OFFICE, blob, 65_536, DAYS[1], DELETION, layout.blob(OFFICE, blob).exists)
        remove(inbox, its_layout)

    with monkeypatch.context() as patch:
        patch.setattr(doomed, "remove_files", send_again_and_remove)
        assert reader.erase(OFFICE, [made.id]) == 1
    assert layout.blob(OFFICE, blob).read_bytes() == data
    again = frozen(reader)
    reader.erase(OFFICE, [])
    (manifest,) = reader.parts(INSTANCE, OFFICE, again.id)
    assert b"".join(reader.read_entry(OFFICE, manifest.entries[0])) == data
    reader.erase(OFFICE, [again.id])
    assert not layout.blob(OFFICE, blob).exists()


def test_a_blob_whose_file_has_just_gone_is_not_recorded(layout, writer, reader) -> None:
    blob, _data = add_blob(layout, writer)
    reader.erase(OFFICE, [frozen(reader).id])
    with pytest.raises(VanishedError):
        writer.add_blob(OFFICE, blob, 65_536, DAYS[1], DELETION, layout.blob(OFFICE, blob).exists)
    assert reader.counts(OFFICE).blobs == 0
