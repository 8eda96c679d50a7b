"""`peluit landing`: what it writes, and where it takes the address from."""

import re
from pathlib import Path

import pytest

from peluit.demo_office import DemoOffice
from tests.landing.conftest import ONION
from tests.peluit.running import PELUIT, refusal, run


def test_what_is_served_and_what_is_not(landing: Path) -> None:
    files = {path.relative_to(landing).as_posix() for path in landing.rglob("*") if path.is_file()}
    assert files == {
        *("Caddyfile", "nginx.conf", "site/index.html", "site/en/index.html"),
        *("site/style.css", "site/qr.png", "site/poster-kota-contoh.pdf"),
    }


def test_the_same_facts_give_the_same_bytes(landing: Path, demo_office: DemoOffice, tmp_path: Path) -> None:
    line = ("--folder", demo_office.server, "--to", tmp_path / "made", "--domain", "lapor.example.go.id")
    assert run(PELUIT, "landing", *line, "--onion", f"http://{ONION}/").returncode == 0
    for path in landing.rglob("*"):
        if path.is_file():
            assert (tmp_path / "made" / path.relative_to(landing)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("page", ["index.html", "en/index.html"])
def test_a_page_has_address_and_fingerprint_and_nothing_foreign(
    landing: Path, demo_office: DemoOffice, page: str
) -> None:
    text = (landing / "site" / page).read_text("utf-8")
    assert f'<p class="address">http://{ONION}/</p>' in text
    for digits in demo_office.root_digits:
        assert f"<span>{digits}</span>" in text
    assert not re.search(r"<script|style=|<iframe|<form| on\w+=", text)
    loaded = re.findall(r'(?:src|<link rel="stylesheet" href)="([^"]*)"', text)
    assert sorted(path.lstrip("./") for path in loaded) == ["qr.png", "style.css"]
    # an ordinary browser would ask its network for the onion's name
    links = re.findall(r'<a href="(http[^"]*)"', text)
    assert links == ["https://www.torproject.org/download/"]
    assert len(text.encode()) < 30_000


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_both_servers_say_the_same_and_log_nothing(landing: Path, name: str) -> None:
    text = (landing / name).read_text("utf-8")
    for line in (
        f'Onion-Location "http://{ONION}/"',
        "Content-Security-Policy \"default-src 'none'; style-src 'self'; img-src 'self'; ",
        'Cache-Control "no-store"',
        'Referrer-Policy "no-referrer"',
    ):
        assert line in text
    assert "lapor.example.go.id" in text
    quiet = {"nginx.conf": ("access_log off;", "error_log /dev/null crit;"), "Caddyfile": ("output discard",)}
    assert all(line in text for line in quiet[name])
    assert len(re.findall(r"log", text)) == {"nginx.conf": 4, "Caddyfile": 2}[name]


def test_what_is_there_stays(landing: Path, demo_office: DemoOffice) -> None:
    line = ("--folder", demo_office.server, "--to", landing, "--onion", ONION)
    assert "is there already" in refusal("landing", *line)


def test_addresses_that_are_wrong_by_a_letter(demo_office: DemoOffice, tmp_path: Path) -> None:
    line = ("--folder", demo_office.server, "--to", tmp_path / "made")
    for wrong in (ONION.replace("k3", "k4"), "example.org", "x"):
        assert "no onion address" in refusal("landing", *line, "--onion", wrong)
    assert "Start it first" in refusal("landing", *line, "--tor", tmp_path)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("domain", ["x", "a b.org", "-a.org", "x;}.org", "x.org\n", "A.org", "1.2.3.4"])
def test_domains_that_are_none(demo_office: DemoOffice, tmp_path: Path, domain: str) -> None:
    line = ("--folder", demo_office.server, "--to", tmp_path / "made", "--onion", ONION)
    done = run(PELUIT, "landing", *line, f"--domain={domain}")
    assert done.returncode == 2 and "is no domain" in done.stderr


def test_without_a_server(tmp_path: Path) -> None:
    line = ("--folder", tmp_path, "--to", tmp_path / "made", "--onion", ONION)
    assert "holds no server's data" in refusal("landing", *line)
