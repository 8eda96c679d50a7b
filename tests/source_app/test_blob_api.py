"""Evidence over HTTP: every wrong chunk, every wrong ticket."""

import errno
import io

import pytest
from flask.testing import FlaskClient

from crypto import calendar
from crypto.binding import b64, unb64
from crypto.blob import BlobId, chunk_count
from crypto.fields import Day
from source_app import create_app, tickets
from source_app.services import LARGEST_BLOB
from store import assembly, keyfile
from store import chunks as chunks_module
from store.layout import Layout
from store.reader import InboxReader
from tests.source_app.sealed import DELETION, chunks, new_blob
from tests.store.installation import OFFICE, OTHER

PADDED = 3 * 2**20 - 2**18
OCTETS = "application/octet-stream"


def ask_ticket(client: FlaskClient, blob: BlobId, size: object = PADDED, office: object = OFFICE):
    return client.post("/api/ticket", json={"blob": b64(blob), "office": office, "size": size})


class Uploader:
    """One blob, its ticket, and the requests about it."""

    def __init__(self, client: FlaskClient, padded: int = PADDED) -> None:
        self.client = client
        self.padded = padded
        self.blob = new_blob()
        answer = ask_ticket(client, self.blob, padded).get_json()
        self.ticket, self.expires = answer["ticket"], answer["expires"]
        self.path = f"/api/blob/{OFFICE}/{self.blob.hex()}/{padded}"

    def have(self):
        return self.client.get(self.path, headers={"Peluit-Ticket": self.ticket})

    def put(self, number: object, data: bytes):
        headers = {"Peluit-Ticket": self.ticket}
        return self.client.put(f"{self.path}/{number}", data=data, content_type=OCTETS, headers=headers)

    def finish(self, deletion: bytes = DELETION):
        headers = {"Peluit-Ticket": self.ticket}
        return self.client.post(f"{self.path}/done", data=deletion, content_type=OCTETS, headers=headers)

    def put_all(self) -> None:
        for number, data in enumerate(chunks(self.blob, self.padded)):
            assert self.put(number, data).status_code == 204


@pytest.fixture
def uploader(client: FlaskClient) -> Uploader:
    return Uploader(client)


def refused(answer, status: int, code: str) -> None:
    assert (answer.status_code, answer.get_json()) == (status, {"error": code})


def blob_files(layout: Layout) -> list:
    return [path for path in (layout.root / "blobs").rglob("*") if path.is_file()]


def test_a_file_goes_up_and_is_recorded(uploader: Uploader, layout: Layout, reader: InboxReader) -> None:
    assert uploader.have().get_json() == {"chunks": [], "complete": False}
    uploader.put_all()
    assert uploader.have().get_json() == {"chunks": [0, 1, 2], "complete": False}
    answer = uploader.finish()
    assert (answer.status_code, answer.data) == (204, b"")
    assert uploader.have().get_json() == {"chunks": [0, 1, 2], "complete": True}
    data = layout.blob(OFFICE, uploader.blob).read_bytes()
    assert data == b"".join(chunks(uploader.blob, PADDED))
    assert [entry.id for entry in reader.page(OFFICE)] == [uploader.blob]


def test_finishing_twice_is_fine(uploader: Uploader, reader: InboxReader) -> None:
    uploader.put_all()
    assert [uploader.finish().status_code for _ in range(2)] == [204, 204]
    assert reader.counts(OFFICE).blobs == 1


def test_chunks_may_come_in_any_order_and_twice(uploader: Uploader, layout: Layout) -> None:
    data = chunks(uploader.blob, PADDED)
    for number in (2, 0, 2, 1, 0):
        assert uploader.put(number, data[number]).status_code == 204
    assert uploader.put(1, bytes(len(data[1]))).status_code == 204
    uploader.finish()
    assert layout.blob(OFFICE, uploader.blob).read_bytes() == b"".join(data)


@pytest.mark.parametrize("number", [0, 2])
def test_a_chunk_that_is_too_long_is_refused(uploader: Uploader, layout: Layout, number: int) -> None:
    refused(uploader.put(number, chunks(uploader.blob, PADDED)[number] + b"x"), 413, "too-large")
    assert blob_files(layout) == []


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("missing", [1, 100_000, None])
def test_a_chunk_that_is_too_short_is_refused(uploader, layout, number: int, missing: int | None) -> None:
    data = chunks(uploader.blob, PADDED)[number]
    refused(uploader.put(number, data[:-missing] if missing else b""), 400, "bad-chunk")
    assert blob_files(layout) == []


@pytest.mark.parametrize("number", [3, 4, 10**15])
def test_a_chunk_after_the_end_is_refused(uploader: Uploader, layout: Layout, number: int) -> None:
    refused(uploader.put(number, chunks(uploader.blob, PADDED)[2]), 400, "bad-chunk")
    assert blob_files(layout) == []


@pytest.mark.parametrize("number", ["-1", "01", "x", "1.0", "0x1", "¹", "10000000000000000"])
def test_what_is_no_number_is_no_address(uploader: Uploader, number: str) -> None:
    refused(uploader.put(number, b""), 404, "not-found")


def test_a_chunk_after_completion_is_refused(uploader: Uploader) -> None:
    uploader.put_all()
    uploader.finish()
    refused(uploader.put(0, chunks(uploader.blob, PADDED)[0]), 409, "complete")


def test_finishing_early_is_refused(uploader: Uploader) -> None:
    refused(uploader.finish(), 409, "incomplete")
    for number, data in list(enumerate(chunks(uploader.blob, PADDED)))[1:]:
        uploader.put(number, data)
    refused(uploader.finish(), 409, "incomplete")


@pytest.mark.parametrize(("deletion", "status"), [(b"", 400), (bytes(31), 400), (bytes(33), 413)])
def test_the_deletion_hash_has_one_size(uploader: Uploader, deletion: bytes, status: int) -> None:
    uploader.put_all()
    assert uploader.finish(deletion).status_code == status


def test_a_connection_that_breaks_leaves_nothing(uploader: Uploader, layout: Layout) -> None:
    data = chunks(uploader.blob, PADDED)[0]
    answer = uploader.client.put(
        f"{uploader.path}/0",
        input_stream=io.BytesIO(data[:500_000]),
        content_length=len(data),
        content_type=OCTETS,
        headers={"Peluit-Ticket": uploader.ticket},
    )
    assert answer.status_code == 400
    assert blob_files(layout) == []
    assert uploader.have().get_json()["chunks"] == []


# tickets


def all_requests(uploader: Uploader):
    data = chunks(uploader.blob, uploader.padded)[0]
    return [uploader.have(), uploader.put(0, data), uploader.finish()]


@pytest.mark.parametrize(
    "ticket", ["", "x", "=" * 48, b64(bytes(36)), b64(bytes(35)), b64(b"\xff" * 36), "é" * 48]
)
def test_without_a_good_ticket_nothing_goes(uploader: Uploader, layout: Layout, ticket: str) -> None:
    uploader.ticket = ticket
    for answer in all_requests(uploader):
        refused(answer, 403, "bad-ticket")
    assert blob_files(layout) == []


def test_without_any_ticket_nothing_goes(uploader: Uploader) -> None:
    refused(uploader.client.get(uploader.path), 403, "bad-ticket")


def test_another_blobs_ticket_is_refused(client: FlaskClient, uploader: Uploader) -> None:
    uploader.ticket = Uploader(client).ticket
    for answer in all_requests(uploader):
        refused(answer, 403, "bad-ticket")


@pytest.mark.parametrize("size", [65_536, 4 * 2**20])
def test_another_sizes_ticket_is_refused(uploader: Uploader, size: int) -> None:
    path = f"/api/blob/{OFFICE}/{uploader.blob.hex()}/{size}"
    refused(uploader.client.get(path, headers={"Peluit-Ticket": uploader.ticket}), 403, "bad-ticket")


@pytest.mark.parametrize("office", [OTHER, "nobody"])
def test_another_offices_ticket_is_refused(uploader: Uploader, office: str) -> None:
    path = f"/api/blob/{office}/{uploader.blob.hex()}/{PADDED}"
    refused(uploader.client.get(path, headers={"Peluit-Ticket": uploader.ticket}), 403, "bad-ticket")


def test_a_ticket_ends_with_its_last_day(uploader: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    today = calendar.today()
    assert uploader.expires == calendar.add_days(today, 3)
    monkeypatch.setattr(calendar, "today", lambda: calendar.add_days(today, 3))
    assert uploader.have().status_code == 200
    monkeypatch.setattr(calendar, "today", lambda: calendar.add_days(today, 4))
    for answer in all_requests(uploader):
        refused(answer, 403, "bad-ticket")


def test_a_tickets_day_cannot_be_changed(uploader: Uploader) -> None:
    data = unb64(uploader.ticket, 36)
    for shift in (-1, 1, 300):
        uploader.ticket = b64((int.from_bytes(data[:4]) + shift).to_bytes(4) + data[4:])
        refused(uploader.have(), 403, "bad-ticket")


def test_a_ticket_of_the_last_day_that_can_be_written_is_no_fault(layout: Layout, uploader: Uploader) -> None:
    """Only we could make it; but a key is no reason to fall over."""
    key = keyfile.read(layout.ticket_key)
    good = tickets.issue(key, OFFICE, uploader.blob, PADDED, Day("9999-12-31"))
    uploader.ticket = good
    assert uploader.have().status_code == 200


def test_a_new_ticket_goes_on_where_the_old_one_ended(
    uploader: Uploader, monkeypatch, layout: Layout
) -> None:
    data = chunks(uploader.blob, PADDED)
    uploader.put(0, data[0])
    today = calendar.today()
    monkeypatch.setattr(calendar, "today", lambda: calendar.add_days(today, 3))
    uploader.ticket = ask_ticket(uploader.client, uploader.blob).get_json()["ticket"]
    assert uploader.have().get_json()["chunks"] == [0]
    uploader.put_all()
    assert uploader.finish().status_code == 204


def test_what_was_given_up_is_gone_when_the_next_ticket_is_asked(
    uploader, client, monkeypatch, layout
) -> None:
    uploader.put(0, chunks(uploader.blob, PADDED)[0])
    today = calendar.today()
    monkeypatch.setattr(calendar, "today", lambda: calendar.add_days(today, 4))
    ask_ticket(client, new_blob())
    assert blob_files(layout) == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"office": "nobody"}, 404, "no-such-office"),
        ({"office": "NOBODY"}, 400, "bad-request"),
        ({"office": None}, 400, "bad-request"),
        ({"blob": b64(bytes(15))}, 400, "bad-request"),
        ({"blob": "*" * 22}, 400, "bad-request"),
        ({"size": 0}, 400, "bad-request"),
        ({"size": 65_537}, 400, "bad-request"),
        ({"size": True}, 400, "bad-request"),
        ({"size": "65536"}, 400, "bad-request"),
        ({"size": 65_536.0}, 400, "bad-request"),
        ({"size": 2**33}, 413, "too-large"),
        ({"size": 2**53 - 1}, 413, "too-large"),
        ({"more": 1}, 400, "bad-request"),
        ({"office": ["x"] * 10}, 400, "bad-request"),
    ],
)
def test_odd_ticket_requests_are_refused(client: FlaskClient, change, status: int, code: str) -> None:
    body = {"blob": b64(bytes(16)), "office": OFFICE, "size": PADDED} | change
    refused(client.post("/api/ticket", json=body), status, code)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b"[" * 500,
        b'{"a":' * 100,
        b'{"blob":1,"blob":1}',
        b"1e999",
        b"NaN",
        b'{"size":' + b"9" * 900 + b"}",
    ],
)
def test_what_is_no_ticket_request_is_refused(client: FlaskClient, body: bytes) -> None:
    refused(client.post("/api/ticket", data=body, content_type="application/json"), 400, "bad-request")


def test_a_long_ticket_request_is_refused(client: FlaskClient) -> None:
    answer = client.post("/api/ticket", data=b" " * 1_025, content_type="application/json")
    refused(answer, 413, "too-large")


def test_no_blob_is_larger_than_a_bundles_entry(client: FlaskClient) -> None:
    assert LARGEST_BLOB == 0o77777777777
    refused(ask_ticket(client, new_blob(), 2**33), 413, "too-large")
    assert ask_ticket(client, new_blob(), 2**32).status_code in (200, 503)


# the disk


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(("module", "call"), [(chunks_module, "write"), (chunks_module, "fsync")])
def test_a_disk_that_fills_up_is_told(
    uploader: Uploader, layout: Layout, monkeypatch, module, call: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module.os, call, full)
        refused(uploader.put(0, chunks(uploader.blob, PADDED)[0]), 503, "storage-full")
    assert blob_files(layout) == []
    uploader.put_all()
    with monkeypatch.context() as patch:
        patch.setattr(assembly.os, "copy_file_range", full)
        refused(uploader.finish(), 503, "storage-full")
    assert len(uploader.have().get_json()["chunks"]) == chunk_count(PADDED)
    assert uploader.finish().status_code == 204


def test_without_room_there_is_no_ticket(layout: Layout) -> None:
    client = create_app(layout, reserve=2**62).test_client()
    refused(ask_ticket(client, new_blob()), 503, "storage-full")
