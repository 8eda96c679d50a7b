"""Hidden data in pictures: found and removed by the page, in real browsers; the pictures themselves stay."""

import base64
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from peluit.demo_office import DemoOffice
from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, Chromium, Firefox
from tests.e2e.office import Office, demo, originals
from tests.e2e.source_server import SourceServer

pytestmark = pytest.mark.browser

WRITER = Path(__file__).parents[2] / "source_app" / "web" / "test" / "metadata" / "write-samples.mjs"
BROWSERS: dict[str, Callable[[], Browser]] = {
    "chromium": Chromium,
    "firefox": Firefox,
    "chromium-safer": lambda: Chromium(safer=True),
    "firefox-safer": lambda: Firefox(safer=True),
}
PHOTO, SCREENSHOT = "IMG_20261101_140322.jpg", "screenshot.png"
ANSWERS = {"what": "Karcis tanpa nomor", "where": "Terminal Contoh"}
TOLD = ("-6.91744, 107.61912", "702 m", "samsung", "PLANTED-SERIAL-7", "2026-11-01 14:03:22", "PLANTED Siti")

POINTS = """(async data => {
    const bytes = Uint8Array.from(atob(data), character => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const {data: points} = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return [bitmap.width, bitmap.height, ...points];
})"""


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run(["node", WRITER, folder], check=True)
    return folder


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with demo(tmp_path_factory.mktemp("demo"), tmp_path_factory.mktemp("tmp")) as running:
        yield running


@pytest.fixture(params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with BROWSERS[request.param]() as running:
        yield running


def states(browser: Browser) -> list[str]:
    found = browser.evaluate("[...document.querySelectorAll('.hidden-data')].map(e => e.dataset.state)")
    assert isinstance(found, list)
    return [str(state) for state in found]


def looked(browser: Browser) -> list[str]:
    """Waits until every file has been looked at."""
    browser.wait_until("document.querySelector('[data-state=looking]') === null", seconds=reporter.SLOW)
    return states(browser)


def points(browser: Browser, picture: Path) -> list[int]:
    """Width, height and every point, as the browser shows the picture."""
    encoded = base64.b64encode(picture.read_bytes()).decode()
    shown = browser.evaluate(f"{POINTS}({json.dumps(encoded)})")
    assert isinstance(shown, list)
    return shown


@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_a_browser_shows_the_cleaned_picture_point_for_point(
    name: str, office: Office, samples: Path
) -> None:
    with BROWSERS[name]() as browser:
        browser.open(office.source)
        pictures = sorted((samples / "cleaned").iterdir())
        assert len(pictures) == 8
        for picture in pictures:
            before, after = points(browser, samples / picture.name), points(browser, picture)
            assert before == after, picture.name
            assert len(set(before[2:])) > 2, f"{picture.name} is not a picture with several colours"


def test_found_told_and_removed_on_request_only(browser: Browser, office: Office, samples: Path) -> None:
    reporter.write_report(browser, office.source + "en/", ANSWERS)
    assert not [request for request in browser.requests() if "/metadata-" in request.url]
    names = (PHOTO, SCREENSHOT, "animated.webp", "clean.jpg", "damaged.jpg")
    browser.attach("#files", *(samples / name for name in names))
    assert looked(browser) == ["found", "found", "found", "none", "cannot"]
    assert all(told in browser.text("#files-list li:nth-child(1)") for told in TOLD)
    assert "Hidden data found: Place, Device, Time, Author" in browser.text("#files-state")
    browser.click("#files-list li:nth-child(1) .hidden-data button")
    browser.wait_for("#files-list li:nth-child(1) [data-state=removed]", seconds=reporter.SLOW)
    browser.wait_text("#files-list li:nth-child(1)", "photo-1.jpg")
    browser.wait_text("#files-list li:nth-child(1)", "nothing found")
    assert states(browser) == ["removed", "found", "found", "none", "cannot"]
    browser.click("#files-clean")
    browser.wait_until("document.querySelectorAll('[data-state=removed]').length === 3", reporter.SLOW)
    renamed = "[...document.querySelectorAll('.hidden-data input')].map(box => box.checked)"
    assert browser.evaluate(renamed) == [True, True, True, False]
    browser.click("#files-list li:nth-child(2) .hidden-data button")
    browser.wait_until("document.querySelectorAll('[data-state=removed]').length === 2")
    assert states(browser) == ["removed", "found", "removed", "none", "cannot"]
    assert browser.console_errors() == []
    asked = [request for request in browser.requests() if request.url.startswith(office.source)]
    assert {request.method for request in asked} == {"GET"}, "nothing of a file leaves the page"


MAKE = """(async type => {
    const canvas = new OffscreenCanvas(300, 200);
    const context = canvas.getContext('2d');
    for (let i = 0; i < 300; i++) {
        context.fillStyle = `hsla(${i}, 80%, ${20 + i / 5}%, ${type === 'image/jpeg' ? 1 : 0.3 + i / 500})`;
        context.fillRect(i, (i * i) % 150, 40, 40);
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({type, quality: 0.8})).arrayBuffer());
    return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
})"""


def test_pictures_that_browsers_make_can_be_cleaned(browser: Browser, office: Office, tmp_path: Path) -> None:
    """Cleaning knows all that real encoders write, lossy WebP with alpha too."""
    reporter.write_report(browser, office.source + "en/", ANSWERS)
    made = []
    for kind in ("jpeg", "png", "webp"):
        made.append(tmp_path / f"made.{kind}")
        made[-1].write_bytes(base64.b64decode(str(browser.evaluate(f"{MAKE}('image/{kind}')"))))
    assert b"ALPH" in made[-1].read_bytes()
    browser.attach("#files", *made)
    looked(browser)
    while "found" in states(browser):  # Chromium adds a colour profile
        browser.click("[data-state=found] button")
        browser.wait_until("document.querySelector('[data-state=removing]') === null", reporter.SLOW)
    assert set(states(browser)) <= {"none", "removed"}, browser.text("#files-list")


def test_a_file_too_large_to_be_taken_or_looked_at(
    demo_office: DemoOffice, samples: Path, tmp_path: Path
) -> None:
    server = SourceServer(demo_office.server, PELUIT_LARGEST_FILE=str(2**30))
    server.start()
    for name, size in (("large.jpg", 65 * 2**20), ("huge.mp4", 2**31)):
        with (tmp_path / name).open("wb") as file:
            file.write((samples / PHOTO).read_bytes())
            file.truncate(size)
    try:
        with Chromium() as browser:
            reporter.write_report(browser, server.url, ANSWERS)
            browser.attach("#files", tmp_path / "large.jpg", tmp_path / "huge.mp4")
            browser.wait_text("#files-error", "Left out: huge.mp4. The office takes files up to 1.1 GB.")
            assert looked(browser) == ["large"]
            assert browser.text("#files-list .name") == "large.jpg"
            assert "No hidden data" not in browser.text("#files-state")
    finally:
        server.cut_off()


def test_while_no_files_are_taken_the_page_says_that_text_is(demo_office: DemoOffice, samples: Path) -> None:
    server = SourceServer(demo_office.server, PELUIT_EVIDENCE_PER_DAY="0")
    server.start()
    try:
        with Firefox() as browser:
            reporter.write_report(browser, server.url, ANSWERS, [samples / PHOTO])
            browser.wait_text("#files-error", "Files are not taken just now; your text is.")
            assert looked(browser) == ["found"]
    finally:
        server.cut_off()


def test_hostile_values_are_only_text(browser: Browser, office: Office, tmp_path: Path) -> None:
    name = "\u202egpj.<img src=x onerror=alert(1)>" + "x" * 150 + ".pdf"
    document = tmp_path / name
    document.write_bytes(
        b"%PDF-1.7 1 0 obj << /Author (<script>alert\\(1\\)</script>\xfe) /Title ("
        + b"A" * 5000
        + b") /Company (\xfe\xff\x20\x2e\x00a) >>"
    )
    reporter.write_report(browser, office.source + "en/", ANSWERS, [document])
    assert looked(browser) == ["told"]
    shown = browser.text("#files-list")
    assert "<script>alert(1)</script>" in shown and "<img src=x" in shown
    assert "\u202e" not in shown and "A" * 100 not in shown and "x" * 100 not in shown
    assert browser.evaluate("document.querySelectorAll('#files-list :is(script, img)').length") == 0
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
    browser.resize(320, 600)
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_sent_is_what_was_cleaned(office: Office, samples: Path, tmp_path: Path) -> None:
    with Firefox() as browser:
        reporter.write_report(browser, office.source + "en/", ANSWERS)
        browser.attach("#files", samples / PHOTO, samples / SCREENSHOT, samples / "still.webp")
        assert looked(browser) == ["found", "found", "found"]
        # Asked for and sent on at once: sending has to wait for it.
        browser.evaluate(
            "document.querySelector('#files-list li:nth-child(1) .hidden-data button').click(),"
            "document.querySelector('#to-codename').click()"
        )
        browser.wait_for("#codename-words li:nth-child(8)", seconds=reporter.SLOW)
        browser.check("#written-down")
        reporter.send(browser)
    with Chromium() as online:
        reviewer.sign_in(online, office)
        stick = tmp_path / "stick"
        stick.mkdir()
        bundle = reviewer.download_everything_new(online, office, stick)
    office.station("import", str(bundle))
    (case,) = office.station("cases")["cases"]
    out = tmp_path / "out"
    out.mkdir()
    for number in ("1", "2", "3"):
        office.station("evidence", "export", str(case["number"]), number, "--to", str(out))
    arrived = {path.name.partition("-")[2] or path.name: path.read_bytes() for path in originals(out)}
    kept = {(samples / name).read_bytes() for name in (SCREENSHOT, "still.webp")}
    assert set(arrived.values()) == kept | {(samples / "cleaned" / PHOTO).read_bytes()}
    assert not any("IMG_2026" in path.name for path in originals(out))
