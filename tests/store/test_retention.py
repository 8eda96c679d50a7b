"""What is erased unconfirmed, and above all what is not."""

import secrets

import pytest

from crypto import calendar
from crypto.blob import BlobId, blob_size
from crypto.constants import ID_SIZE, MIN_BLOB_SIZE
from crypto.fields import ChannelId, Day, InstanceId
from crypto.item import SealedItem
from crypto.manifest import LARGEST_PART, Inbound
from store.bundles import Bundle
from store.errors import ConflictError, NoSuchBundleError
from store.inbox import InboxWriter
from store.layout import Layout
from store.reader import InboxReader
from store.retention import MOST_OFF, NOTICE, Retention
from tests.store.installation import INSTANCE, OFFICE, OTHER

DAY = Day("2026-11-23")
DAYS = 30


def on(days: int) -> Day:
    return calendar.add_days(DAY, days)


@pytest.fixture
def retention(reader: InboxReader, layout: Layout) -> Retention:
    return Retention(reader._database, layout)


@pytest.fixture
def bundle(writer: InboxWriter, reader: InboxReader, layout: Layout) -> Bundle:
    """One text and one file of the office, frozen on DAY; the other office has one as well."""
    for office in (OFFICE, OTHER):
        writer.add_item(office, ChannelId("aduan"), on(-2), bytes(32), SealedItem(secrets.token_bytes(9_000)))
    name = BlobId(secrets.token_bytes(ID_SIZE))
    layout.blob(OFFICE, name).parent.mkdir(parents=True)
    layout.blob(OFFICE, name).write_bytes(secrets.token_bytes(blob_size(MIN_BLOB_SIZE)))
    writer.add_blob(OFFICE, name, MIN_BLOB_SIZE, DAY, bytes(32))
    assert reader.freeze(OTHER, DAY)
    made = reader.freeze(OFFICE, DAY)
    assert made is not None
    return made


def parts(reader: InboxReader, bundle: Bundle, largest: int = LARGEST_PART) -> tuple[Inbound, ...]:
    return reader.parts(InstanceId(INSTANCE), bundle.office, bundle.id, largest)


def download(retention: Retention, reader: InboxReader, bundle: Bundle, today: Day) -> None:
    for part in parts(reader, bundle):
        retention.begin(part, today)
        retention.end(part, today)


def run(retention: Retention, today: Day, days: int | None = DAYS) -> int:
    """What the server does once a day; how many bundles went."""
    retention.plan(OFFICE, days, today)
    due = retention.due(OFFICE, today)
    retention.erase(OFFICE, today)
    return len(due)


def days_until_gone(retention: Retention, reader: InboxReader, days: int | None, most: int = 400) -> int:
    """The first day, from DAY on, after whose run the bundle is gone."""
    for day in range(most):
        if run(retention, on(day), days):
            assert reader.bundles(OFFICE) == ()
            return day
    return most


def test_it_goes_after_its_days_and_is_announced_before(
    retention: Retention, reader: InboxReader, layout: Layout, bundle: Bundle
) -> None:
    download(retention, reader, bundle, DAY)
    (fetched,) = reader.bundles(OFFICE)
    assert (fetched.oldest, fetched.fetched, fetched.leaves) == (on(-2), DAY, None)
    for day in range(DAYS):
        assert run(retention, on(day)) == 0
        announced = reader.bundles(OFFICE)[0].leaves
        assert announced == (on(DAYS) if day >= DAYS - NOTICE else None)
    assert run(retention, on(DAYS)) == 1
    assert reader.bundles(OFFICE) == ()
    assert list((layout.done / OFFICE).iterdir()) == []
    with pytest.raises(NoSuchBundleError):
        parts(reader, bundle)
    assert len(reader.bundles(OTHER)) == 1


def test_never_is_never(retention: Retention, reader: InboxReader, bundle: Bundle) -> None:
    download(retention, reader, bundle, DAY)
    assert days_until_gone(retention, reader, None) == 400
    assert reader.bundles(OFFICE)[0].leaves is None


def test_what_was_not_downloaded_stays(retention: Retention, reader: InboxReader, bundle: Bundle) -> None:
    for part in parts(reader, bundle):
        retention.begin(part, DAY)
    assert days_until_gone(retention, reader, DAYS) == 400


def test_what_was_downloaded_but_for_one_part_stays(
    retention: Retention, reader: InboxReader, bundle: Bundle
) -> None:
    found = parts(reader, bundle, largest=60_000)
    assert len(found) > 1
    for part in found[:-1]:
        retention.end(part, DAY)
    assert days_until_gone(retention, reader, DAYS, 100) == 100
    retention.end(found[-1], on(100))
    assert reader.bundles(OFFICE)[0].fetched == on(100)


def test_a_download_that_begins_puts_it_off(
    retention: Retention, reader: InboxReader, bundle: Bundle
) -> None:
    download(retention, reader, bundle, DAY)
    for day in range(DAYS):
        run(retention, on(day))
    retention.begin(parts(reader, bundle)[0], on(DAYS))
    assert (reader.bundles(OFFICE)[0].fetched, reader.bundles(OFFICE)[0].leaves) == (on(DAYS), None)
    assert days_until_gone(retention, reader, DAYS) == 2 * DAYS


def test_a_download_between_the_announcement_and_the_erasure_is_not_cut_off(
    retention: Retention, reader: InboxReader, bundle: Bundle
) -> None:
    download(retention, reader, bundle, DAY)
    for day in range(DAYS):
        run(retention, on(day))
    assert retention.due(OFFICE, on(DAYS))
    retention.begin(parts(reader, bundle)[0], on(DAYS))
    retention.erase(OFFICE, on(DAYS))
    assert len(reader.bundles(OFFICE)) == 1


def test_who_decides_today_about_old_bundles_has_the_notice_to_read(
    retention: Retention, reader: InboxReader, bundle: Bundle
) -> None:
    download(retention, reader, bundle, on(-300))
    assert days_until_gone(retention, reader, DAYS) == NOTICE


def test_who_changes_the_decision_takes_the_announcement_back(
    retention: Retention, reader: InboxReader, bundle: Bundle
) -> None:
    download(retention, reader, bundle, on(-300))
    run(retention, DAY)
    assert reader.bundles(OFFICE)[0].leaves == on(NOTICE)
    for days in (None, 365):
        retention.plan(OFFICE, days, DAY)
        assert reader.bundles(OFFICE)[0].leaves is None
    assert run(retention, on(NOTICE), 365) == 0


def test_a_server_that_was_off_begins_the_notice_anew(
    retention: Retention, reader: InboxReader, bundle: Bundle
) -> None:
    download(retention, reader, bundle, DAY)
    run(retention, on(DAYS - NOTICE))
    back = DAYS - NOTICE + MOST_OFF + 1
    assert run(retention, on(back)) == 0
    assert reader.bundles(OFFICE)[0].leaves == on(back + NOTICE)
    assert run(retention, on(back + 200)) == 0


def test_a_clock_that_jumps_ahead_and_is_set_right_erases_nothing(
    retention: Retention, reader: InboxReader, bundle: Bundle
) -> None:
    download(retention, reader, bundle, DAY)
    for day in (1, 5_000, 5_001):
        assert run(retention, on(day)) == 0
    assert run(retention, on(2)) == 0
    assert reader.bundles(OFFICE)[0].leaves is None
    assert days_until_gone(retention, reader, DAYS) == DAYS


def test_a_download_that_ends_when_the_bundle_is_gone(
    retention: Retention, reader: InboxReader, bundle: Bundle
) -> None:
    (part,) = parts(reader, bundle)
    reader.erase(OFFICE, [bundle.id])
    with pytest.raises(ConflictError):
        retention.end(part, DAY)
    retention.begin(part, DAY)


def test_what_is_confirmed_leaves_nothing_behind(
    retention: Retention, reader: InboxReader, bundle: Bundle
) -> None:
    download(retention, reader, bundle, DAY)
    assert reader.erase(OFFICE, [bundle.id]) == 1
    with reader._database.read() as connection:
        assert connection.execute("SELECT count(*) FROM fetched").fetchone() == (0,)
