"""Items: stored by their shape, refused without a reason that would teach anything."""

import os
import secrets

import pytest
from flask.testing import FlaskClient

from crypto import calendar
from crypto.binding import b64
from crypto.constants import MAX_ITEM_SIZE, STANZA_SIZE
from crypto.fields import Day
from crypto.item import item_id
from source_app import create_app
from store.layout import Layout
from store.reader import InboxReader
from store.space import Limits
from tests.source_app.sealed import DELETION, item, present
from tests.store.installation import CHANNEL, OFFICE, OTHER, SMALL_CHANNEL, Installation

PATH = f"/api/item/{OFFICE}/{CHANNEL}"


def post(client: FlaskClient, body: bytes, path: str = PATH, **headers: str):
    return client.post(path, data=body, content_type="application/octet-stream", headers=headers)


def refused(answer, status: int, code: str) -> None:
    assert (answer.status_code, answer.get_json()) == (status, {"error": code})


@pytest.mark.parametrize("payload", [8_192, 32_768, 131_072])
def test_an_item_is_stored(client: FlaskClient, reader: InboxReader, payload: int) -> None:
    sealed = item(payload=payload)
    answer = post(client, DELETION + sealed)
    assert (answer.status_code, answer.data) == (204, b"")
    (entry,) = reader.page(OFFICE)
    assert (entry.id, entry.channel, entry.day) == (item_id(sealed), CHANNEL, calendar.today())
    assert reader.body(OFFICE, entry.id) == sealed


def test_a_retry_stores_nothing_twice(client: FlaskClient, reader: InboxReader) -> None:
    body = DELETION + item()
    assert [post(client, body).status_code for _ in range(3)] == [204, 204, 204]
    assert reader.counts(OFFICE).items == 1


@pytest.mark.parametrize("shift", [-1, 1])
def test_the_epochs_beside_the_present_one_are_taken(client: FlaskClient, shift: int) -> None:
    assert post(client, DELETION + item(epoch=present() + shift)).status_code == 204


@pytest.mark.parametrize("shift", [-2, 2, 2**31])
def test_other_epochs_are_refused(client: FlaskClient, reader: InboxReader, shift: int) -> None:
    refused(post(client, DELETION + item(epoch=present() + shift)), 400, "bad-item")
    assert reader.counts(OFFICE).items == 0


@pytest.mark.parametrize("stanzas", [1, 2, 4, 32])
def test_an_item_for_more_or_fewer_readers_is_stale(
    client: FlaskClient, reader: InboxReader, stanzas: int
) -> None:
    refused(post(client, DELETION + item(stanzas)), 409, "stale-directory")
    assert reader.counts(OFFICE).items == 0


@pytest.mark.parametrize("stanzas", [0, 33])
def test_a_count_that_no_channel_has_is_refused(client: FlaskClient, stanzas: int) -> None:
    refused(post(client, DELETION + item(stanzas)), 400, "bad-item")


def test_an_item_of_long_ago_is_bad_whatever_it_is_sealed_to(client: FlaskClient) -> None:
    refused(post(client, DELETION + item(2, epoch=present() - 2)), 400, "bad-item")


def test_the_count_is_that_of_the_directory_that_is_there_now(
    client: FlaskClient, installation: Installation
) -> None:
    assert post(client, DELETION + item()).status_code == 204
    installation.staff("r1", "r2")
    refused(post(client, DELETION + item()), 409, "stale-directory")
    assert post(client, DELETION + item(2)).status_code == 204


def test_the_count_is_the_channels_own(client: FlaskClient) -> None:
    path = f"/api/item/{OFFICE}/{SMALL_CHANNEL}"
    assert post(client, DELETION + item(2), path).status_code == 204
    refused(post(client, DELETION + item(3), path), 409, "stale-directory")


ODD = {
    "nothing": lambda good: b"",
    "no whole hash": lambda good: good[:31],
    "only the hash": lambda good: good[:32],
    "only the magic": lambda good: good[:38],
    "no hash": lambda good: good[32:],
    "a byte less": lambda good: good[:-1],
    "a byte more": lambda good: good + b"x",
    "no payload": lambda good: good[:-8_192],
    "another magic": lambda good: good[:32] + b"x" + good[33:],
    "another type": lambda good: good[:38] + b"b" + good[39:],
    "another version": lambda good: good[:39] + b"\x02" + good[40:],
    "no stanzas": lambda good: good[:44] + b"\x00" + good[45:],
    "too many stanzas": lambda good: good[:44] + b"\xff" + good[45:],
    "a stanza twice": lambda good: good[:45] + good[45 : 45 + STANZA_SIZE] * 2 + good[45 + 2 * STANZA_SIZE :],
}


@pytest.mark.parametrize("name", ODD)
def test_other_shapes_are_refused_alike(client: FlaskClient, reader: InboxReader, name: str) -> None:
    refused(post(client, ODD[name](DELETION + item())), 400, "bad-item")
    assert reader.counts(OFFICE).items == 0


def test_an_oversize_item_is_refused(client: FlaskClient) -> None:
    refused(post(client, secrets.token_bytes(32 + MAX_ITEM_SIZE + 1)), 413, "too-large")


@pytest.mark.parametrize(
    "path",
    [
        f"/api/item/{OFFICE}/nothing",
        f"/api/item/nobody/{CHANNEL}",
        f"/api/item/{OTHER}/{CHANNEL}",
    ],
)
def test_an_unknown_channel_is_refused(client: FlaskClient, path: str) -> None:
    refused(post(client, DELETION + item(), path), 404, "no-such-channel")


@pytest.mark.parametrize(
    "path", [f"/api/item/{OFFICE.upper()}/{CHANNEL}", f"/api/item/{OFFICE}/-x", "/api/item/a"]
)
def test_what_is_no_id_is_no_address(client: FlaskClient, path: str) -> None:
    refused(post(client, DELETION + item(), path), 404, "not-found")


def test_another_content_type_is_refused(client: FlaskClient) -> None:
    answer = client.post(PATH, data=DELETION + item(), content_type="multipart/form-data")
    refused(answer, 415, "wrong-type")


def test_a_body_without_length_is_refused(client: FlaskClient) -> None:
    answer = client.post(
        PATH,
        input_stream=None,
        content_type="application/octet-stream",
        environ_overrides={"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    refused(answer, 411, "length-required")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "x"])
def test_another_sites_request_is_refused(client: FlaskClient, reader: InboxReader, site: str) -> None:
    refused(post(client, DELETION + item(), **{"Sec-Fetch-Site": site}), 403, "forbidden")
    assert reader.counts(OFFICE).items == 0


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_request_is_taken(client: FlaskClient, site: str) -> None:
    assert post(client, DELETION + item(), **{"Sec-Fetch-Site": site}).status_code == 204


def test_a_full_disk_is_told_and_nothing_is_half_stored(layout: Layout, reader: InboxReader) -> None:
    client = create_app(layout, Limits(reserve=2**62)).test_client()
    refused(post(client, DELETION + item()), 503, "storage-full")
    assert reader.counts(OFFICE).items == 0


def test_text_is_taken_when_there_is_no_room_left_for_evidence(layout: Layout, reader: InboxReader) -> None:
    """One who fills the disk with files must not close the box."""
    room = os.statvfs(layout.root)
    client = create_app(layout, Limits(reserve=room.f_bavail * room.f_frsize * 2 // 3)).test_client()
    wanted = {"blob": b64(secrets.token_bytes(16)), "office": OFFICE, "size": 65_536}
    refused(client.post("/api/ticket", json=wanted), 503, "text-only")
    assert post(client, DELETION + item()).status_code == 204
    assert reader.counts(OFFICE).items == 1


def test_the_day_is_all_that_is_kept_of_the_time(client, reader, monkeypatch) -> None:
    monkeypatch.setattr(calendar, "today", lambda: Day("2030-02-01"))
    assert post(client, DELETION + item(epoch=calendar.epoch_of(Day("2030-02-01")))).status_code == 204
    assert reader.page(OFFICE)[0].day == "2030-02-01"
