"""The door has nothing of the server: as another system user it does all its work."""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto import calendar
from crypto.codename import keys, read, stretch
from crypto.message import Evidence
from store.layout import Layout
from tests.noscript.conftest import Server, Station, as_user, serve
from tests.noscript.test_thread import part, publish
from tests.noscript.visitor import Upload
from tests.store.installation import INSTANCE

# Nobody's in /etc/passwd.
SOURCE, DOOR = 61_001, 61_002
# `peluit serve` starts Python anew.
AGAIN = "import os, sys; os.execv(sys.executable, [sys.executable, '-c', 'import gunicorn, peluit.cli'])"
READ = "import sys; [print(path) for path in sys.argv[1:] if not open(path, 'rb').close()]"


def others_can_run() -> bool:
    """Only root can start programs as other users, and Python must be where they may read it."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return False
    line = [*as_user(DOOR), sys.executable, "-c", AGAIN]
    return subprocess.run(line, capture_output=True, cwd="/").returncode == 0


OTHERS = others_can_run()


@pytest.fixture(params=["one user", "two users"])
def users(request: pytest.FixtureRequest) -> tuple[int, int] | None:
    """Those of source app and door. As one user the door is judged by what it has open."""
    if request.param == "one user":
        return None
    if not OTHERS:
        pytest.skip("needs root, setpriv, and a Python that other users may read")
    return SOURCE, DOOR


@pytest.fixture
def server(layout: Layout, tmp_path: Path, users: tuple[int, int] | None) -> Iterator[Server]:
    folder = tmp_path / "tmp"
    folder.mkdir()
    folder.chmod(0o1777)
    if users:
        for outer in (tmp_path, *tmp_path.parents[:2]):
            outer.chmod(0o711)
        give_to_source(layout.root)
    running = serve(layout, folder, users)
    yield running
    assert running.stop() == ""


def give_to_source(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, SOURCE, SOURCE)


def test_the_door_does_its_work_and_has_no_file_of_the_server(
    server: Server, layout: Layout, station: Station, users: tuple[int, int] | None
) -> None:
    visitor = server.visitor()
    name = visitor.codename()
    codename, channel = ("codename", name), ("channel", "aduan")
    typed = ("answer-what", "Pungli"), ("answer-who", "Petugas")
    assert visitor.post("/id/report/kota-contoh/aduan", *typed, codename).status == 303
    data = os.urandom(100_000)
    assert visitor.attach("/id/evidence/kota-contoh", Upload("a.jpg", data), codename, channel).status == 303
    (evidence,) = [m.content for m in station.messages() if isinstance(m.content, Evidence)]
    assert station.file(evidence) == data
    reporter = keys(stretch(read(name), INSTANCE))
    publish(layout, reporter, part(reporter, "Terima kasih"))
    if users:
        give_to_source(layout.board)
    assert visitor.post("/id/thread/kota-contoh", codename).page.marked("words") == ["Terima kasih"]
    page = visitor.post("/en/erasure/kota-contoh", codename, ("day", calendar.today())).page
    assert "Erased from the server: 3." in page.text and station.counts == (0, 0)
    for pid in server.door():
        held = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
        assert not [path for path in held if path.startswith(str(layout.root))]
        assert str(layout.root) not in Path(f"/proc/{pid}/maps").read_text()
        told = Path(f"/proc/{pid}/environ").read_bytes()
        assert b"PELUIT_SOURCE" in told and str(layout.root).encode() not in told
        if users:
            status = Path(f"/proc/{pid}/status").read_text()
            assert re.search(rf"^Uid:\t{DOOR}\t{DOOR}\t{DOOR}\t{DOOR}$", status, re.M)
            assert re.search(r"^Groups:\s*$", status, re.M)


def test_others_than_the_owner_have_no_right_on_the_data(
    server: Server, layout: Layout, users: tuple[int, int] | None
) -> None:
    visitor = server.visitor()
    typed = ("answer-what", "Pungli"), ("answer-who", "Petugas"), ("codename", visitor.codename())
    assert visitor.post("/id/report/kota-contoh/aduan", *typed).status == 303
    keys = layout.inbox_key, layout.ticket_key, layout.staff_key
    for path in (layout.root, layout.inbox.parent, *keys, layout.inbox, layout.incoming, layout.done):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    if users:
        found = {uid: reading(uid, layout.inbox, layout.inbox_key, layout.staff_key) for uid in users}
        # The owner's program reads them: so it is the right that the door is missing, and not the program.
        assert found[SOURCE].returncode == 0, found[SOURCE].stderr
        assert found[DOOR].returncode == 1 and "PermissionError" in found[DOOR].stderr
        assert found[DOOR].stdout == ""


def reading(uid: int, *paths: Path) -> subprocess.CompletedProcess[str]:
    line = [*as_user(uid), sys.executable, "-c", READ, *map(str, paths)]
    return subprocess.run(line, capture_output=True, text=True, cwd="/")
