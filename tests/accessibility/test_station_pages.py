"""The station's page, judged as the others are, in Chromium."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.accessibility.look import KINDS, Findings, look
from tests.e2e.browsers import Browser, Chromium
from tests.workstation.office import PASSPHRASE, Desk, make_desk
from tests.workstation.page.browsing import import_from, opened, unlock

pytestmark = pytest.mark.browser

PATHS = ("/", "/cases", "/cases?q=nowhere", "/import", "/bundle", "/keys", "/check", "/log", "/nowhere")
ACCOUNTS = ("", "/register", "/performance", "/statistics", "/lessons")
CASEWORK = (
    *("/due", "/deadlines", "/routing", "/categories", "/conflicts", "/offices", "/dispositions"),
    *(f"/accounts{page}" for page in ACCOUNTS),
    *("/take-in", "/take-in/aduan-integritas", "/retention"),
)
OF_A_CASE = ("", "/reply", "/share", "/erase", "/evidence/1")
STEPS = (
    *("/move/verification", "/hold", "/extend", "/classify", "/assign", "/conflict", "/sheet", "/plan"),
    *("/forward", "/package", "/identity", "/retention"),
)
LONG = "Kalimat dengan_sebuah_kata_yang_sangat_panjang_sekali_tanpa_spasi_apa_pun " * 6


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("desk"))
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(b"satu\ndua\n" * 9_000, f"{'panjang' * 12}.txt")
    desk.deliver(1, [reporter.report(LONG), reporter.text("Ada lagi."), item], [(blob_id, blob)])
    return desk


@pytest.fixture(scope="module", params=["id", "en"])
def findings(
    request: pytest.FixtureRequest, pristine: Desk, tmp_path_factory: pytest.TempPathFactory
) -> Findings:
    found = Findings()
    station = tmp_path_factory.mktemp(request.param) / "station"
    shutil.copytree(pristine.folder, station)
    (bundle,) = pristine.stick.glob("in-1-*.tar")
    with opened(station, request.param, minutes=120) as address, Chromium() as browser:
        for state in walk(browser, address, bundle, casework=request.param == "id"):
            look(browser, state, found)
    return found


def walk(browser: Browser, address: str, bundle: Path, casework: bool) -> Iterator[str]:
    """The name of each page while the browser shows it; those of casework only if they are wanted."""
    base = address.partition("/start")[0]
    browser.open(address)
    yield "unlock"
    browser.type("#passphrase", "wrong")
    browser.click("#unlock")
    browser.wait_for("#problem")
    yield "unlock refused"
    unlock(browser, f"{base}/", "r1", PASSPHRASE.format("r1"))
    yield "overview, empty"
    import_from(browser, base, bundle)
    case = f"{base}/cases/{browser.evaluate('document.querySelector(`.case`).dataset.case')}"
    for path in (*PATHS, *(CASEWORK if casework else ())):
        browser.open(base + path)
        yield path
    for path in (*OF_A_CASE, *(STEPS if casework else ())):
        browser.open(case + path)
        yield f"case{path}"
    browser.open(f"{case}/evidence/1/view")
    browser.wait_for("#kind", seconds=60)
    browser.click("#all-hidden summary")
    yield "evidence, drawn"
    browser.open(f"{case}/reply")
    browser.select("#template", "question")
    browser.click("#insert")
    browser.wait_until("document.querySelector('#text')?.value.length > 20")
    browser.click("#preview")
    browser.wait_for("#send")
    yield "preview"
    browser.click("#send")
    browser.wait_for(".thread .mine")
    yield "case with a reply"
    browser.open(f"{base}/bundle")
    browser.type("#path", "/nowhere")
    browser.click("#write")
    browser.wait_for("#go-on")
    yield "ended badly"
    browser.click("#go-on")
    browser.open(f"{base}/import")
    browser.type("#path", str(bundle))
    browser.click("#import")
    browser.wait_for("#ended")
    yield "ended"


def test_every_page_was_seen(findings: Findings) -> None:
    """Those of casework in the language whose words are longer."""
    more = {*CASEWORK, *(f"case{path}" for path in STEPS)}
    assert len(findings.states) == 22 + len(more & {*findings.states})
    assert more <= {*findings.states} or not more & {*findings.states}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wrong(findings: Findings, kind: str) -> None:
    assert getattr(findings, kind) == []
