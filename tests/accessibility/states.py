"""Every state of the reporter's page that a person can meet, one after another, in a real browser."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crypto import calendar
from store import publication
from store.layout import Layout
from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, Chromium, CountingProxy, until
from tests.e2e.office import Office

ANSWERS = {"what": "Karcis tanpa nomor", "where": "Terminal Contoh"}
NO_WORD = "lapqq"
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
        for number, text in enumerate(("Terima kasih.\n\nKami telaah: kapan kejadian itu?", "x" * 400)):
            office.station("reply", str(case["number"]), "--text", text, "--status", "reviewing")
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
        with _no_keys(setting.office):
            browser.open(url)
            browser.click("#door-report")
            browser.wait_for("#failure[data-code]", seconds=reporter.SLOW)
            yield "failure"


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
    reporter.take_codename(browser)
    unfold(browser)
    yield "codename"
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
    reporter.follow_up(browser, "Selasa pagi")
    yield "follow-up sent"
    reporter.write_report(browser, url, ANSWERS)
    codename = reporter.take_codename(browser)
    reporter.send(browser)
    assert reporter.come_back(browser, url, codename) == []
    yield "thread without replies"


def unfold(browser: Browser) -> None:
    """Opens everything that is folded away, so that it is looked at too."""
    browser.evaluate("void document.querySelectorAll('details').forEach((each) => { each.open = true; })")


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
