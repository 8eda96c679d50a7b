"""The report, from the notice to the item that a reviewer opens; and every way to fill it in wrongly."""

import hashlib

import pytest

from crypto import calendar
from crypto.codename import keys, read, stretch
from crypto.constants import DELETION_NUMBERS
from crypto.deletion import deletion_token
from crypto.errors import CannotOpenError
from crypto.message import Report, Text
from store.space import Limits
from tests.noscript.conftest import Opener, Station
from tests.noscript.visitor import PlainVisitor
from tests.store.installation import INSTANCE, REVIEWERS, Installation

REPORT = "/id/report/kota-contoh/aduan"
WHAT, WHO = ("answer-what", "Pungli\n“tiap Selasa”"), ("answer-who", "Petugas loket")


def test_the_way_from_the_notice_to_a_stored_report(visitor: PlainVisitor, station: Station) -> None:
    links = {tag.get("id"): tag.get("href") for _, tag in visitor.get("/").page.tags}
    kinds = visitor.get(links["door-report"] or "").page
    links = {tag.get("id"): tag.get("href") for _, tag in kinds.tags}
    codename_page = visitor.get(links["kind-kota-contoh-aduan"] or "").page
    words = " ".join(codename_page.words)
    links = {tag.get("id"): tag.get("href") for _, tag in codename_page.tags}
    assert links["written-down"] == REPORT
    sent = visitor.post(REPORT, WHAT, WHO, ("answer-category", "pungli"), ("codename", words.upper()))
    assert (sent.status, sent.location) == (303, "/id/stored/report/kota-contoh/aduan")
    assert "tersimpan, terkunci" in visitor.get(sent.location).page.text
    (message,) = station.messages()
    reporter = keys(stretch(read(words), INSTANCE))
    answers = {"category": "pungli", "what": WHAT[1], "who": WHO[1]}
    assert (message.content, message.excluded) == (Report(answers), ())
    assert (message.language, message.order, message.day) == ("id", 0, calendar.today())
    assert message.thread.verify == reporter.verify
    assert (message.thread.reply, message.thread.hint) == (reporter.reply.public, reporter.hint)


def test_only_the_codename_gives_the_deletion_token(visitor: PlainVisitor, station: Station) -> None:
    name = visitor.codename()
    assert visitor.post(REPORT, WHAT, WHO, ("codename", name)).status == 303
    with station._reader._database.read() as connection:
        ((stored,),) = connection.execute("SELECT deletion FROM item").fetchall()
    secret = keys(stretch(read(name), INSTANCE)).deletion
    tokens = (deletion_token(secret, calendar.today(), number) for number in range(DELETION_NUMBERS))
    assert stored in {hashlib.sha256(token).digest() for token in tokens}


def test_every_visit_to_the_codename_page_draws_anew(visitor: PlainVisitor) -> None:
    assert len({visitor.codename() for _ in range(20)}) == 20


def test_an_excluded_reviewer_cannot_open_it(visitor: PlainVisitor, station: Station) -> None:
    sent = visitor.post(REPORT, WHAT, WHO, ("exclude", "r1"), ("codename", visitor.codename()))
    assert sent.status == 303
    assert station.messages("r2")[0].excluded == ("r1",)
    with pytest.raises(CannotOpenError):
        station.messages("r1")


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([WHO], {"answer-what"}),
        ([WHAT], {"answer-who"}),
        ([("answer-what", " \n"), WHO], {"answer-what"}),
        ([WHAT, WHO, ("answer-category", "other")], {"answer-category"}),
        ([WHAT, WHO, *(("exclude", f"r{n}") for n in (1, 2, 3))], {"exclude"}),
        ([WHAT, ("answer-who", "é" * 140_000)], {"form"}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    visitor: PlainVisitor, station: Station, pairs: list[tuple[str, str]], said: set[str]
) -> None:
    name = visitor.codename()
    answer = visitor.post(REPORT, *pairs, ("codename", name))
    assert answer.status == 422
    links = {
        tag["href"] for kind, tag in answer.page.tags if kind == "a" and (tag.get("href") or "")[0] == "#"
    }
    assert links == {"#main"} | {f"#{field}" for field in said}
    assert {link[1:] for link in links if link} <= set(answer.page.ids)
    typed = {
        key: value for key, value in pairs if key not in ("exclude", "answer-category") and value.strip()
    }
    assert typed.items() <= answer.page.values.items()
    assert name not in answer.page.html and not answer.page.values.get("codename")
    assert station.counts == (0, 0)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Ketik delapan kata"),
        ("abadi zzzzzz abakus", "Tidak ada di daftar kata: zzzzzz."),
        ("abadi abakus", "Diperlukan 8 kata; yang tertulis 2"),
        ("<b>x</b> " * 3, "Tidak ada di daftar kata: b, x, b,"),
    ],
)
def test_a_codename_with_an_unknown_word_is_named_first(
    visitor: PlainVisitor, station: Station, typed: str, said: str
) -> None:
    answer = visitor.post(REPORT, ("codename", typed))
    problems = answer.page.text.partition("Belum terkirim")[2]
    assert answer.status == 422 and said in problems
    assert problems.index(said[:12]) < problems.index("Isi dulu")
    assert station.counts == (0, 0)


def shown(visitor: PlainVisitor, path: str) -> list[tuple[str, str]]:
    """The readers whom a form shows, as a browser sends them back."""
    hidden = [tag for kind, tag in visitor.get(path).page.tags if kind == "input" and tag["type"] == "hidden"]
    return [(tag["name"] or "", tag["value"] or "") for tag in hidden]


def test_a_form_that_was_opened_before_a_reader_left_is_taken(
    visitor: PlainVisitor, station: Station, installation: Installation
) -> None:
    before, name = shown(visitor, REPORT), visitor.codename()
    assert before == [("reader", reviewer) for reviewer in REVIEWERS]
    installation.staff("r2", "r3")
    sent = visitor.post(REPORT, WHAT, WHO, ("exclude", "r1"), *before, ("codename", name))
    assert sent.status == 303
    assert station.messages("r2")[0].excluded == ()
    with pytest.raises(CannotOpenError):
        station.messages("r1")


def test_who_joined_after_a_form_was_opened_reads_only_when_it_is_sent_again(
    visitor: PlainVisitor, station: Station, installation: Installation
) -> None:
    installation.staff("r1", "r2")
    before, name = shown(visitor, REPORT), visitor.codename()
    installation.staff("r1", "r2", "r3", serial=3)
    answer = visitor.post(REPORT, WHAT, WHO, ("exclude", "r2"), *before, ("codename", name))
    assert answer.status == 422 and "menambah orang" in answer.page.text
    assert dict([WHAT, WHO]).items() <= answer.page.values.items()
    assert station.counts == (0, 0)
    now = shown(visitor, REPORT)
    sent = visitor.post(REPORT, WHAT, WHO, ("exclude", "r2"), *now, ("codename", name))
    assert sent.status == 303
    assert station.messages("r3")[0].excluded == ("r2",)


def test_a_message_reaches_the_channel_that_was_chosen(visitor: PlainVisitor, station: Station) -> None:
    name = visitor.codename()
    pairs = [("channel", "aspirasi"), ("text", "Satu lagi"), ("exclude", "r2"), ("exclude", "r3")]
    sent = visitor.post("/en/message/kota-contoh", *pairs, ("codename", name))
    assert sent.location == "/en/stored/message/kota-contoh/aspirasi"
    (message,) = station.messages("r1")
    assert (message.content, message.excluded, message.language) == (Text("Satu lagi"), ("r2",), "en")
    # Of the channel's two readers nobody would be left.
    pairs[2] = ("exclude", "r1")
    sent = visitor.post("/en/message/kota-contoh", *pairs, ("exclude", "r2"), ("codename", name))
    assert sent.status == 422 and "At least one person" in sent.page.text


def test_a_full_disk_loses_nothing_typed(visitor_with: Opener, station: Station) -> None:
    visitor = visitor_with(Limits(reserve=2**60))
    answer = visitor.post(REPORT, WHAT, WHO, ("codename", visitor.codename()))
    assert answer.status == 503 and "penyimpanannya penuh" in answer.page.text
    assert answer.page.values["answer-what"] == WHAT[1]
    assert station.counts == (0, 0)


def test_an_office_without_keys_says_so(visitor: PlainVisitor) -> None:
    assert "tidak punya kunci" in visitor.get("/id/report").page.text
    for page in ("codename/kota-lain/aduan", "report/kota-lain/aduan", "thread/kota-lain"):
        assert visitor.get(f"/id/{page}").status == 503
    assert visitor.get("/id/report/kota-contoh/nothing").status == 404
    assert visitor.get("/id/report/nowhere/aduan").status == 404
