"""What an office sends another one of the same server: delivered and checked like a reporter's."""

import secrets
from collections.abc import Callable

import pytest

from crypto import calendar
from crypto.blob import blob_size
from crypto.constants import ID_SIZE, MIN_BLOB_SIZE
from crypto.fields import ChannelId, Epoch, OfficeId
from crypto.item import Context, item_id
from crypto.manifest import Entry
from crypto.seal.item import seal_item
from journalist_app.audit import SAID
from store.database import Database
from store.quota import Quota
from store.staff.outbound import PACKAGES_A_DAY
from tests.journalist_app.conftest import Server, Visitor, signed_in
from tests.journalist_app.station import KEM, TODAY, Station, slots_document
from tests.journalist_app.test_imports import fact, reason
from tests.journalist_app.test_preview import fact as told

Sealed = tuple[Entry, bytes]
EPOCH = calendar.epoch_of(TODAY)


def item(
    to: Station, epoch: int = EPOCH, channel: str = "aduan", readers: int = 2, office: str | None = None
) -> Sealed:
    """A sealed item for an office; its readers are as many as the channel has."""
    recipients = dict.fromkeys([f"r{n}" for n in range(readers)], KEM)
    context = Context(to.instance, to.office, ChannelId(channel))
    data = bytes(seal_item(b"x" * 90, context, Epoch(epoch), recipients))  # type: ignore[arg-type]
    path = f"items/{item_id(data).hex()}"
    return Entry("item", path, len(data), ChannelId(channel), office=OfficeId(office or to.office)), data


def blob(to: Station, size: int | None = None) -> Sealed:
    data = secrets.token_bytes(blob_size(MIN_BLOB_SIZE) if size is None else size)
    return Entry("blob", f"blobs/{secrets.token_hex(ID_SIZE)}", len(data), office=to.office), data


def inbox(server: Server, station: Station) -> list[tuple[object, ...]]:
    """Every row of an office's inbox, but the hash with which nobody can erase it."""
    parts = server.parts()
    try:
        return _rows(parts.database, station)
    finally:
        parts.close()


def _rows(database: Database, station: Station) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return connection.execute(
            "SELECT kind, id, channel, day, size, bundle, length(deletion) FROM item "
            "WHERE office = ? ORDER BY 1, 2",
            (station.office,),
        ).fetchall()


def test_a_package_reaches_the_other_offices_inbox_as_if_a_reporter_had_sent_it(
    reviewer: Visitor, server: Server
) -> None:
    large, small, letter = blob(server.other, blob_size(2**21)), blob(server.other), item(server.other)
    bundle = server.station.outbound(packages=[large, small, letter])
    assert reviewer.upload_only(bundle).status_code == 303
    preview = reviewer.get("/en/import/preview").text
    assert told(preview, "packages") == "1 sealed package for Office dinas-lain"
    assert inbox(server, server.other) == []
    assert fact(reviewer.publish(), "packages") == "1 sealed package delivered"
    rows = inbox(server, server.other)
    name = bytes.fromhex(letter[0].name)
    assert rows[-1] == ("item", name, "aduan", TODAY, len(letter[1]), None, 32)
    assert {row[1] for row in rows[:-1]} == {bytes.fromhex(found[0].name) for found in (large, small)}
    assert {row[3:] for row in rows[:-1]} == {(TODAY, len(found[1]), None, 32) for found in (large, small)}
    for entry, data in (large, small):
        path = server.layout.blob(server.other.office, bytes.fromhex(entry.name))
        assert (path.stat().st_mtime_ns, path.stat().st_atime_ns) == (0, 0)
        assert path.read_bytes() == data
    assert not list(server.layout.relayed.incoming.rglob("whole"))
    assert inbox(server, server.station) == []
    budi = signed_in(server, "budi")
    budi.export()
    assert len(inbox(server, server.other)) == 3 and all(row[5] for row in inbox(server, server.other))


def test_importing_twice_changes_nothing(reviewer: Visitor, server: Server) -> None:
    bundle = server.station.outbound(packages=[blob(server.other), item(server.other)])
    reviewer.upload(bundle)
    before = inbox(server, server.other)
    assert 'data-already="yes"' in reviewer.upload(bundle).text
    assert inbox(server, server.other) == before


@pytest.mark.parametrize(
    "made",
    [
        lambda other: item(other, epoch=EPOCH - 2),
        lambda other: item(other, epoch=EPOCH + 2),
        lambda other: item(other, readers=3),
        lambda other: item(other, channel="rahasia"),
        lambda other: item(other, office="tidak-ada"),
        lambda other: (item(other)[0], item(other)[1]),  # under another item's name
    ],
    ids=["old", "new", "readers", "channel", "office", "name"],
)
def test_what_a_reporter_could_not_send_is_left_out_and_counted(
    reviewer: Visitor, server: Server, made: Callable[[Station], Sealed]
) -> None:
    bad, good = made(server.other), item(server.other)
    packages = [bad, good]
    assert reviewer.upload_only(server.station.outbound(packages=packages)).status_code == 303
    preview = reviewer.get("/en/import/preview").text
    assert 'id="undeliverable">1 sealed thing cannot' in preview
    reviewer.publish()
    assert [row[1] for row in inbox(server, server.other)] == [bytes.fromhex(good[0].name)]


def test_files_without_a_letter_and_files_of_no_possible_size_are_left_out(
    reviewer: Visitor, server: Server
) -> None:
    reviewer.upload(server.station.outbound(1, packages=[blob(server.other)]))
    assert inbox(server, server.other) == []
    reviewer.upload(server.station.outbound(2, packages=[blob(server.other, 100), item(server.other)]))
    assert [row[0] for row in inbox(server, server.other)] == ["item"]


def test_an_office_cannot_fill_anothers_inbox(reviewer: Visitor, server: Server) -> None:
    half = [item(server.other) for _ in range(PACKAGES_A_DAY // 2)]
    for number in (1, 2):
        assert reviewer.upload(server.station.outbound(number, packages=half)).status_code == 200
    late = server.station.outbound(3, packages=half[:1])
    assert reason(reviewer.upload(late)) == "ManyPackagesError"
    assert reviewer.upload(server.station.outbound(3)).status_code == 200  # without any it goes on
    server.clock.now += 86_400
    reviewer.sign_in()
    assert reviewer.upload(server.station.outbound(4, packages=half[:1])).status_code == 200


@pytest.mark.parametrize("wrong", ["own office", "too many", "order"])
def test_a_bundle_that_breaks_the_form_is_refused_whole(
    reviewer: Visitor, server: Server, wrong: str
) -> None:
    if wrong == "order":
        packages = [item(server.other), blob(server.other)]
    else:
        to = server.station if wrong == "own office" else server.other
        packages = [item(to) for _ in range(1 if wrong == "own office" else PACKAGES_A_DAY // 2 + 1)]
    assert reviewer.upload(server.station.outbound(packages=packages)).status_code == 400
    assert inbox(server, server.other) == inbox(server, server.station) == []


def test_files_wait_for_room(reviewer: Visitor, server: Server) -> None:
    parts = server.parts()
    Quota(server.layout.relayed.spent, 0).add(parts.limits.evidence_per_day, TODAY)
    parts.close()
    bundle = server.station.outbound(packages=[blob(server.other), item(server.other)])
    assert reason(reviewer.upload(bundle)) == "NoRoomForPackagesError"
    assert inbox(server, server.other) == []


def test_the_log_tells_how_many_and_not_to_whom(reviewer: Visitor, server: Server) -> None:
    reviewer.upload(server.station.outbound(packages=[item(server.other), item(server.other)]))
    parts = server.parts()
    entries = [entry for entry, _ in parts.staff.log.entries(server.station.office)]
    assert [entry.subject for entry in entries if entry.act == "packages-brought"] == ["2"]
    assert not any(server.other.office in entry.subject for entry in entries)
    assert "packages-brought" in SAID
    parts.close()


def test_without_packages_nothing_is_said_of_them(reviewer: Visitor, server: Server) -> None:
    reviewer.upload_only(server.station.outbound(1, [slots_document()]))
    assert 'id="packages"' not in reviewer.get("/en/import/preview").text
