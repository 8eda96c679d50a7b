"""What else can be done under a codename, in messages that the station reads as the page's."""

from datetime import date, timedelta

import pytest

from crypto import calendar
from crypto.authorship import read_authorship
from crypto.codename import keys, read, stretch
from crypto.constants import MAX_STATEMENT_LENGTH
from crypto.message import Rating, Text
from tests.noscript.conftest import Station
from tests.noscript.visitor import PlainVisitor, Upload
from tests.store.installation import INSTANCE, OFFICE

CHANNEL = ("channel", "aduan")
SENT = {
    "threat": ([("text", "Saya dipindahkan")], Text("Saya dipindahkan", "threat")),
    "objection": ([("text", "Belum dijawab\nsemua")], Text("Belum dijawab\nsemua", "objection")),
    "withdrawal": ([("text", ""), ("sure", "yes")], Text("", "withdrawal")),
    "rating": ([("text", ""), ("stars", "4")], Rating(2, 4, "")),
}


def address(kind: str) -> str:
    return f"/id/{kind}/kota-contoh" + ("/2" if kind == "rating" else "")


@pytest.fixture
def codename(visitor: PlainVisitor) -> tuple[str, str]:
    return "codename", visitor.codename()


@pytest.mark.parametrize("kind", SENT)
def test_the_station_reads_what_was_sent(
    visitor: PlainVisitor, station: Station, codename: tuple[str, str], kind: str
) -> None:
    pairs, content = SENT[kind]
    answer = visitor.post(address(kind), *pairs, CHANNEL, ("exclude", "r2"), codename)
    assert (answer.status, answer.location) == (303, f"/id/stored/{kind}/kota-contoh/aduan")
    (message,) = station.messages()
    assert message.content == content
    assert message.excluded == ("r2",)
    assert message.thread.verify == keys(stretch(read(codename[1]), INSTANCE)).verify
    assert "tersimpan, terkunci" in visitor.get(answer.location).page.text


@pytest.mark.parametrize("kind", SENT)
def test_a_form_with_a_fault_comes_back_and_nothing_is_sent(
    visitor: PlainVisitor, station: Station, codename: tuple[str, str], kind: str
) -> None:
    pairs, content = SENT[kind]
    answer = visitor.post(address(kind), *pairs, codename)
    assert answer.status == 422 and "error-channel" in answer.page.ids
    assert answer.page.values["text"] == content.text  # type: ignore[union-attr]
    assert "codename" not in answer.page.values and codename[1] not in answer.page.html
    assert station.messages() == []


@pytest.mark.parametrize(
    ("kind", "field"), [("objection", "text"), ("withdrawal", "sure"), ("rating", "stars")]
)
def test_what_is_needed_is_asked_for(
    visitor: PlainVisitor, station: Station, codename: tuple[str, str], kind: str, field: str
) -> None:
    pairs = [pair for pair in SENT[kind][0] if pair[0] != field]
    answer = visitor.post(address(kind), *pairs, CHANNEL, codename)
    assert answer.status == 422 and f"error-{field}" in answer.page.ids
    assert station.messages() == []


def test_a_threat_needs_no_words(visitor: PlainVisitor, station: Station, codename: tuple[str, str]) -> None:
    assert visitor.post(address("threat"), CHANNEL, codename).status == 303
    assert station.messages()[0].content == Text("", "threat")


@pytest.mark.parametrize("number", ["0", "4294967296", "01", "-1", "x"])
def test_no_such_number_of_an_answer(visitor: PlainVisitor, codename: tuple[str, str], number: str) -> None:
    assert visitor.get(f"/id/rating/kota-contoh/{number}").status == 404
    assert visitor.post(f"/id/rating/kota-contoh/{number}", codename, CHANNEL, ("stars", "1")).status == 404


def test_stars_that_no_form_offers_are_refused(visitor: PlainVisitor, codename: tuple[str, str]) -> None:
    for stars in ("0", "6", "１"):
        assert visitor.post(address("rating"), ("stars", stars), CHANNEL, codename).status == 400


def send_everything(visitor: PlainVisitor, codename: tuple[str, str]) -> None:
    for kind, (pairs, _) in SENT.items():
        assert visitor.post(address(kind), *pairs, CHANNEL, codename).status == 303
    assert visitor.attach(address("evidence"), Upload("a.jpg", b"x"), codename, CHANNEL).status == 303


def test_what_no_bundle_has_is_erased_with_its_day_and_codename_only(
    visitor: PlainVisitor, station: Station, codename: tuple[str, str]
) -> None:
    send_everything(visitor, codename)
    today = calendar.today()
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    stranger = "codename", visitor.codename()
    for name, day in ((codename, yesterday), (stranger, today)):
        page = visitor.post("/en/erasure/kota-contoh", name, ("day", day)).page
        assert "Nothing of that day can be erased" in page.text
    # The file and the item that tells of it are two things.
    assert station.counts == (5, 1)
    answer = visitor.post("/en/erasure/kota-contoh", codename, ("day", today))
    assert answer.status == 200 and "Erased from the server: 6." in answer.page.text
    assert station.counts == (0, 0) and station.leavings() == []


def test_the_days_that_can_be_chosen(visitor: PlainVisitor, codename: tuple[str, str]) -> None:
    days = [a["value"] for tag, a in visitor.get("/en/erasure/kota-contoh").page.tags if tag == "option"]
    today = date.fromisoformat(calendar.today())
    assert days == [(today - timedelta(days=ago)).isoformat() for ago in range(14)]
    for day in (
        "",
        "gestern",
        (today + timedelta(days=1)).isoformat(),
        (today - timedelta(days=14)).isoformat(),
    ):
        answer = visitor.post("/en/erasure/kota-contoh", codename, ("day", day))
        assert answer.status == 422 and "error-day" in answer.page.ids


def test_the_proof_is_one_that_the_station_takes(
    visitor: PlainVisitor, station: Station, codename: tuple[str, str]
) -> None:
    statement = "Saya yang melapor “pungli”.\nBaris dua"
    answer = visitor.post("/en/authorship/kota-contoh", codename, ("statement", f" {statement}\n"))
    found = read_authorship(answer.page.values["proof"], INSTANCE, OFFICE)
    assert (found.statement, found.day) == (statement, calendar.today())
    assert found.verify == keys(stretch(read(codename[1]), INSTANCE)).verify
    assert codename[1] not in answer.page.html
    assert station.counts == (0, 0)


@pytest.mark.parametrize(
    ("statement", "fault"), [(" \n", "Write your"), ("“" * (MAX_STATEMENT_LENGTH + 1), "Too")]
)
def test_a_statement_that_cannot_be_signed(
    visitor: PlainVisitor, codename: tuple[str, str], statement: str, fault: str
) -> None:
    answer = visitor.post("/en/authorship/kota-contoh", codename, ("statement", statement))
    assert answer.status == 422 and fault in answer.page.text and "error-statement" in answer.page.ids


@pytest.mark.parametrize("kind", [*SENT, "message", "evidence", "erasure", "authorship", "thread"])
def test_each_form_says_that_the_server_sees_it(visitor: PlainVisitor, kind: str) -> None:
    page = visitor.get(address(kind)).page
    assert "Sampai jawabannya tampil, server dapat membaca frasa sandi" in page.text
