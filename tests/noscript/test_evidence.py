"""Evidence, bit for bit, from a form; and of a file that did not come whole, nothing."""

import secrets

import pytest

from crypto.message import Evidence
from source_app.noscript.app import LARGEST_FILE
from source_app.noscript.multipart import LONGEST_REST
from store.space import Limits
from tests.noscript.conftest import Opener, Server, Station
from tests.noscript.visitor import PlainVisitor, Upload, multipart, multipart_type, new_boundary

PATH = "/en/evidence/kota-contoh"
CHANNEL = ("channel", "aduan")


def pairs(visitor: PlainVisitor) -> list[tuple[str, str]]:
    return [("codename", visitor.codename("en")), CHANNEL, ("exclude", "r2")]


@pytest.mark.parametrize("size", [1, 65_536, 65_537, 2**20, 2**20 + 1, 3_000_000])
def test_a_file_arrives_bit_for_bit(visitor: PlainVisitor, station: Station, size: int) -> None:
    data = secrets.token_bytes(size)
    sent = visitor.attach(PATH, Upload("foto “1”.jpg", data), *pairs(visitor))
    assert (sent.status, sent.location) == (303, "/en/stored/evidence/kota-contoh/aduan")
    (message,) = station.messages()
    content = message.content
    assert isinstance(content, Evidence)
    assert (content.untrusted_name, content.untrusted_type, content.size) == (
        "foto “1”.jpg",
        "image/jpeg",
        size,
    )
    assert message.excluded == ("r2",)
    assert station.file(content) == data
    assert station.counts == (1, 1) and len(station.leavings()) == 1


def test_the_same_file_twice_shows_no_likeness(visitor: PlainVisitor, station: Station) -> None:
    typed = pairs(visitor)
    for _ in range(2):
        assert visitor.attach(PATH, Upload("a", b"same"), *typed).status == 303
    one, two = (blob.read_bytes() for blob in station.leavings())
    assert one != two


def test_the_path_may_name_the_kind(visitor: PlainVisitor) -> None:
    assert visitor.get(f"{PATH}/aspirasi").page.values["channel"] == "aspirasi"
    assert "channel" not in visitor.get(f"{PATH}/nothing").page.values


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (None, "Choose a file."),
        (Upload("", b""), "Choose a file."),
        (Upload("empty.jpg", b""), "This file is empty"),
        (Upload("Game.EXE", b"MZ"), "does not take files of this kind"),
        (Upload("large", bytes(2**20 + 1)), "larger than 1 MB"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(
    visitor_with: Opener, station: Station, upload: Upload, said: str
) -> None:
    visitor = visitor_with(largest_file=2**20)
    typed = pairs(visitor)
    answer = visitor.attach(PATH, upload, *typed)
    assert answer.status == 422 and said in answer.page.text
    assert answer.page.values["channel"] == "aduan"
    assert ("checked" in dict(_tag(answer.page, "exclude-r2"))) is True
    assert typed[0][1] not in answer.page.html
    assert station.counts == (0, 0) and station.leavings() == []


def _tag(page: object, name: str) -> dict[str, str | None]:
    return next(tag for _, tag in page.tags if tag.get("id") == name)


def test_the_first_thing_said_is_a_word_that_is_unknown(visitor: PlainVisitor, station: Station) -> None:
    answer = visitor.attach(PATH, None, ("codename", "zzzz " * 8))
    problems = answer.page.text.partition("Not sent yet")[2]
    assert problems.index("zzzz") < problems.index("Choose the kind") < problems.index("Choose a file")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(evidence_per_day=1), "Files are not taken just now"),
        (Limits(reserve=2**60), "Files are not taken"),
    ],
)
def test_no_room_is_said_in_plain_words(
    visitor_with: Opener, station: Station, limits: Limits, said: str
) -> None:
    visitor = visitor_with(limits)
    answer = visitor.attach(PATH, Upload("a", b"x"), *pairs(visitor))
    assert answer.status == 503 and said in answer.page.text
    assert answer.page.values["channel"] == "aduan"
    assert station.counts == (0, 0) and station.leavings() == []


def test_the_days_room_ends_in_the_middle_of_a_file(visitor_with: Opener, station: Station) -> None:
    visitor = visitor_with(Limits(evidence_per_day=2 * 2**20))
    answer = visitor.attach(PATH, Upload("a", bytes(5 * 2**20)), *pairs(visitor))
    assert answer.status == 503 and "Files are not taken just now" in answer.page.text
    assert station.counts == (0, 0) and station.leavings() == []


def test_a_connection_that_is_cut_leaves_nothing(server: Server, station: Station) -> None:
    """At many places of the body: in the fields, at each seam, in the first and last chunk, in the end."""
    visitor, boundary = server.visitor(), new_boundary()
    body = multipart(boundary, pairs(visitor), Upload("a", secrets.token_bytes(2**20 + 70_000)))
    kind, end = multipart_type(boundary)["Content-Type"], len(body)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x.onion\r\nContent-Type: {kind}\r\nContent-Length: {end}\r\n\r\n"
    cuts = [
        0,
        1,
        30,
        200,
        400,
        500,
        70_000,
        2**20,
        2**20 + 600,
        end - 60,
        *range(end - 9, end),
    ]
    for cut in cuts:
        answer = visitor.cut_off(head.encode() + body[:cut])
        assert answer.startswith(b"HTTP/1.1 400 ") or answer == b"", cut
        assert station.leavings() == [] and station.counts == (0, 0), cut
    assert visitor.ask("POST", PATH, body, **{"Content-Type": kind}).status == 303
    assert station.counts == (1, 1)
    assert server.stop() == ""


def test_a_browser_that_sends_too_much_still_reads_why(server: Server, station: Station) -> None:
    visitor = server.visitor()
    for size in (LARGEST_FILE + 1, LARGEST_FILE + LONGEST_REST):
        answer = visitor.attach(PATH, Upload("a", bytes(size)), *pairs(visitor))
        assert answer.status in (413, 422) and "25 MB" in answer.page.text
    assert station.leavings() == []
    assert server.stop() == ""


def test_a_body_without_length_or_of_another_kind_is_refused(visitor: PlainVisitor, station: Station) -> None:
    boundary = new_boundary()
    body = multipart(boundary, pairs(visitor), Upload("a", b"x"))
    kind = multipart_type(boundary)
    assert visitor.ask("POST", PATH, body, **{"Content-Type": "text/plain"}).status == 415
    assert visitor.ask("POST", PATH, body, **{"Content-Type": "multipart/form-data"}).status == 400
    assert visitor.ask("POST", PATH, body, **kind, **{"Transfer-Encoding": "chunked"}).status == 411
    assert visitor.ask("POST", PATH, body, **kind, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert station.leavings() == []
