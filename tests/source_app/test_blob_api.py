"""Evidence over HTTP: every wrong piece, every wrong ticket."""

import errno
import io
import os

import pytest
from flask.testing import FlaskClient

from crypto import calendar
from crypto.binding import b64, unb64
from crypto.blob import BlobId, blob_size, piece_count
from crypto.constants import MAX_PIECES, PIECE_SIZE
from crypto.fields import Day
from source_app import create_app, tickets
from store import keyfile
from store.layout import Layout
from store.reader import InboxReader
from store.space import Limits
from tests.source_app.sealed import DELETION, item, new_blob, runs, whole_blob
from tests.store.installation import CHANNEL, OFFICE, OTHER

PADDED = 3 * 2**20 - 2**18
COUNT = piece_count(PADDED)
ALL = {"complete": False, "pieces": [[0, COUNT]]}
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

    def drop(self):
        return self.client.delete(self.path, headers={"Peluit-Ticket": self.ticket})

    def put(self, number: object, data: bytes):
        headers = {"Peluit-Ticket": self.ticket}
        return self.client.put(f"{self.path}/{number}", data=data, content_type=OCTETS, headers=headers)

    def finish(self, deletion: bytes = DELETION):
        headers = {"Peluit-Ticket": self.ticket}
        return self.client.post(f"{self.path}/done", data=deletion, content_type=OCTETS, headers=headers)

    def put_all(self) -> None:
        for first, data in self.runs():
            assert self.put(first, data).status_code == 204

    def runs(self) -> list[tuple[int, bytes]]:
        return runs(self.blob, self.padded)

    def piece(self, number: int, count: int = 1) -> bytes:
        return whole_blob(self.blob, self.padded)[number * PIECE_SIZE : (number + count) * PIECE_SIZE]


@pytest.fixture
def uploader(client: FlaskClient) -> Uploader:
    return Uploader(client)


def refused(answer, status: int, code: str) -> None:
    assert (answer.status_code, answer.get_json()) == (status, {"error": code})


def evidence(layout: Layout) -> list:
    """The files that hold something of a blob."""
    return [path for part in (layout.incoming, layout.done) for path in part.rglob("*") if path.is_file()]


def test_a_file_goes_up_and_is_recorded(uploader: Uploader, layout: Layout, reader: InboxReader) -> None:
    assert uploader.have().get_json() == {"complete": False, "pieces": []}
    uploader.put_all()
    assert uploader.have().get_json() == ALL
    answer = uploader.finish()
    assert (answer.status_code, answer.data) == (204, b"")
    assert uploader.have().get_json() == ALL | {"complete": True}
    assert layout.blob(OFFICE, uploader.blob).read_bytes() == whole_blob(uploader.blob, PADDED)
    assert [entry.id for entry in reader.page(OFFICE)] == [uploader.blob]


def test_finishing_twice_is_fine(uploader: Uploader, reader: InboxReader) -> None:
    uploader.put_all()
    assert [uploader.finish().status_code for _ in range(2)] == [204, 204]
    assert reader.counts(OFFICE).blobs == 1


def test_pieces_may_come_in_any_order_number_and_twice(uploader: Uploader, layout: Layout) -> None:
    for first, count in ((32, 9), (0, 1), (3, 7), (32, 16), (5, 1)):
        assert uploader.put(first, uploader.piece(first, count)).status_code == 204
    assert uploader.have().get_json()["pieces"] == [[0, 1], [3, 7], [32, COUNT - 32]]
    assert uploader.put(5, bytes(PIECE_SIZE)).status_code == 204
    uploader.put_all()
    assert uploader.finish().status_code == 204
    assert layout.blob(OFFICE, uploader.blob).read_bytes() == whole_blob(uploader.blob, PADDED)


def test_swapped_pieces_stay_where_they_were_sent(uploader: Uploader, layout: Layout) -> None:
    """The server cannot tell; that such a blob does not open is the station's to find."""
    uploader.put(0, uploader.piece(1))
    uploader.put(1, uploader.piece(0))
    uploader.put_all()
    uploader.finish()
    whole = whole_blob(uploader.blob, PADDED)
    swapped = whole[PIECE_SIZE : 2 * PIECE_SIZE] + whole[:PIECE_SIZE] + whole[2 * PIECE_SIZE :]
    assert layout.blob(OFFICE, uploader.blob).read_bytes() == swapped


LAST = 32


@pytest.mark.parametrize(
    ("first", "size"),
    [
        (0, MAX_PIECES * PIECE_SIZE + 1),
        (0, 2 * MAX_PIECES * PIECE_SIZE),
        (LAST, blob_size(PADDED) - LAST * PIECE_SIZE + 1),
        (COUNT - 1, PIECE_SIZE),
    ],
)
def test_a_body_that_is_too_long_is_refused(uploader, layout, first: int, size: int) -> None:
    refused(uploader.put(first, bytes(size)), 413, "too-large")
    assert evidence(layout) == []


@pytest.mark.parametrize(
    ("first", "size"),
    [
        (0, 0),
        (0, 1),
        (0, PIECE_SIZE - 1),
        (0, PIECE_SIZE + 1),
        (LAST, blob_size(PADDED) - LAST * PIECE_SIZE - 1),
        (COUNT - 1, 0),
    ],
)
def test_a_body_that_is_no_number_of_pieces_is_refused(uploader, layout, first: int, size: int) -> None:
    refused(uploader.put(first, bytes(size)), 400, "bad-piece")
    assert evidence(layout) == []


@pytest.mark.parametrize("first", [COUNT, COUNT + 1, 10**15])
def test_a_piece_after_the_end_is_refused(uploader: Uploader, layout: Layout, first: int) -> None:
    refused(uploader.put(first, uploader.piece(0)), 400, "bad-piece")
    assert evidence(layout) == []


@pytest.mark.parametrize("number", ["-1", "01", "x", "1.0", "0x1", "¹", "10000000000000000"])
def test_what_is_no_number_is_no_address(uploader: Uploader, number: str) -> None:
    refused(uploader.put(number, b""), 404, "not-found")


def test_a_piece_after_completion_is_refused(uploader: Uploader) -> None:
    uploader.put_all()
    uploader.finish()
    refused(uploader.put(0, uploader.piece(0)), 409, "complete")
    refused(uploader.drop(), 409, "complete")
    assert uploader.have().get_json()["complete"]


def test_finishing_early_is_refused(uploader: Uploader) -> None:
    refused(uploader.finish(), 409, "incomplete")
    for first, data in uploader.runs()[1:]:
        uploader.put(first, data)
    refused(uploader.finish(), 409, "incomplete")


def test_what_was_given_up_can_be_dropped(uploader: Uploader, layout: Layout) -> None:
    assert uploader.drop().status_code == 204
    uploader.put(0, uploader.piece(0))
    answer = uploader.drop()
    assert (answer.status_code, answer.data) == (204, b"")
    assert uploader.have().get_json()["pieces"] == []
    assert evidence(layout) == []
    uploader.put_all()
    assert uploader.finish().status_code == 204


@pytest.mark.parametrize(("deletion", "status"), [(b"", 400), (bytes(31), 400), (bytes(33), 413)])
def test_the_deletion_hash_has_one_size(uploader: Uploader, deletion: bytes, status: int) -> None:
    uploader.put_all()
    assert uploader.finish(deletion).status_code == status


def test_a_connection_that_breaks_leaves_nothing(uploader: Uploader, layout: Layout) -> None:
    data = uploader.piece(0, 16)
    answer = uploader.client.put(
        f"{uploader.path}/0",
        input_stream=io.BytesIO(data[:500_000]),
        content_length=len(data),
        content_type=OCTETS,
        headers={"Peluit-Ticket": uploader.ticket},
    )
    assert answer.status_code == 400
    assert uploader.have().get_json()["pieces"] == []
    uploader.put_all()
    assert uploader.finish().status_code == 204


# tickets


def all_requests(uploader: Uploader):
    return [uploader.have(), uploader.put(0, uploader.piece(0)), uploader.finish(), uploader.drop()]


@pytest.mark.parametrize(
    "ticket", ["", "x", "=" * 48, b64(bytes(36)), b64(bytes(35)), b64(b"\xff" * 36), "é" * 48]
)
def test_without_a_good_ticket_nothing_goes(uploader: Uploader, layout: Layout, ticket: str) -> None:
    uploader.ticket = ticket
    for answer in all_requests(uploader):
        refused(answer, 403, "bad-ticket")
    assert evidence(layout) == []


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


def test_a_new_ticket_goes_on_where_the_old_one_ended(uploader: Uploader, monkeypatch) -> None:
    uploader.put(0, uploader.piece(0))
    today = calendar.today()
    monkeypatch.setattr(calendar, "today", lambda: calendar.add_days(today, 3))
    uploader.ticket = ask_ticket(uploader.client, uploader.blob).get_json()["ticket"]
    assert uploader.have().get_json()["pieces"] == [[0, 1]]
    uploader.put_all()
    assert uploader.finish().status_code == 204


def test_a_ticket_that_ends_in_the_middle_of_a_file(uploader: Uploader, monkeypatch) -> None:
    today = calendar.today()
    uploader.put(0, uploader.piece(0))
    monkeypatch.setattr(calendar, "today", lambda: calendar.add_days(today, 4))
    refused(uploader.put(1, uploader.piece(1)), 403, "bad-ticket")
    uploader.ticket = ask_ticket(uploader.client, uploader.blob).get_json()["ticket"]
    assert uploader.have().get_json()["pieces"] == [[0, 1]]
    uploader.put_all()
    assert uploader.finish().status_code == 204


def test_a_clock_that_goes_back_takes_nothing_away(uploader: Uploader, monkeypatch) -> None:
    today = calendar.today()
    uploader.put(0, uploader.piece(0))
    monkeypatch.setattr(calendar, "today", lambda: calendar.add_days(today, -400))
    assert uploader.have().get_json()["pieces"] == [[0, 1]]
    uploader.ticket = ask_ticket(uploader.client, uploader.blob).get_json()["ticket"]
    assert uploader.have().get_json()["pieces"] == [[0, 1]]
    uploader.put_all()
    assert uploader.finish().status_code == 204


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
        ({"size": 2**33 + 2**28}, 413, "too-large"),
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


def test_the_largest_file_is_taken_and_none_larger(layout: Layout) -> None:
    """The limit is on the file; what is asked for is its padded size."""
    client = create_app(layout, Limits(largest_file=5_000_000)).test_client()
    assert client.get("/api/intake").get_json() == {"evidence": "open", "largest": 5_000_000}
    assert ask_ticket(client, new_blob(), 5_111_808).status_code == 200  # Padmé of 5,000,000
    refused(ask_ticket(client, new_blob(), 5_242_880), 413, "too-large")


# the disk and the day


def full(*_: object, **__: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["pwrite", "fdatasync", "mkdir"])
def test_a_disk_that_fills_up_is_told(uploader: Uploader, monkeypatch, call: str) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        refused(uploader.put(0, uploader.piece(0)), 503, "storage-full")
    assert uploader.have().get_json()["pieces"] == []
    uploader.put_all()
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", full)
        refused(uploader.finish(), 503, "storage-full")
    assert uploader.have().get_json() == ALL
    assert uploader.finish().status_code == 204


def put_item(client: FlaskClient) -> int:
    return client.post(
        f"/api/item/{OFFICE}/{CHANNEL}", data=DELETION + item(), content_type=OCTETS
    ).status_code


def test_when_the_disk_is_short_of_room_text_is_still_taken(
    layout: Layout, uploader: Uploader, capfd: pytest.CaptureFixture[str]
) -> None:
    found = os.statvfs(layout.root)
    short = create_app(layout, Limits(reserve=found.f_bavail * found.f_frsize * 3 // 4)).test_client()
    assert short.get("/api/intake").get_json()["evidence"] == "text-only"
    refused(ask_ticket(short, new_blob()), 503, "text-only")
    uploader.client = short
    refused(uploader.put(0, uploader.piece(0)), 503, "text-only")
    assert put_item(short) == 204
    # A line for each refusal would tell when files were sent.
    assert capfd.readouterr().err == ""


def test_when_the_day_is_used_up_text_is_still_taken_and_files_the_next_day(
    layout: Layout, uploader: Uploader, monkeypatch
) -> None:
    client = create_app(layout, Limits(evidence_per_day=40 * PIECE_SIZE)).test_client()
    uploader.client = client
    for first, data in uploader.runs()[:2]:
        assert uploader.put(first, data).status_code == 204
    refused(uploader.put(32, uploader.piece(32, 16)), 503, "text-only")
    assert uploader.put(32, uploader.piece(32, 5)).status_code == 204
    refused(ask_ticket(client, new_blob()), 503, "text-only")
    assert client.get("/api/intake").get_json()["evidence"] == "text-only"
    assert uploader.put(0, uploader.piece(0)).status_code == 204  # is there already
    assert put_item(client) == 204
    today = calendar.today()
    monkeypatch.setattr(calendar, "today", lambda: calendar.add_days(today, 1))
    assert client.get("/api/intake").get_json()["evidence"] == "open"
    uploader.put_all()
    assert uploader.finish().status_code == 204
    assert layout.blob(OFFICE, uploader.blob).read_bytes() == whole_blob(uploader.blob, PADDED)


def test_a_file_without_room_gets_no_ticket_and_a_smaller_one_does(layout: Layout) -> None:
    found = os.statvfs(layout.root)
    reserve = (found.f_bavail * found.f_frsize - 2**33) // 2
    client = create_app(layout, Limits(reserve=reserve, largest_file=2**40)).test_client()
    refused(ask_ticket(client, new_blob(), 2**36), 503, "text-only")
    assert ask_ticket(client, new_blob(), 2**30).status_code == 200
