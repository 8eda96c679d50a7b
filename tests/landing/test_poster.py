"""The poster: one A4 page that says all, and nothing of where and when it was made."""

import re
import subprocess
from pathlib import Path

import pytest

from crypto.constants import MAX_TITLE_LENGTH
from hardening.deploy.tor.address import OnionAddress
from peluit.demo_office import DemoOffice
from peluit.landing.facts import Facts, Office
from peluit.landing.poster import poster
from tests.landing.conftest import ONION

WORDS = ("dirigent",) * 8
LONGEST = "Inspektorat Kabupaten " * (MAX_TITLE_LENGTH // 22)


@pytest.fixture
def file(landing: Path) -> Path:
    return landing / "site" / "poster-kota-contoh.pdf"


def told(*line: object) -> str:
    """What one of poppler's programs says."""
    return subprocess.run([str(word) for word in line], capture_output=True, text=True, check=True).stdout


def test_it_is_one_page_of_a4_with_all_letters_in_it(file: Path) -> None:
    facts = told("pdfinfo", file)
    assert re.search(r"^Pages: +1$", facts, re.MULTILINE) and "(A4)" in facts
    fonts = told("pdffonts", file).splitlines()[2:]
    assert fonts and all(re.search(r" yes yes yes ", font) for font in fonts)


def test_it_tells_address_and_fingerprint_in_both_languages(file: Path, demo_office: DemoOffice) -> None:
    text = told("pdftotext", "-layout", file, "-")
    assert f"http://{ONION}/" in re.sub(r"\s", "", text)
    assert " ".join(demo_office.root_digits) in re.sub(r"\s+", " ", text)
    for part in ("Lapor tanpa nama", "Inspektorat Kota Contoh", "Report without a name", "Wi-Fi kantor"):
        assert part in text


def test_nothing_tells_when_or_with_what_it_was_made(file: Path) -> None:
    facts = told("pdfinfo", file)
    assert not re.search(r"Date|Producer|Creator|Author", facts)
    assert not re.search(rb"ReportLab|/Producer|/CreationDate|D:\d{4}", file.read_bytes(), re.IGNORECASE)


def test_the_longest_names_fit(tmp_path: Path) -> None:
    office = Office("x", {"id": LONGEST, "en": LONGEST}, ("00000",) * 8, {"id": WORDS, "en": WORDS})
    file = tmp_path / "poster.pdf"
    file.write_bytes(poster(Facts(OnionAddress(ONION), (office,)), office))
    assert re.search(r"^Pages: +1$", told("pdfinfo", file), re.MULTILINE)
    boxes = re.findall(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"',
        told("pdftotext", "-bbox", file, "-"),
    )
    assert len(boxes) > 100
    for left, top, right, bottom in (tuple(map(float, box)) for box in boxes):
        assert 25 < left < right < 570 and 25 < top < bottom < 817
