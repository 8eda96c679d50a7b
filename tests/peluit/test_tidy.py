"""`peluit tidy`, and the limits of `peluit serve`."""

import os
import sys
from pathlib import Path

import pytest

from crypto import calendar
from peluit import cli
from peluit.commands import options
from store import keyfile
from store.inbox import InboxWriter
from store.layout import Layout
from store.space import DEFAULT_LIMITS
from store.uploads import Uploads
from tests.peluit.running import PELUIT, refusal, run
from tests.store.installation import install
from tests.store.uploading import new_upload, put_all


def test_tidying_removes_what_nobody_finished(tmp_path: Path) -> None:
    layout = install(Layout(tmp_path / "server")).layout
    writer = InboxWriter(layout.inbox, keyfile.read(layout.inbox_key))
    uploads, today = Uploads(layout, writer, DEFAULT_LIMITS), calendar.today()
    old, new = new_upload(expires=calendar.add_days(today, -1)), new_upload(expires=today)
    put_all(uploads, old)
    put_all(uploads, new)
    done = run(PELUIT, "tidy", layout.root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert uploads.have(old).pieces == ()
    assert uploads.have(new).pieces != ()
    assert [path.name for path in layout.blanks.iterdir()] == [today]
    writer.close()


def test_tidying_needs_a_server(tmp_path: Path) -> None:
    assert "holds no server's data" in refusal("tidy", tmp_path)


@pytest.mark.parametrize(
    ("text", "size"), [("1", 1), ("5000000", 5_000_000), ("3M", 3 * 2**20), ("8G", 8 * 2**30), ("1T", 2**40)]
)
def test_sizes(text: str, size: int) -> None:
    assert options.size(text) == size


@pytest.mark.parametrize("text", ["", "0", "G", "-1", "1.5G", "8g", "8 G", "\u0663", "8GB"])
def test_what_is_no_size(text: str) -> None:
    done = run(PELUIT, "serve", "source", "--folder", "x", "--bind", "y", f"--largest-file={text}")
    assert done.returncode == 2
    assert "write bytes, or a number with M, G or T" in done.stderr


def test_the_limits_reach_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = install(Layout(tmp_path / "server")).layout
    started = []
    monkeypatch.setattr(os, "execve", lambda *call: started.append(call))
    limits = ("--largest-file", "5G", "--evidence-per-day", "20G")
    cli.main(["serve", "source", "--folder", str(layout.root), "--bind", "127.0.0.1:1", *limits])
    ((_program, _line, environment),) = started
    asked = "from source_app.wsgi import app; print(app.test_client().get('/api/intake').text)"
    said = run(sys.executable, "-c", asked, env=environment).stdout
    assert said.strip() == '{"evidence":"open","largest":5368709120}'
    assert environment["PELUIT_EVIDENCE_PER_DAY"] == str(20 * 2**30)
