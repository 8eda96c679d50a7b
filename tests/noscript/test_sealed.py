"""A sealed file through the door without scripts: bit for bit, in bounded memory, and on after a break."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from crypto.binding import b64
from crypto.constants import MAX_PIECES, PIECE_SIZE, SEALED_START
from crypto.fields import ChannelId, InstanceId, OfficeId
from crypto.message import Evidence, Report
from crypto.sealed_file import ItemEntry, SealedHead, write_head
from source_app import create_app as create_api
from store.layout import Layout
from store.space import Limits
from tests.e2e.browsers import until
from tests.e2e.sealing import Sealed, seal
from tests.noscript.conftest import Opener, Server, Station
from tests.noscript.visitor import (
    Answer,
    PlainVisitor,
    Upload,
    Visitor,
    multipart,
    multipart_type,
    new_boundary,
)
from tests.source_app import sealed as shapes
from tests.store.installation import CHANNEL, OFFICE, OTHER, SITE

PATH = "/en/sealed"
ARRIVED = "/en/sealed/arrived"
ANSWERS = {"what": "Karcis tanpa nomor", "where": "Terminal"}
RUN = MAX_PIECES * PIECE_SIZE


def hand_in(visitor: Visitor, data: bytes) -> Answer:
    return visitor.attach(PATH, Upload("data-0417.sealed", data, "application/octet-stream"))


def raw(data: bytes) -> tuple[bytes, int]:
    """The same as bytes of a request, and where in them the sealed file begins."""
    boundary = new_boundary()
    body = multipart(boundary, [], Upload("data-0417.sealed", data, "application/octet-stream"))
    lines = (
        f"POST {PATH} HTTP/1.1",
        "Host: x.onion",
        f"Content-Type: {multipart_type(boundary)['Content-Type']}",
        f"Content-Length: {len(body)}",
    )
    request = "\r\n".join([*lines, "", ""]).encode() + body
    return request, request.index(data[:40])


def made(layout: Layout, *sizes: int) -> tuple[Sealed, list[bytes]]:
    files = [secrets.token_bytes(size) for size in sizes]
    named = {f"foto {number}.jpg": data for number, data in enumerate(files)}
    return seal(layout, OFFICE, CHANNEL, ANSWERS, named), files


def whole(station: Station, files: list[bytes]) -> bool:
    """The station reads the report, and each file once, bit for bit."""
    contents = [message.content for message in station.messages()]
    evidence = [content for content in contents if isinstance(content, Evidence)]
    told = sorted(content.untrusted_name for content in evidence)
    return (
        [content for content in contents if isinstance(content, Report)] == [Report(ANSWERS)]
        and told == [f"foto {number}.jpg" for number in range(len(files))]
        and all(station.file(content) == files[int(content.untrusted_name[5])] for content in evidence)
        and len(station.leavings()) == len(files)
    )


def test_report_and_files_arrive_bit_for_bit(visitor: PlainVisitor, station: Station, layout: Layout) -> None:
    sealed, files = made(layout, 1, 65_537, 3_000_000)
    answer = hand_in(visitor, sealed.data)
    assert (answer.status, answer.location) == (303, ARRIVED)
    assert "with the codename that was shown" in visitor.get(ARRIVED).page.text
    assert whole(station, files)


def test_the_same_file_twice_is_stored_once(visitor: PlainVisitor, station: Station, layout: Layout) -> None:
    sealed, files = made(layout, 100_000)
    for _ in range(2):
        assert hand_in(visitor, sealed.data).status == 303
    assert whole(station, files) and station.counts == (2, 1)


def test_the_days_quota_counts_a_file_once(visitor_with: Opener, layout: Layout, station: Station) -> None:
    visitor = visitor_with(Limits(evidence_per_day=3 * 2**20))
    sealed, files = made(layout, 2 * 2**20)
    for _ in range(3):
        assert hand_in(visitor, sealed.data).status == 303
    assert whole(station, files)


def test_cut_off_anywhere_it_goes_on(server: Server, station: Station, layout: Layout) -> None:
    """At each seam, in the middle of each part, in the head and the last boundary."""
    sealed, files = made(layout, 70_000, 2_500_000)
    visitor, (request, begin) = server.visitor(), raw(sealed.data)
    top, end = request.index(b"\r\n\r\n") + 4, len(request)
    seams = [begin + seam for seam in sealed.seams]
    middles = [(one + other) // 2 for one, other in pairwise(seams)]
    cuts = [top, begin - 1, begin + 5, begin + SEALED_START, begin + 100, *seams, *middles, end - 1]
    stored = 0
    for cut in sorted(cuts):
        answer = visitor.cut_off(request[:cut])
        assert answer.startswith(b"HTTP/1.1 400 ") or answer == b"", cut
        items, blobs = station.counts
        # All that has come whole is there, but the last item is not before the form has ended.
        ends = [(seam, entry) for seam, entry in zip(seams[1:], sealed.head.entries, strict=True)]
        come = [entry for seam, entry in ends if seam <= cut and seam != seams[-1]]
        assert items == sum(isinstance(entry, ItemEntry) for entry in come), cut
        assert items + blobs == len(come) >= stored, cut
        stored = len(come)
    assert hand_in(visitor, sealed.data).location == ARRIVED
    assert whole(station, files)
    assert server.stop() == ""


def test_what_is_there_is_not_stored_anew(layout: Layout, server: Server, station: Station) -> None:
    """Half of a file's pieces came before; they are kept, though they come again with other bytes."""
    sealed, (file,) = made(layout, 4 * 2**20)
    start = sealed.seams[1]
    visitor, (request, begin) = server.visitor(), raw(sealed.data)
    visitor.cut_off(request[: begin + start + 2 * RUN + 5])
    other = bytearray(sealed.data)
    other[start + 7] ^= 1
    assert hand_in(visitor, bytes(other)).location == ARRIVED
    assert whole(station, [file])


def test_what_the_page_with_scripts_has_begun_goes_on_here(
    layout: Layout, visitor: PlainVisitor, station: Station
) -> None:
    sealed, files = made(layout, 3 * 2**20)
    item, blob, _ = sealed.head.entries
    client = create_api(layout).test_client()
    octets = {"Content-Type": "application/octet-stream"}
    first = sealed.data[sealed.seams[0] : sealed.seams[1]]
    posted = client.post(f"/api/item/{OFFICE}/{CHANNEL}", data=item.token_hash + first, headers=octets)
    assert posted.status_code == 204
    asked = {"blob": b64(blob.blob), "office": OFFICE, "size": blob.size}
    ticket = client.post("/api/ticket", json=asked).json["ticket"]
    run = sealed.data[sealed.seams[1] + RUN : sealed.seams[1] + 2 * RUN]
    address = f"/api/blob/{OFFICE}/{blob.blob.hex()}/{blob.size}"
    put = client.put(f"{address}/{MAX_PIECES}", data=run, headers={**octets, "Peluit-Ticket": ticket})
    assert put.status_code == 204
    assert hand_in(visitor, sealed.data).status == 303
    assert whole(station, files)
    assert client.get(address, headers={"Peluit-Ticket": ticket}).json["complete"]


def other_head(sealed: Sealed, **changes: object) -> bytes:
    return write_head(replace(sealed.head, **changes)) + sealed.data[sealed.seams[0] :]


REFUSED: list[tuple[str, Callable[[Sealed], bytes]]] = [
    ("not a sealed file", lambda sealed: b"\xff\xd8\xff\xe0" + bytes(9_000)),
    ("not a sealed file", lambda sealed: sealed.data[:19]),
    ("not a sealed file", lambda sealed: sealed.data[1:]),
    ("not a sealed file", lambda sealed: sealed.data[:16] + b"\xff\xff\xff\xff" + sealed.data[20:]),
    ("damaged or incomplete", lambda sealed: sealed.data[:20]),
    ("damaged or incomplete", lambda sealed: sealed.data[:100]),
    ("damaged or incomplete", lambda sealed: sealed.data[:-1]),
    ("damaged or incomplete", lambda sealed: sealed.data[: sealed.seams[1]]),
    ("damaged or incomplete", lambda sealed: sealed.data + b"\0"),
    ("damaged or incomplete", lambda sealed: sealed.data.replace(b'"item"', b'"blob"', 1)),
    ("damaged or incomplete", lambda sealed: sealed.data.replace(b'"size":', b'"size":1', 1)),
    ("sealed for another site", lambda sealed: other_head(sealed, instance=InstanceId(bytes(16)))),
    ("an office that is not on this server", lambda sealed: other_head(sealed, office=OfficeId("kantor"))),
    ("no longer takes this kind", lambda sealed: other_head(sealed, office=OTHER)),
]


@pytest.mark.parametrize(("said", "change"), REFUSED)
def test_what_cannot_be_taken_is_said(
    visitor: PlainVisitor, station: Station, layout: Layout, said: str, change: Callable[[Sealed], bytes]
) -> None:
    answer = hand_in(visitor, change(made(layout, 10)[0]))
    assert answer.status == 422 and said in answer.page.text
    assert station.counts == (0, 0) and station.leavings() == []


def test_nothing_is_asked_for(visitor: PlainVisitor) -> None:
    for upload in (None, Upload("", b""), Upload("a.sealed", b"")):
        assert "Choose the sealed file" in visitor.attach(PATH, upload).page.text


def test_a_kind_that_is_closed(visitor: PlainVisitor, station: Station, layout: Layout) -> None:
    sealed, _ = made(layout, 10)
    first, *others = sealed.head.entries
    closed = replace(first, channel=ChannelId("tutup"))
    answer = hand_in(visitor, other_head(sealed, entries=(closed, *others)))
    assert answer.status == 422 and "no longer takes this kind" in answer.page.text
    assert station.counts == (0, 0)


def test_weeks_like_the_api(visitor: PlainVisitor, layout: Layout, station: Station) -> None:
    """An item of the week before or after is taken, no other."""
    present = shapes.present()
    for shift in (-2, -1, 0, 1, 2):
        item = shapes.item(epoch=present + shift)
        entry = ItemEntry(CHANNEL, len(item), secrets.token_bytes(32))
        head = SealedHead(SITE.instance, OFFICE, (entry,))
        answer = hand_in(visitor, write_head(head) + item)
        assert (answer.status == 303) == (abs(shift) <= 1), shift
        assert answer.status == 303 or "sealed too long ago" in answer.page.text
    assert station.counts == (3, 0)


@pytest.mark.parametrize(("readers", "status"), [(2, 422), (3, 303), (4, 422)])
def test_an_item_for_as_many_readers_as_there_are(
    visitor: PlainVisitor, station: Station, readers: int, status: int
) -> None:
    item = shapes.item(readers)
    entry = ItemEntry(CHANNEL, len(item), secrets.token_bytes(32))
    answer = hand_in(visitor, write_head(SealedHead(SITE.instance, OFFICE, (entry,))) + item)
    assert answer.status == status
    assert status == 303 or "more or fewer readers" in answer.page.text
    assert station.counts == (int(status == 303), 0)


@pytest.mark.parametrize("change", [b"", b"x"])
def test_an_item_that_is_none(visitor: PlainVisitor, station: Station, layout: Layout, change: bytes) -> None:
    item = bytearray(shapes.item(stanzas=2 if change else 3))
    item[:1] = change or b"P"
    entry = ItemEntry(CHANNEL, len(item), secrets.token_bytes(32))
    answer = hand_in(visitor, write_head(SealedHead(SITE.instance, OFFICE, (entry,))) + item)
    assert answer.status == 422 and station.counts == (0, 0)


def test_the_text_is_taken_when_there_is_no_room_for_files(
    visitor_with: Opener, layout: Layout, station: Station
) -> None:
    full = visitor_with(Limits(evidence_per_day=2**20))
    sealed, files = made(layout, 3 * 2**20)
    answer = hand_in(full, sealed.data)
    assert answer.status == 503 and "The text has arrived" in answer.page.text
    assert station.counts == (1, 0)
    assert hand_in(visitor_with(), sealed.data).status == 303
    assert whole(station, files)


def test_a_disk_that_is_full(visitor_with: Opener, layout: Layout, station: Station) -> None:
    visitor = visitor_with(Limits(reserve=2**60))
    answer = hand_in(visitor, made(layout, 10)[0].data)
    assert answer.status == 503 and "disk is full" in answer.page.text
    assert station.counts == (0, 0)


def test_a_file_that_is_larger_than_the_site_takes(
    visitor_with: Opener, layout: Layout, station: Station
) -> None:
    visitor = visitor_with(largest_sealed=2**20)
    assert hand_in(visitor, made(layout, 2**20)[0].data).status == 303
    answer = hand_in(visitor, made(layout, 2**20 + 2**17)[0].data)
    assert answer.status == 422 and "larger than 1 MB" in answer.page.text
    assert station.counts == (3, 1)


def test_larger_than_what_the_door_seals_itself(
    visitor: PlainVisitor, station: Station, layout: Layout
) -> None:
    sealed, files = made(layout, 26 * 10**6)
    assert hand_in(visitor, sealed.data).status == 303
    assert whole(station, files)


def test_bodies_that_are_no_such_form(visitor: PlainVisitor, station: Station, layout: Layout) -> None:
    boundary = new_boundary()
    body = multipart(boundary, [], Upload("a.sealed", made(layout)[0].data))
    kind = multipart_type(boundary)
    assert visitor.ask("POST", PATH, body, **{"Content-Type": "text/plain"}).status == 415
    assert visitor.ask("POST", PATH, body, **{"Content-Type": "multipart/form-data"}).status == 400
    assert visitor.ask("POST", PATH, body, **kind, **{"Transfer-Encoding": "chunked"}).status == 411
    assert visitor.ask("POST", PATH, body, **kind, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert visitor.ask("POST", PATH, body[:-2] + b"xx", **kind).status == 400
    assert station.counts == (0, 0)


def test_a_refused_file_of_any_size_is_answered_in_words(server: Server, layout: Layout) -> None:
    """A browser reads no answer before it has sent everything: so the rest is read away."""
    sealed, _ = made(layout)
    visitor = server.visitor()
    answer = hand_in(visitor, sealed.data + bytes(120 * 10**6))
    assert answer.status == 422 and "damaged or incomplete" in answer.page.text
    assert server.stop() == ""


def _memory(server: Server) -> int:
    """The most memory that a process of the door has had, in bytes."""
    lines = [Path(f"/proc/{pid}/status").read_text().splitlines() for pid in server.processes()]
    return 1024 * max(int(line.split()[1]) for each in lines for line in each if line.startswith("VmHWM"))


def _open_files(server: Server) -> set[str]:
    names = set()
    for link in [link for pid in server.processes() for link in Path(f"/proc/{pid}/fd").iterdir()]:
        with suppress(FileNotFoundError):  # closed since it was listed
            names.add(str(link.readlink()))
    return {name for name in names if name.startswith("/")}


def test_memory_does_not_grow_with_the_file(server: Server, layout: Layout, station: Station) -> None:
    """And what is open while it comes is of the store itself, no temporary file."""
    visitor = server.visitor()
    small, _ = made(layout, 2 * 10**6)
    assert hand_in(visitor, small.data).status == 303
    before, open_before = _memory(server), _open_files(server)
    large, _ = made(layout, 80 * 10**6)
    request, begin = raw(large.data)
    middle = begin + large.seams[2] - 2 * RUN
    with visitor.open() as connection:
        connection.sendall(request[:middle])
        begun: set[str] = set()
        assert until(lambda: begun.update(_open_files(server) - open_before) or station.counts[0] == 3)
        assert all(name.startswith(str(layout.root)) for name in begun), begun
        assert [path for path in server.log.parent.iterdir() if path != server.log] == []
        connection.sendall(request[middle:])
        assert connection.recv(65_536).startswith(b"HTTP/1.1 303 ")
    assert _memory(server) - before < 8 * 2**20
    assert station.counts == (4, 2)
