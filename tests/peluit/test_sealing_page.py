"""`peluit sealing-page`: what the server serves, as a file."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from peluit.demo_office import DemoOffice
from source_app.sealing_files import SealingFiles
from store.layout import Layout
from tests.peluit.running import PELUIT, refusal, run


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_is_what_the_server_serves(demo_office: DemoOffice, tmp_path: Path, language: str) -> None:
    page = tmp_path / "for the office.html"
    done = run(PELUIT, "sealing-page", "--folder", demo_office.server, "--to", page, "--language", language)
    assert (done.returncode, done.stderr) == (0, "")
    assert page.read_bytes() == SealingFiles(Layout(demo_office.server)).page(language)
    assert done.stdout == f"{hashlib.sha256(page.read_bytes()).hexdigest()}  {page.name}\n"
    checked = subprocess.run(
        ["sha256sum", "-c"], input=done.stdout, text=True, capture_output=True, cwd=tmp_path
    )
    assert checked.returncode == 0


def test_what_is_there_stays(demo_office: DemoOffice, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"mine")
    said = refusal("sealing-page", "--folder", demo_office.server, "--to", page, "--language", "id")
    assert said.startswith(f"peluit: {page} is there already. Nothing was changed; ")
    assert page.read_bytes() == b"mine"


def test_without_a_server_or_a_place(demo_office: DemoOffice, tmp_path: Path) -> None:
    to = ["--to", tmp_path / "page.html", "--language", "id"]
    assert "holds no server's data" in refusal("sealing-page", "--folder", tmp_path, *to)
    nowhere = ["--to", tmp_path / "no" / "page.html", "--language", "id"]
    assert "cannot be used" in refusal("sealing-page", "--folder", demo_office.server, *nowhere)
    assert not (tmp_path / "page.html").exists()


def test_a_server_without_a_build(demo_office: DemoOffice, tmp_path: Path) -> None:
    (part,) = (Layout(demo_office.server).pages / "assets").glob("sealing-*")
    aside = part.rename(tmp_path / part.name)
    try:
        to = ["--to", tmp_path / "page.html", "--language", "id"]
        assert "has not been built" in refusal("sealing-page", "--folder", demo_office.server, *to)
    finally:
        aside.rename(part)
