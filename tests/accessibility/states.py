"""Every state of the reporter's page that a person can meet, one after another, in a real browser."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crypto import calendar
from crypto.fields import ChannelId, OfficeId
from store import publication
from store.layout import Layout
from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, Chromium, CountingProxy, until
from tests.e2e.office import Office
from tests.e2e.sealing import seal

ANSWERS = {"what": "Karcis tanpa nomor", "where": "Terminal Contoh"}
FOLLOW_UP = "Selasa pagi"
NO_WORD = "lapqq"
STATES = [
    *("landing", "write", "write with faults", "write with files", "codename", "codename practised"),
    *("sending", "sending paused", "sent", "conversation just begun", "return", "return with a wrong word"),
    "thread with replies",
    *("follow-up sent", "actions taken", "thread without replies", "erased"),
    *("hand in", "hand in refused", "hand in chosen", "handed in", "failure"),
]
_PAUSE = "#sending-tasks li:last-child .controls button:nth-child(1)"
_FILM_SIZE, _HOLD_AT = 6_000_000, 2_000_000


@dataclass(frozen=True)
class Setting:
    """What a walk needs: an office, a report that has been answered, files to choose."""

    office: Office
    answered: str
    photo: Path
    film: Path


def prepare(office: Office, photo: Path, folder: Path) -> Setting:
    """Sends a report, and lets the office answer it. `photo` is a picture with hidden data."""
    film = folder / "rekaman-panjang-dari-terminal-contoh-pada-hari-selasa-pagi.mp4"
    film.write_bytes(secrets.token_bytes(_FILM_SIZE))
    with Chromium() as browser:
        reporter.write_report(browser, office.source, ANSWERS)
        answered = reporter.take_codename(browser)
        reporter.send(browser)
        reviewer.sign_in(browser, office)
        office.station("import", str(reviewer.download_everything_new(browser, office, folder)))
        (case,) = office.station("cases")["cases"]
        stick = folder / "stick"
        said: tuple[tuple[tuple[str, ...], ...], ...] = (
            (("reply", "--text", "Terima kasih.\n\nKami telaah: kapan kejadian itu?"),),
            (("move", "verification"), ("move", "review", "--answer", "x" * 400)),
        )
        for number, commands in enumerate(said):
            for verb, *options in commands:
                office.station(verb, str(case["number"]), *options)
            to = stick / str(number)
            to.mkdir(parents=True)
            office.station("bundle", "--to", str(to))
            (bundle,) = to.iterdir()
            reviewer.upload_bundle(browser, office, bundle)
    office.publish_board()
    return Setting(office, answered, photo, film)


def walk(browser: Browser, setting: Setting, language: str) -> Iterator[str]:
    """The name of each state while the browser is in it."""
    with CountingProxy("127.0.0.1", setting.office.source_port) as line:
        url = f"{line.url}/{language}/"
        yield from _reporting(browser, setting, line, url)
        yield from _returning(browser, setting, url)
        yield from _handing_in(browser, setting, url)
        with _no_keys(setting.office):
            browser.open(url)
            browser.click("#door-report")
            browser.wait_for("#failure[data-code]", seconds=reporter.SLOW)
            yield "failure"


def _handing_in(browser: Browser, setting: Setting, url: str) -> Iterator[str]:
    sealed = setting.film.with_name("data-0417.sealed")
    layout, files = Layout(setting.office.folder / "server"), {"foto.jpg": setting.photo.read_bytes()}
    made = seal(layout, OfficeId("kota-contoh"), ChannelId("aduan-integritas"), ANSWERS, files)
    sealed.write_bytes(made.data)
    browser.open(url)
    browser.click("#door-sealed")
    yield "hand in"
    browser.attach("#hand-in-file", setting.photo)
    browser.wait_for("#hand-in-error")
    yield "hand in refused"
    browser.attach("#hand-in-file", sealed)
    browser.wait_for("#hand-in-send")
    yield "hand in chosen"
    browser.click("#hand-in-send")
    browser.wait_for("#hand-in-done", seconds=reporter.SLOW)
    yield "handed in"


def _reporting(browser: Browser, setting: Setting, line: CountingProxy, url: str) -> Iterator[str]:
    browser.open(url)
    browser.wait_for("#door-report")
    yield "landing"
    browser.click("#door-report")
    browser.wait_for("#to-codename", seconds=reporter.SLOW)
    unfold(browser)
    yield "write"
    browser.click("#to-codename")
    browser.wait_for("[aria-invalid=true]")
    yield "write with faults"
    reporter.write_report(browser, url, ANSWERS, [setting.photo, setting.film])
    browser.wait_for(".hidden-data[data-state=found]", seconds=reporter.SLOW)
    yield "write with files"
    codename = reporter.take_codename(browser)
    yield "codename"
    browser.click("#practice summary")
    browser.type("#practice-words", codename)
    browser.click("#practice-form button")
    browser.wait_for("#practice-state")
    yield "codename practised"
    line.reset()
    line.hold_at(_HOLD_AT)
    browser.click("#send")
    assert until(lambda: line.holding, seconds=reporter.SLOW)
    browser.wait_for(_PAUSE)
    yield "sending"
    browser.click(_PAUSE)
    browser.wait_for("#sending-tasks [data-state=state-paused]")
    yield "sending paused"
    line.let_go()
    browser.click(_PAUSE)
    browser.wait_for("#sent", seconds=reporter.SLOW)
    yield "sent"
    reporter.look(browser)
    reporter.follow_up(browser, FOLLOW_UP)
    yield "conversation just begun"


def _returning(browser: Browser, setting: Setting, url: str) -> Iterator[str]:
    browser.open(url)
    browser.click("#door-return")
    browser.wait_for("#codename-input")
    yield "return"
    browser.type("#codename-input", f"{NO_WORD} " * 8)
    browser.click("#unlock")
    browser.wait_text("#codename-input-error", NO_WORD)
    yield "return with a wrong word"
    assert len(reporter.come_back(browser, url, setting.answered)) == 2
    unfold(browser)
    yield "thread with replies"
    unfold(browser, False)
    reporter.follow_up(browser, FOLLOW_UP)
    yield "follow-up sent"
    reporter.act(browser, "threat", "Saya dipindahkan.", "#send-threat")
    reporter.act(browser, "objection", "Mohon ditinjau lagi.", "#send-objection")
    reporter.rate(browser, 1, 4)
    reporter.act(browser, "withdrawal", "", "#withdraw")
    browser.click("#authorship summary")
    browser.type("#authorship-statement", "Sayalah pelapornya.")
    browser.click("#prove")
    browser.wait_for("#authorship-proof")
    yield "actions taken"
    reporter.write_report(browser, url, ANSWERS)
    codename = reporter.take_codename(browser)
    reporter.send(browser)
    assert reporter.come_back(browser, url, codename) == []
    yield "thread without replies"
    browser.click("#erasure summary")
    browser.click("#erase")
    browser.wait_text("#erasure-state", "1", seconds=reporter.SLOW)
    yield "erased"


def unfold(browser: Browser, open_now: bool = True) -> None:
    """Opens everything that is folded away, so that it is looked at too; or closes it again."""
    on = "true" if open_now else "false"
    browser.evaluate(f"void document.querySelectorAll('details').forEach((each) => {{ each.open = {on}; }})")


@contextmanager
def _no_keys(office: Office) -> Iterator[None]:
    """Meanwhile the server has no keys for this week."""
    folder = Layout(office.folder / "server").directories / "kota-contoh"
    edition = publication.current(folder)
    assert edition
    keys = folder / edition / "slices" / str(calendar.epoch_of(calendar.today()))
    good = keys.read_bytes()
    keys.unlink()
    try:
        yield
    finally:
        keys.write_bytes(good)
