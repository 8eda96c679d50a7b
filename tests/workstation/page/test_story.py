"""The investigator's whole day in a real browser, with a bundle that a real server made."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, Chromium, Firefox
from tests.e2e.office import Office, demo
from tests.workstation.page.browsing import import_from, opened, unlock

pytestmark = pytest.mark.browser

WHAT = "Uang parkir rahasia 4711 <b>tanpa</b> karcis"
ANSWER = "Terima kasih, rahasia 0815. Kapan kejadiannya?"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def bundle(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with Chromium() as browser:
        reporter.write_report(browser, office.source, {"what": WHAT, "where": "Terminal"})
        reporter.take_codename(browser)
        reporter.send(browser)
        reviewer.sign_in(browser, office)
        return reviewer.download_everything_new(browser, office, tmp_path_factory.mktemp("stick"))


@pytest.mark.parametrize("open_browser", [Chromium, Firefox], ids=["chromium", "firefox"])
def test_the_whole_day(
    open_browser: Callable[[], Browser], office: Office, bundle: Path, tmp_path: Path
) -> None:
    station = tmp_path / "station"
    shutil.copytree(office.folder / "station", station)
    passphrase = (office.folder / "passphrases" / "inspektur").read_text().strip()
    with opened(station) as address, open_browser() as browser:
        base = address.partition("/start")[0]
        unlock(browser, address, "inspektur", passphrase)
        assert "token" not in browser.evaluate("location.href")
        import_from(browser, base, bundle)
        browser.type("#q", "rahasia 4711")
        browser.click("#find")
        browser.wait_text("#count", "1 of 1")
        browser.click(".case a")
        browser.wait_text(".thread", WHAT)
        browser.click("#reply")
        browser.select("#template", "question")
        browser.click("#insert")
        browser.wait_until("document.querySelector('#text')?.value.includes('Untuk melanjutkan')")
        browser.type("#text", ANSWER)
        browser.click("#preview")
        browser.wait_text(".mine", ANSWER)
        browser.click("#send")
        browser.wait_text(".thread .mine", ANSWER)
        browser.open(f"{base}/bundle")
        browser.type("#path", str(tmp_path))
        browser.click("#write")
        browser.wait_text("#ended", "1 slot with a reply")
        browser.click("#go-on")
        browser.wait_for("#counts")
        browser.open(f"{base}/cases?q=rahasia")
        browser.click("#lock")
        browser.wait_for("#unlock")
        for _ in range(3):
            browser.back()
            browser.wait_for("#unlock")
            assert "rahasia" not in browser.evaluate("document.documentElement.textContent")
        assert browser.console_errors() == []
        if isinstance(browser, Chromium):
            assert not browser.wrote_down("rahasia 0815")
            assert not browser.wrote_down("rahasia 4711")
    assert len(list(tmp_path.glob("peluit-out-*.tar"))) == 1


def test_a_link_on_another_site_and_a_second_browser_get_nothing(office: Office, tmp_path: Path) -> None:
    station = tmp_path / "station"
    shutil.copytree(office.folder / "station", station)
    with opened(station) as address, Chromium() as first, Firefox() as second:
        first.open(address)
        first.wait_for("#unlock")
        second.open(address)
        second.wait_for("#failed")
        assert second.text("#failed") == "Not from here"
        first.open(address.replace("127.0.0.1", "localhost"))
        first.wait_for("#failed")
