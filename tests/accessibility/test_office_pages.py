"""The reviewers' pages, judged as the reporter's are, in Chromium."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from tests.accessibility.look import KINDS, Findings, look
from tests.accessibility.states import ANSWERS
from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, Chromium
from tests.e2e.office import PELUIT, Office, demo

PASSPHRASE = "gajah makan awan biru pagi"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def bundle(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle from the station that was not imported."""
    folder = tmp_path_factory.mktemp("stick")
    office.station("bundle", "--to", str(folder))
    return next(folder.glob("*.tar"))


@pytest.fixture(scope="module", params=["id", "en"])
def findings(request: pytest.FixtureRequest, office: Office, bundle: Path) -> Findings:
    found = Findings()
    with Chromium() as browser:
        for state in walk(browser, office, f"{office.journalist}{request.param}", bundle):
            look(browser, state, found)
    return found


def walk(browser: Browser, office: Office, url: str, bundle: Path) -> Iterator[str]:
    """The name of each page while the browser shows it."""
    reporter.write_report(browser, office.source, ANSWERS)
    reporter.take_codename(browser)
    reporter.send(browser)
    browser.open(f"{url}/sign-in")
    yield "sign-in"
    browser.type("#name", "inspektur")
    browser.type("#passphrase", "wrong")
    browser.type("#code", "000000")
    browser.click("#sign-in")
    browser.wait_for("[role=alert]")
    yield "sign-in refused"
    reviewer.sign_in(browser, office)
    browser.open(f"{url}/queue")
    yield "queue"
    browser.click("#export-new")
    browser.wait_for("#download")
    yield "bundle"
    browser.open(f"{url}/queue")
    yield "queue with bundles"
    browser.open(f"{url}/import")
    yield "import"
    browser.attach("#bundle-file", bundle)
    browser.click("#import")
    browser.wait_for("#preview")
    yield "preview"
    browser.open(f"{url}/board")
    yield "board"
    browser.open(f"{url}/nowhere")
    yield "not found"
    browser.open(f"{url}/queue")
    browser.click("#sign-out")
    browser.wait_for("#sign-in")
    yield from administrator(browser, office, url)


def administrator(browser: Browser, office: Office, url: str) -> Iterator[str]:
    """From the code of an invitation to the pages about people."""
    line = [PELUIT, "invite", "--folder", str(office.folder / "server"), "--office", "kota-contoh", "ani"]
    invited = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    browser.open(f"{url}/invitation")
    yield "invitation"
    browser.type("#code", invited.split("\n\n")[1].strip())
    browser.click("#open-invitation")
    browser.wait_for("#choose")
    yield "passphrase"
    for field in ("#passphrase", "#again"):
        browser.type(field, "ani ani ani ani")
    browser.click("#choose")
    browser.wait_for("#problem")
    yield "passphrase refused"
    for field in ("#passphrase", "#again"):
        browser.type(field, PASSPHRASE)
    browser.click("#choose")
    browser.wait_for("#secret")
    yield "authenticator"
    secret = pyotp.TOTP(str(browser.evaluate("document.querySelector('#secret').innerText")).replace(" ", ""))
    step = secret.timecode(datetime.now(UTC))
    browser.type("#digits", pyotp.HOTP(secret.secret).at(step))
    browser.click("#complete")
    browser.wait_for("#recovery-codes")
    yield "recovery codes"
    browser.click("#to-sign-in")
    browser.wait_for("#sign-in")
    browser.type("#name", "ani")
    browser.type("#passphrase", PASSPHRASE)
    browser.type("#code", pyotp.HOTP(secret.secret).at(step + 1))
    browser.click("#sign-in")
    browser.wait_for("#people")
    yield "people"
    for path in (
        "invite",
        "people/inspektur/role",
        "people/inspektur/reset",
        "account",
        "account/passphrase",
        "deadline",
        "storage",
        "storage/retention",
        "log",
    ):
        browser.open(f"{url}/{path}")
        yield path


def test_every_page_was_seen(findings: Findings) -> None:
    assert len(findings.states) == 24


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wrong(findings: Findings, kind: str) -> None:
    assert getattr(findings, kind) == []
