"""The sealing page as people use it: saved to a folder, opened with the network off, its file taken away."""

import contextlib
import hashlib
import json
import re
import secrets
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.request import urlopen

import pytest

from crypto import calendar
from crypto.codename import keys, read, stretch
from crypto.constants import DELETION_NUMBERS
from crypto.deletion import deletion_token
from crypto.errors import CannotOpenError
from crypto.fields import Epoch
from crypto.message import Report
from peluit.reporter_pages import place
from source_app.pages import Language
from source_app.sealing_files import SealingFiles
from store.layout import Layout
from tests.accessibility.look import Findings, look
from tests.accessibility.states import unfold
from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, Chromium, Firefox, until
from tests.e2e.office import demo, originals
from tests.e2e.sealed_file import opened
from tests.store.installation import CHANNEL, INSTANCE, OFFICE, OTHER, install

pytestmark = pytest.mark.browser

ANSWERS = {"what": "Karcis tanpa nomor “tiap Selasa”", "who": "Petugas loket"}
FILE_SIZE = 5_300_000
CHROMIUMS_OWN = re.compile(r"[A-Z]+ (?:http://)?[a-z.]+\.(?:google|googleapis)\.com[:/]")
NAMES = ["chromium", "chromium-safer", "firefox", "firefox-safer"]


def saved(folder: Path, language: Language, day: str | None = None) -> str:
    """The address of a page in a local folder, with keys around this day; no server is ever started."""
    layout = install(Layout(folder / "data"), calendar.Day(day) if day else None).layout
    place(layout)
    page = folder / "peluit-sealing.html"
    page.write_bytes(SealingFiles(layout).page(language))
    return page.as_uri()


class NoNetwork:
    """The only way out of the browsers: a proxy that answers nobody, and keeps what it was asked for."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setblocking(False)
        self.port: int = self._listening.getsockname()[1]

    def close(self) -> None:
        self._listening.close()

    def asked(self) -> list[str]:
        """How all requests so far begin, but for what Chromium asks its maker by itself."""
        lines = []
        with contextlib.suppress(BlockingIOError):
            while True:
                connection, _ = self._listening.accept()
                connection.setblocking(False)
                with connection, contextlib.suppress(BlockingIOError):
                    lines.append("somebody")
                    lines[-1] = connection.recv(4_096).decode("latin-1")
        return [line for line in lines if not CHROMIUMS_OWN.match(line)]

    def browser(self, name: str) -> Browser:
        safer = name.endswith("safer")
        if name.startswith("chromium"):
            return Chromium(
                safer=safer,
                flags=[f"--proxy-server=127.0.0.1:{self.port}", "--proxy-bypass-list=<-loopback>"],
            )
        proxy = {"network.proxy.type": 1, "network.proxy.allow_hijacking_localhost": True}
        hosts = {f"network.proxy.{kind}": "127.0.0.1" for kind in ("http", "ssl")}
        ports = {f"network.proxy.{kind}_port": self.port for kind in ("http", "ssl")}
        return Firefox(safer=safer, prefs=proxy | hosts | ports)


@pytest.fixture
def network() -> Iterator[NoNetwork]:
    away = NoNetwork()
    yield away
    away.close()


def write(
    browser: Browser,
    page: str,
    files: Sequence[Path] = (),
    exclude: Sequence[str] = (),
    channel: str = CHANNEL,
) -> None:
    """From the start to a filled-in form."""
    browser.open(page)
    browser.click("#door-report")
    browser.wait_until(
        f"document.querySelector('#office option[value={OFFICE}]') !== null", seconds=reporter.SLOW
    )
    browser.select("#office", OFFICE)
    browser.wait_for("#to-codename", seconds=reporter.SLOW)
    browser.select("#channel", channel)
    for name, answer in ANSWERS.items():
        reporter.answer_field(browser, name, answer)
    for left_out in exclude:
        browser.check(f"#exclude-{left_out}")
    if files:
        browser.attach("#files", *files)


def seal(browser: Browser, folder: Path) -> Path:
    """From the codename to the file in a folder."""
    browser.click("#send")
    browser.wait_for("#save-sealed, #failure[data-code]:not([hidden])", seconds=reporter.SLOW)
    if not browser.visible("#save-sealed"):
        raise browser.complaint("sealing failed")
    return browser.click_and_download("#save-sealed", folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_is_sealed_with_the_network_off(name: str, network: NoNetwork, tmp_path: Path) -> None:
    page = saved(tmp_path, "en")
    film, note = tmp_path / "rekaman terminal.mp4", tmp_path / "catatan.txt"
    film.write_bytes(secrets.token_bytes(FILE_SIZE))
    note.write_bytes(b"Selasa pagi")
    with network.browser(name) as browser:
        write(browser, page, [film, note], ["r2"])
        codename = reporter.take_codename(browser)
        found = opened(seal(browser, tmp_path))
        by = browser.evaluate("document.querySelector('#sealed-by').dateTime")
        assert browser.text("#sealed-name") in {path.name for path in tmp_path.iterdir()}
        asked = [
            request.url for request in browser.requests() if not request.url.startswith(("file:", "blob:"))
        ]
        assert (asked, network.asked(), browser.console_errors()) == ([], [], [])
    assert found.messages[0].content == Report(ANSWERS)
    assert {name: hashlib.sha256(data).digest() for name, data in found.files.items()} == {
        path.name: hashlib.sha256(path.read_bytes()).digest() for path in (film, note)
    }
    assert [type(entry).__name__ for entry in found.head.entries] == [
        "ItemEntry",
        *["BlobEntry", "ItemEntry"] * 2,
    ]
    reporter_keys = keys(stretch(read(codename), INSTANCE))
    assert {message.thread.verify for message in found.messages} == {reporter_keys.verify}
    assert [message.order for message in found.messages] == [0, 1, 2]
    today = found.messages[0].day
    assert by == calendar.last_day(Epoch(calendar.epoch_of(today) + 1))
    tokens = (deletion_token(reporter_keys.deletion, today, number) for number in range(DELETION_NUMBERS))
    assert {entry.token_hash for entry in found.head.entries} <= {
        hashlib.sha256(each).digest() for each in tokens
    }
    (sealed,) = tmp_path.glob("*.sealed")
    with pytest.raises(CannotOpenError):
        opened(sealed, "r2")


@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_the_page_may_ask_nobody_and_who_asks_is_noticed(
    name: str, network: NoNetwork, tmp_path: Path
) -> None:
    with network.browser(name) as browser:
        browser.open(saved(tmp_path, "en"))
        asking = "window.fetch('http://example.invalid/').then(() => 'answered', () => 'refused')"
        assert (browser.evaluate(asking), network.asked()) == ("refused", [])
        # Going elsewhere is the one thing that no policy forbids.
        browser.evaluate("void (window.location.href = 'http://example.invalid/')")
        assert until(network.asked)


def test_a_file_may_be_left_out_and_the_same_one_added_twice(network: NoNetwork, tmp_path: Path) -> None:
    page = saved(tmp_path, "id")
    one, same = tmp_path / "satu.txt", tmp_path / "dua.txt"
    for each in (one, same):
        each.write_bytes(b"sama")
    gone = tmp_path / "hilang.bin"
    gone.write_bytes(bytes(3_000_000))
    with network.browser("chromium") as browser:
        write(browser, page, [one, gone, same])
        reporter.take_codename(browser)
        gone.write_bytes(b"x")
        browser.click("#send")
        browser.click("#skip-file")
        browser.wait_for("#sent-skipped", seconds=reporter.SLOW)
        found = opened(browser.click_and_download("#save-sealed", tmp_path))
    assert found.files == {"satu.txt": b"sama", "dua.txt": b"sama"}
    assert len(found.head.entries) == 4, "the text, one blob, and two items that tell of it"


@pytest.mark.parametrize(("shift", "code"), [(-60, "slice-expired"), (60, "slice-wrong-epoch")])
def test_it_refuses_when_its_keys_are_not_for_today(
    shift: int, code: str, network: NoNetwork, tmp_path: Path
) -> None:
    page = saved(tmp_path, "en", calendar.add_days(calendar.today(), shift))
    with network.browser("firefox") as browser:
        browser.open(page)
        browser.click("#door-report")
        browser.wait_until(
            f"document.querySelector('#office option[value={OFFICE}]') !== null", seconds=reporter.SLOW
        )
        browser.select("#office", OFFICE)
        browser.wait_for(f"#failure[data-code={code}]", seconds=reporter.SLOW)
        assert "date on your device" in browser.text("#failure-text")


def test_it_asks_before_an_unsaved_file_is_lost(network: NoNetwork, tmp_path: Path) -> None:
    page = saved(tmp_path, "en")
    asks = "!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    with network.browser("chromium") as browser:
        browser.open(page)
        assert not browser.evaluate(asks)
        write(browser, page)
        assert browser.evaluate(asks)
        reporter.take_codename(browser)
        browser.click("#send")
        browser.wait_for("#save-sealed", seconds=reporter.SLOW)
        assert browser.evaluate(asks)
        browser.click_and_download("#save-sealed", tmp_path)
        browser.wait_for("#sealed-saved")
        assert not browser.evaluate(asks)
        browser.click("#leave")
        browser.wait_until("location.href === 'about:blank'")


def test_from_the_server_to_a_stick_and_to_the_station(network: NoNetwork, tmp_path: Path) -> None:
    """The page is fetched, used elsewhere, and its file handed in by somebody; the station opens it."""
    film = tmp_path / "rekaman.mp4"
    film.write_bytes(secrets.token_bytes(FILE_SIZE))
    with demo(tmp_path / "demo") as office, Chromium() as online:
        online.open(office.source + "en/")
        page = online.click_and_download("#offline a:first-of-type", tmp_path)
        assert page.name == "peluit-sealing.html"
        with urlopen(f"{office.source}en/{page.name}.sha256") as answer:
            assert answer.read().split()[0].decode() == hashlib.sha256(page.read_bytes()).hexdigest()
        with network.browser("firefox") as away:
            write(away, page.as_uri(), [film], channel="aduan-integritas")
            codename = reporter.take_codename(away)
            sealed = seal(away, tmp_path)
        online.open(office.source + "en/")
        online.click("#door-sealed")
        online.attach("#hand-in-file", sealed)
        online.click("#hand-in-send")
        online.wait_for("#hand-in-done", seconds=reporter.SLOW)
        assert reporter.come_back(online, office.source + "en/", codename) == []
        reviewer.sign_in(online, office)
        office.station("import", str(reviewer.download_everything_new(online, office, tmp_path)))
        (case,) = office.station("cases")["cases"]
        assert ANSWERS["what"] in json.dumps(office.station("show", str(case["number"])), ensure_ascii=False)
        (out := tmp_path / "out").mkdir()
        office.station("evidence", "export", str(case["number"]), "1", "--to", str(out))
        (found,) = originals(out)
        assert found.read_bytes() == film.read_bytes()


def walk(browser: Browser, page: str, folder: Path) -> Iterator[str]:
    """The states that only this page has; the others are the reporter's page's own."""
    browser.open(page)
    browser.wait_for("#door-report")
    yield "start"
    write(browser, page)
    reporter.take_codename(browser)
    unfold(browser)
    yield "codename"
    browser.click("#send")
    browser.wait_for("#save-sealed", seconds=reporter.SLOW)
    yield "sealed"
    browser.click_and_download("#save-sealed", folder)
    browser.wait_for("#sealed-saved")
    yield "sealed and saved"
    browser.open(page)
    browser.click("#door-report")
    browser.wait_until(
        f"document.querySelector('#office option[value={OTHER}]') !== null", seconds=reporter.SLOW
    )
    browser.select("#office", OTHER)
    browser.wait_for("#failure[data-code=no-keys]", seconds=reporter.SLOW)
    yield "without keys"


@pytest.mark.parametrize(("name", "language"), [("chromium", "id"), ("firefox", "en")])
def test_every_state_can_be_used_by_everybody(
    name: str, language: Language, network: NoNetwork, tmp_path: Path
) -> None:
    page = saved(tmp_path, language)
    found = Findings()
    with network.browser(name) as browser:
        for state in walk(browser, page, tmp_path):
            look(browser, state, found)
    assert found.states == ["start", "codename", "sealed", "sealed and saved", "without keys"]
    assert [found.axe, found.cut, found.disorder, found.moving, found.focus] == [[]] * 5
