"""Each check of the doctor is green on a sound server, and red when something is wrong with it."""

import json
import secrets
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from crypto import calendar
from crypto.fields import Day
from hardening.manifest import form, signing
from journalist_app.taking import add_account
from peluit.doctor import apps, data, packages, publications, staff, storage
from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation
from peluit.manifest import served
from store import keyfile, space
from store.board_day import BoardDay
from store.database import Database
from store.layout import Layout
from store.schema import INBOX
from store.staff import open_staff
from store.staff.account import console
from store.staff.schema import STAFF
from tests.peluit.served import ID, PASSPHRASE, serve
from tests.source_app.conftest import start
from tests.workstation.office import OFFICE


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = serve(tmp_path_factory.mktemp("sound"))
    manifest(made.layout).unlink()
    add_account(made.layout, "ani", OFFICE, PASSPHRASE, "administrator")
    made.sends_file(made.desk.reporter(), b"a photograph")
    BoardDay(made.layout.backup_day).write(calendar.today())
    parts = made.parts()
    parts.uploads.tidy(parts.today())
    parts.close()
    return made.layout.root


@pytest.fixture
def here(sound: Path, tmp_path: Path) -> Installation:
    shutil.copytree(sound, tmp_path / "data")
    (tmp_path / "data").chmod(0o700)
    lock = tmp_path / "program" / "requirements"
    lock.mkdir(parents=True)
    real = Path(packages.__file__).parents[2] / "requirements" / "server.txt"
    shutil.copy(real, lock / "server.txt")
    return Installation(data=tmp_path / "data", program=lock.parent, etc=tmp_path, run=tmp_path)


def sql(path: Path, key: Path, *statements: str) -> None:
    database = Database(path, keyfile.read(key), INBOX if path.name == "inbox.db" else STAFF)
    with database.write() as connection:
        for statement in statements:
            connection.execute(statement)
    database.close()


def in_inbox(layout: Layout, *statements: str) -> None:
    sql(layout.inbox, layout.inbox_key, *statements)


def in_staff(layout: Layout, *statements: str) -> None:
    sql(layout.staff, layout.staff_key, *statements)


def corrupt(layout: Layout) -> None:
    with layout.inbox.open("r+b") as file:
        file.seek(3 * 4096 + 100)
        file.write(secrets.token_bytes(64))


def invite(layout: Layout) -> None:
    store = open_staff(layout, clock=lambda: 0.0)
    store.people.invite(console(ID), "budi", "reviewer")
    store.close()


def blob(layout: Layout) -> Path:
    return next(layout.done.glob("*/*"))


def stray(layout: Layout) -> None:
    blob(layout).with_name("0" * 32).write_bytes(b"")


def old_upload(layout: Layout) -> None:
    (layout.incoming / "2026-01-01").mkdir()


def manifest(layout: Layout) -> Path:
    return layout.pages / served.WELL_KNOWN / "manifest.json"


def asset(layout: Layout) -> Path:
    return next((layout.pages / "assets").iterdir())


def sign(layout: Layout, day: Day, days: int = 180) -> None:
    """Publishes a manifest of what lies there."""
    key = SigningKey.generate()
    made = form.build(served.of_folder(layout.root), served.DOWNLOADS, "urn:peluit", "1", day)
    where = layout.pages / served.WELL_KNOWN
    where.mkdir(parents=True, exist_ok=True)
    signed = signing.add(signing.Signed(made, {}), key)
    (where / "manifest.json").write_bytes(signing.write(signed))
    enrollment = signing.Enrollment((key.verify_key.encode(),), 1, days)
    (where / "enrollment.json").write_bytes(signing.write_enrollment(enrollment))


def change_page(layout: Layout) -> None:
    sign(layout, calendar.today())
    page = layout.pages / "id" / "index.html"
    page.write_bytes(page.read_bytes() + b" ")


FAULTS: list[tuple[Check, Callable[[Layout], object], str]] = [
    (data.folder, lambda here: here.site.unlink(), "peluit init"),
    (data.folder, lambda here: here.site.write_text("{}"), "peluit init"),
    (data.folder, lambda here: here.root.chmod(0o705), "chmod o= "),
    (data.keys, lambda here: here.inbox_key.unlink(), "peluit restore"),
    (data.keys, lambda here: here.staff_key.write_bytes(b"short"), "peluit restore"),
    (data.keys, lambda here: here.ticket_key.chmod(0o644), "chmod 600"),
    (data.databases, corrupt, "peluit restore"),
    (data.databases, lambda here: here.inbox_key.write_bytes(bytes(32)), "peluit restore"),
    (data.databases, lambda here: here.staff.write_bytes(b"not a database" * 1000), "peluit restore"),
    (data.databases, lambda here: in_inbox(here, "PRAGMA user_version = 99"), "peluit host install"),
    (data.databases, lambda here: in_staff(here, "PRAGMA user_version = 1"), "systemctl restart"),
    (data.databases, lambda here: in_inbox(here, "PRAGMA application_id = 1"), "peluit tidy"),
    (publications.keys, lambda here: shutil.rmtree(here.directories), "peluit station bundle"),
    (
        publications.keys,
        lambda here: next(here.directories.glob("*/*/directory")).write_bytes(b"x" * 99),
        "peluit station bundle",
    ),
    (publications.board, lambda here: shutil.rmtree(here.board), "peluit station bundle"),
    (publications.board, lambda here: here.board_day.unlink(), "peluit publish-board"),
    (publications.board, lambda here: here.board_day.write_text("2026-01-01"), "peluit publish-board"),
    (publications.pages, lambda here: asset(here).write_text("other"), "peluit tor addresses"),
    (publications.pages, lambda here: asset(here).unlink(), "peluit tor addresses"),
    (publications.pages, lambda here: (here.pages / "id/index.html").unlink(), "peluit tor addresses"),
    (publications.manifest, change_page, "peluit manifest build"),
    (publications.manifest, lambda here: sign(here, Day("2025-01-01")), "peluit manifest sign"),
    (
        publications.manifest,
        lambda here: (sign(here, calendar.today()), manifest(here).write_bytes(b"{}")),
        "peluit manifest build",
    ),
    (storage.uploads, old_upload, "peluit tidy"),
    (storage.uploads, lambda here: (here.run / ".copy-12").write_bytes(b""), "peluit backup"),
    (storage.evidence, lambda here: blob(here).unlink(), "peluit restore"),
    (storage.evidence, stray, "peluit tidy"),
    (storage.backups, lambda here: here.backup_day.unlink(), "peluit backup"),
    (storage.backups, lambda here: here.backup_day.write_text("2026-01-01"), "peluit backup"),
    (staff.accounts, invite, f"peluit invite --folder {{}} --office {OFFICE} budi"),
    (staff.accounts, lambda here: in_staff(here, "UPDATE account SET totp = ''"), "peluit restore"),
    (staff.accounts, lambda here: in_staff(here, "DELETE FROM account"), "--role administrator NAME"),
    (staff.demo, lambda here: here.root.with_name("sign-in.json").write_text("{}"), "peluit init"),
]
ALL = (*data.CHECKS, *publications.CHECKS, *storage.CHECKS, *staff.CHECKS, *packages.CHECKS)


def bad(here: Installation, check: Check) -> list[Finding]:
    return [finding for finding in check(here) if finding.state != "good"]


@pytest.mark.parametrize("check", ALL, ids=lambda check: f"{check.__module__}.{check.__name__}")
def test_a_sound_server_is_good(here: Installation, check: Check) -> None:
    assert list(check(here)), "a check that says nothing checks nothing"
    assert bad(here, check) == []


@pytest.mark.parametrize(("check", "plant", "mend"), FAULTS)
def test_a_fault_is_seen(
    here: Installation, check: Check, plant: Callable[[Layout], object], mend: str
) -> None:
    plant(here.layout)
    (found, *_) = bad(here, check)
    assert found.state == "bad"
    assert mend.format(here.data) in found.mend


@pytest.mark.parametrize(
    ("days", "check", "mend"),
    [
        (10, publications.keys, "peluit station renew"),
        (400, publications.keys, "peluit station renew"),
        (-2, publications.clock, "timedatectl"),
        (5_000, publications.clock, "timedatectl"),
        (9, storage.backups, "peluit backup"),
        (3, publications.board, "peluit publish-board"),
    ],
)
def test_days_that_pass(here: Installation, days: int, check: Check, mend: str) -> None:
    (found,) = bad(replace(here, today=calendar.add_days(calendar.today(), days)), check)
    assert (found.state, found.mend.startswith(mend)) == ("bad", True)


def test_a_board_that_is_published_every_week(here: Installation) -> None:
    here.layout.board_day.write_text(calendar.add_days(here.today, -6))
    assert bad(here, publications.board)
    assert not bad(replace(here, board_days=7), publications.board)


def test_a_disk_that_fills(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    free = space.room(here.data, 0)
    (full,) = bad(replace(here, reserve=free * 2), storage.space)
    (texts,) = bad(replace(here, reserve=free * 2 // 3), storage.space)
    assert ("nothing is taken" in full.says, "files are not" in texts.says) == (True, True)
    monkeypatch.setattr(storage, "has_inodes", lambda _folder: False)
    (inodes,) = bad(here, storage.space)
    assert "inodes" in inodes.says


def test_pages_that_were_signed(here: Installation) -> None:
    sign(here.layout, here.today)
    (found,) = publications.manifest(here)
    assert (found.state, found.says) == ("good", f"The pages are those that were signed on {here.today}.")


def test_packages_of_another_version(here: Installation) -> None:
    lock = here.program / "requirements" / "server.txt"
    lock.write_text(lock.read_text().replace("flask==", "flask==99."))
    (found,) = bad(here, packages.packages)
    assert "flask" in found.says and f"--require-hashes -r {lock}" in found.mend


def test_an_old_python(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "LEAST", (99, 0))
    (found,) = bad(here, packages.python)
    assert found.mend == "apt-get install python3"


@pytest.fixture
def talkative(tmp_path: Path) -> Iterator[Callable[[bytes], str]]:
    """Makes a server that answers every request with these bytes; gives where it listens."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "socket"))
    server.listen()

    def serve_with(answer: bytes) -> str:
        def go_on() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    connection.sendall(answer)

        threading.Thread(target=go_on, daemon=True).start()
        return f"unix:{tmp_path / 'socket'}"

    yield serve_with
    server.shutdown(socket.SHUT_RDWR)
    server.close()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"HTTP/1.1 200 OK\r\nServer: x\r\nDate: y\r\nContent-Length: 0\r\n\r\n", "Server, Date"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "an error (500)"),
        (b"SSH-2.0-OpenSSH\r\n", "does not answer"),
    ],
)
def test_an_app_that_answers_wrongly(
    here: Installation, talkative: Callable[[bytes], str], answer: bytes, says: str
) -> None:
    (found,) = bad(replace(here, binds={"source": talkative(answer)}), apps.answers)
    assert says in found.says and found.mend == "systemctl restart peluit-source.service"


def test_a_real_app_is_good(here: Installation) -> None:
    with tempfile.TemporaryDirectory(prefix="p") as folder:  # a socket's path has at most 107 bytes
        server = start(here.layout, Path(folder))
        found = list(apps.answers(replace(here, binds={"source": f"unix:{server.address}"})))
        server.stop()
    assert [(finding.check, finding.state) for finding in found] == [("app source", "good")]


def test_an_app_that_does_not_run(here: Installation, tmp_path: Path) -> None:
    (found,) = bad(replace(here, binds={"journalist": f"unix:{tmp_path}/nothing"}), apps.answers)
    assert found.mend == "systemctl restart peluit-journalist.service"
    (port,) = bad(replace(here, binds={"source": "127.0.0.1:1"}), apps.answers)
    assert port.state == "bad"


def test_no_door_without_scripts_is_no_fault(here: Installation) -> None:
    binds = {"noscript": "unix:/run/peluit-noscript/socket"}
    assert not bad(replace(here, binds=binds), apps.answers)
    (here.run / "peluit-noscript").mkdir()
    assert bad(replace(here, binds=binds), apps.answers)


def test_the_doctor_changes_nothing_and_tells_no_ids(here: Installation) -> None:
    def look() -> dict[str, tuple[int, bytes]]:
        files = (path for path in here.data.rglob("*") if path.is_file())
        return {
            str(path.relative_to(here.data)): (path.stat().st_mtime_ns, path.read_bytes())
            for path in files
            if not path.name.endswith(("-wal", "-shm"))
        }

    before, said = look(), json.dumps([repr(f) for check in ALL for f in check(here)])
    assert look() == before
    shutil.rmtree(here.layout.done)
    here.layout.done.mkdir()
    said += json.dumps([repr(f) for check in ALL for f in check(here)])
    ids = [path.split("/")[-1] for path in before if path.startswith("blobs/done")]
    assert ids and not any(name in said for name in ids)
    secret = [(here.data / path).read_bytes().hex() for path in before if path.endswith(".key")]
    assert not any(key in said for key in secret)
