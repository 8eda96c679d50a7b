"""Coming back: the replies that a codename opens on the server's own board, and only those."""

from dataclasses import replace

import pytest
from nacl.signing import SigningKey

from crypto.board import Slot
from crypto.codename import ReporterKeys, keys, read, stretch
from crypto.fields import Day, OfficeId, ReviewerId
from crypto.grant import Grant, sign_grant
from crypto.message import Thread
from crypto.reply import ReplyPart, cut
from crypto.seal.reply import fill_pages, seal_reply
from source_app.noscript.front import SMALLEST
from store.board import Board
from store.layout import Layout
from tests.noscript.visitor import Page, PlainVisitor
from tests.store.installation import INSTANCE, OFFICE, SIGN, Installation

LONG = "Baris satu\nbaris “dua” & <b>tiga</b> " * 100


def part(reporter: ReporterKeys, text: str, number: int = 1, **more: object) -> ReplyPart:
    whole = ReplyPart(
        INSTANCE,
        OFFICE,
        reporter.verify,
        ReviewerId("r1"),
        number,
        1,
        1,
        Day("2026-11-23"),
        "reviewing",
        text,
    )
    return replace(whole, **more)


def thread_of(reporter: ReporterKeys) -> Thread:
    return Thread(reporter.verify, reporter.reply.public, reporter.hint)


def publish(layout: Layout, reporter: ReporterKeys, *parts: ReplyPart, key: SigningKey = SIGN) -> None:
    slots = [seal_reply(one, thread_of(reporter), key) for one in parts]
    Board(layout.board).publish(fill_pages(slots, INSTANCE))


@pytest.fixture
def name(visitor: PlainVisitor) -> str:
    return visitor.codename()


@pytest.fixture
def reporter(name: str) -> ReporterKeys:
    return keys(stretch(read(name), INSTANCE))


def thread(visitor: PlainVisitor, name: str, language: str = "en") -> Page:
    answer = visitor.post(f"/{language}/thread/kota-contoh", ("codename", name))
    assert answer.status == 200
    assert name not in answer.page.html
    return answer.page


def test_replies_come_in_their_order_with_day_and_status(
    visitor: PlainVisitor, layout: Layout, reporter: ReporterKeys, name: str
) -> None:
    answered = part(reporter, "Dua", 2, status="answered", day=Day("2026-12-01"))
    publish(layout, reporter, answered, *cut(part(reporter, LONG)))
    page = thread(visitor, name, "id")
    assert page.marked("words") == [LONG, "Dua"]
    assert page.marked("by") == ["Aduan · 23 November 2026", "Aduan · 1 Desember 2026"]
    assert page.marked("status") == ["Sedang ditelaah", "Ditanggapi"]
    assert "<b>tiga</b>" not in page.html


def test_a_reply_of_which_a_part_is_missing_says_so(
    visitor: PlainVisitor, layout: Layout, reporter: ReporterKeys, name: str
) -> None:
    publish(layout, reporter, *cut(part(reporter, LONG))[:-1])
    assert "Part of this answer has not been published yet" in thread(visitor, name).text


def test_another_codename_finds_none(
    visitor: PlainVisitor, layout: Layout, reporter: ReporterKeys, name: str
) -> None:
    publish(layout, reporter, part(reporter, "Rahasia"))
    page = thread(visitor, visitor.codename())
    assert "no-replies" in page.ids and "Rahasia" not in page.html


@pytest.mark.parametrize("change", [{"office": "kota-lain"}, {"reviewer": "r9"}, {"instance": bytes(16)}])
def test_what_is_not_from_this_office_is_not_shown_and_hides_nothing(
    visitor: PlainVisitor, layout: Layout, reporter: ReporterKeys, name: str, change: dict[str, object]
) -> None:
    publish(layout, reporter, part(reporter, "falsch", 2, **change), part(reporter, "Satu"))
    assert thread(visitor, name).marked("words") == ["Satu"]


def test_a_reply_with_a_forged_signature_is_not_shown(
    visitor: PlainVisitor, layout: Layout, reporter: ReporterKeys, name: str
) -> None:
    publish(layout, reporter, part(reporter, "falsch"), key=SigningKey(bytes([7]) * 32))
    assert "no-replies" in thread(visitor, name).ids


def test_before_the_first_board_there_are_no_replies(
    visitor: PlainVisitor, layout: Layout, name: str
) -> None:
    (layout.board / "current").unlink()
    assert "no-replies" in thread(visitor, name).ids


def test_a_word_that_is_unknown_is_named(visitor: PlainVisitor) -> None:
    answer = visitor.post("/en/thread/kota-contoh", ("codename", "zzzz"))
    assert answer.status == 422 and "Not on the word list: zzzz." in answer.page.text


def test_a_page_with_replies_is_as_long_as_one_without(
    visitor: PlainVisitor, layout: Layout, reporter: ReporterKeys, name: str
) -> None:
    """One reply may fill its slot, three may; only very many make the page twice as long."""
    full = cut(part(reporter, "Kalimat panjang. " * 300))[0].text
    for count in (0, 1, 3):
        publish(layout, reporter, *(part(reporter, full, number + 1) for number in range(count)))
        for language in ("id", "en"):
            page = thread(visitor, name, language)
            assert len(page.marked("words")) == count
            assert len(page.html.encode()) == SMALLEST
    publish(layout, reporter, *(part(reporter, full, number + 1) for number in range(12)))
    assert len(thread(visitor, name).html.encode()) == 2 * SMALLEST
    faulty = visitor.post("/en/thread/kota-contoh", ("codename", "zzzz"))
    assert len(faulty.page.html.encode()) == SMALLEST


def test_the_steps_are_those_of_the_page_with_scripts(
    visitor: PlainVisitor, layout: Layout, reporter: ReporterKeys, name: str
) -> None:
    assert "status-steps" not in thread(visitor, name).ids
    told = ["received", None, "on-hold", "on-hold", "answered"]
    publish(layout, reporter, *(part(reporter, "x", n, status=status) for n, status in enumerate(told, 1)))
    page = thread(visitor, name)
    states = [tag["data-step"] for _, tag in page.tags if "data-step" in tag]
    assert states == ["done", "done", "done", "now", "ahead"]
    assert (
        "Sent Received 23 November 2026 On hold 23 November 2026 Answered 23 November 2026 now" in page.text
    )
    assert "Closed not yet" in page.text
    publish(layout, reporter, part(reporter, "x", 1, status="closed-forwarded"))
    page = thread(visitor, name)
    assert [tag["data-step"] for _, tag in page.tags if "data-step" in tag] == ["done", "now"]


def test_what_can_be_done_is_offered_where_it_makes_sense(
    visitor: PlainVisitor, layout: Layout, reporter: ReporterKeys, name: str
) -> None:
    always = {"threat", "add-file", "withdrawal", "erasure", "authorship"}
    ids = set(thread(visitor, name).ids)
    assert always <= ids and "objection" not in ids
    publish(layout, reporter, part(reporter, "Satu"), *cut(part(reporter, LONG, 2))[:-1])
    page = thread(visitor, name)
    assert always | {"objection"} <= set(page.ids)
    links = [tag["href"] for kind, tag in page.tags if kind == "a" and "rating" in (tag["href"] or "")]
    assert links == ["/en/rating/kota-contoh/1"]


def test_where_identities_are_taken_the_door_says_why_it_takes_none(
    visitor: PlainVisitor, installation: Installation, name: str
) -> None:
    assert "no-identity" not in thread(visitor, name).ids
    installation.take_identities()
    page = thread(visitor, name)
    assert "no-identity" in page.ids
    assert not [tag for _, tag in page.tags if "identity" in (tag.get("href") or tag.get("name") or "")]


def test_a_mere_status_has_no_words_and_is_not_rated(
    visitor: PlainVisitor, layout: Layout, reporter: ReporterKeys, name: str
) -> None:
    publish(layout, reporter, part(reporter, ""), part(reporter, "Dua", 2))
    page = thread(visitor, name)
    assert page.marked("status") == ["Under review"] * 2
    assert page.marked("words") == ["Dua"]
    links = [tag["href"] for kind, tag in page.tags if kind == "a" and "rating" in (tag["href"] or "")]
    assert links == ["/en/rating/kota-contoh/2"]


def test_another_office_with_a_grant_is_shown_as_what_it_is_and_not_rated(
    visitor: PlainVisitor, layout: Layout, reporter: ReporterKeys, name: str
) -> None:
    key = SigningKey(bytes([9]) * 32)
    grant = Grant(
        INSTANCE,
        OFFICE,
        ReviewerId("r1"),
        reporter.verify,
        OfficeId("dinas"),
        {"en": "Roads <Agency>", "id": "Dinas Jalan"},
        key.verify_key.encode(),
        Day("2026-12-01"),
    )

    def other(text: str, granted: Grant = grant, **more: object) -> Slot:
        document = sign_grant(granted, SIGN)
        made = {"office": granted.to, "status": None, "reviewer": ReviewerId("kepala"), "grant": document}
        return seal_reply(part(reporter, text, **(made | more)), thread_of(reporter), key)

    late = other("Terlambat", day=Day("2026-12-02"))
    theft = other("Curian", replace(grant, thread=bytes(32)))
    own = seal_reply(part(reporter, "Kami", status="answered"), thread_of(reporter), SIGN)
    Board(layout.board).publish(fill_pages([late, other("Mereka"), theft, own], INSTANCE))
    page = thread(visitor, name)
    assert page.marked("words") == ["Kami", "Mereka"]
    assert page.marked("by")[1] == "passed on by Example City Inspectorate · 23 November 2026"
    assert "Answer 1 from Roads <Agency>" in page.text and "<Agency>" not in page.html
    assert any(hint.startswith("Another office wrote this.") for hint in page.marked("hint"))
    assert page.marked("status") == ["Answered"]
    links = [tag["href"] for kind, tag in page.tags if kind == "a" and "rating" in (tag["href"] or "")]
    assert links == ["/en/rating/kota-contoh/1"]
    assert "Jawaban 1 dari Dinas Jalan" in thread(visitor, name, "id").text
    assert len(page.html.encode()) == SMALLEST
