"""`peluit backup` and `restore`: what is inside, who opens it, and everything that can be wrong."""

import io
import os
import resource
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from crypto import calendar, server_backup
from crypto.constants import CHUNK_SIZE
from crypto.fields import OfficeId, ReviewerId
from crypto.keypairs import KemKeyPair
from crypto.open.server_backup import Body, open_code
from crypto.seal.server_backup import Recipients, seal
from peluit import backup_archive
from peluit.backup_archive import Member
from peluit.backup_errors import BackupDamagedError
from peluit.errors import CommandError
from peluit.restore import restore
from store import keyfile, site
from store.board_day import BoardDay
from store.database import Database
from store.errors import StoreError
from store.layout import Layout
from store.reader import open_inbox
from store.schema import INBOX
from tests.peluit.running import PELUIT, refusal, run
from tests.peluit.served import ID, Served, serve
from tests.workstation.office import OFFICE, make_desk
from workstation import changing
from workstation.keyfile import cost_of
from workstation.station import rewrite_key, unlock

NOBODY = "00000-" * 7 + "00000"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Served:
    made = serve(tmp_path_factory.mktemp("pristine"))
    made.reports(made.desk.reporter(), "a report")
    made.sends_file(made.desk.reporter(), b"a photograph" * 100_000)
    done = made.backup(made.where / "backup")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="module")
def whole(pristine: Served) -> bytes:
    return (pristine.where / "backup").read_bytes()


@pytest.fixture(scope="module")
def code(pristine: Served) -> str:
    return pristine.code(pristine.where / "backup")


@pytest.fixture
def served(pristine: Served, tmp_path: Path) -> Served:
    """A copy, for tests that change the server."""
    for name in ("server", "tor"):
        shutil.copytree(pristine.where / name, tmp_path / name)
    return replace(pristine, where=tmp_path)


def members(pristine: Served, file: Path, code: str) -> dict[str, bytes]:
    """What is inside."""
    found: dict[str, bytes] = {}
    with file.open("rb") as backup:
        head = server_backup.read_head(backup)
        body = Body(backup, server_backup.body_key(server_backup.read_code(code), head))
        backup_archive.read(
            io.BufferedReader(body),
            lambda path, _size, pieces: found.update({path: b"".join(pieces)}),
        )
    return found


def sealed_as(pristine: Served, inside: dict[str, bytes], office: str = OFFICE) -> tuple[bytes, str]:
    """A backup of this server with other contents, and its code: anybody can make one, sealed to anybody."""
    pair, epoch = KemKeyPair.generate(), calendar.epoch_of(calendar.today())
    archive = backup_archive.write(Member(p, len(d), lambda d=d: iter([d])) for p, d in inside.items())
    offices = {OfficeId(office): Recipients(epoch, {ReviewerId("x"): pair.public})}
    instance = pristine.desk.directory.office.instance
    made = b"".join(seal(instance, calendar.today(), offices, archive))
    head = server_backup.read_head(io.BytesIO(made))
    return made, server_backup.spell(open_code(head, OfficeId(office), ReviewerId("x"), pair))


def refused(backup: bytes, where: Path, code: str, answer: str = "yes") -> str:
    """What `restore` says when it refuses; then nothing is there but the backup."""
    file = where / "a-backup"
    file.write_bytes(backup)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(CommandError) as caught:
        patch.setattr(sys, "stdin", io.StringIO(f"{answer}\n"))
        restore(file, where / "new", lambda _head: code, None)
    assert {path.name for path in where.iterdir()} == {"a-backup"}
    return str(caught.value)


def test_what_is_inside(pristine: Served, code: str) -> None:
    found = members(pristine, pristine.where / "backup", code)
    folders = {path.split("/")[0] for path in found}
    assert folders == {"inbox.key", "inbox.db", "staff.key", "staff.db", "public", "blobs", "tor"}
    own = {path.read_bytes() for path in pristine.layout.root.rglob("*.key")}
    assert not own & set(found.values())  # not even a backup's reader opens the server that was copied
    assert not [path for path in found if "board" in path or path.startswith(("run", "imports"))]
    assert len([path for path in found if path.startswith("tor/")]) == 12


def test_nothing_in_it_is_readable_without_the_code(pristine: Served, whole: bytes, code: str) -> None:
    for path, data in members(pristine, pristine.where / "backup", code).items():
        assert data[:16] not in whole, path
    assert NOBODY.encode() not in whole and code.encode() not in whole


def test_any_reviewer_opens_it_and_nobody_else(
    pristine: Served, whole: bytes, code: str, tmp_path: Path
) -> None:
    backup = tmp_path / "cut"
    backup.write_bytes(whole[: 2 * 2**20])  # the first 2 MB are enough for the station
    done = run(PELUIT, "station", "server-backup", "--from", backup, *pristine.desk.as_("r1"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[2].strip() == code
    other = make_desk(tmp_path)
    done = run(PELUIT, "station", "server-backup", "--from", backup, *other.as_("r1"))
    assert done.returncode == 1 and "not for the station" in done.stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: b"", "is no backup of a server"),
        (lambda data: data[:3000], "is no backup of a server"),
        (lambda data: b"peluit-backup/2\n" + data[16:], "is no backup of a server"),
        (lambda data: data.replace(b'"stanzas":{"r1":"', b'"stanzas":{"r1":"A', 1), "is no backup"),
        (lambda data: data.replace(b'"day":"2', b'"day":"1', 1), "does not open for r2"),
    ],
)
def test_what_the_station_does_not_open(
    pristine: Served, whole: bytes, tmp_path: Path, change: Callable[[bytes], bytes], says: str
) -> None:
    backup = tmp_path / "backup"
    backup.write_bytes(change(whole))
    done = run(PELUIT, "station", "server-backup", "--from", backup, *pristine.desk.as_("r2"))
    assert done.returncode == 1 and says in done.stderr


def test_keys_that_were_destroyed_open_no_backup(pristine: Served, whole: bytes, tmp_path: Path) -> None:
    """Forward secrecy: with the week's keys goes every backup that was made in it."""
    folder = tmp_path / "station"
    shutil.copytree(pristine.desk.folder, folder)
    passphrase = pristine.desk.passphrase_file("r2").read_text().strip()
    with unlock(folder, "r2", passphrase) as station, changing.change(station.layout) as change:
        cost = cost_of(station.layout.reviewer_key(station.reviewer).read_bytes(), "r2")
        rewrite_key(change, replace(station.keys, epochs={}), passphrase, cost)
    backup = tmp_path / "backup"
    backup.write_bytes(whole)
    line = ("--folder", folder, *pristine.desk.as_("r2")[2:])
    done = run(PELUIT, "station", "server-backup", "--from", backup, *line)
    assert done.returncode == 1 and "keys of its week are destroyed" in done.stderr


@pytest.mark.parametrize("at", [20, 2_000, 8_000, -1, -16, -17, -(CHUNK_SIZE + 16), -(CHUNK_SIZE + 100)])
def test_a_backup_that_was_cut(whole: bytes, code: str, tmp_path: Path, at: int) -> None:
    said = refused(whole[:at], tmp_path, code)
    assert "ends too early" in said or "damaged" in said or "no backup" in said


def test_the_end_of_a_chunk_is_no_end(whole: bytes, code: str, tmp_path: Path) -> None:
    head = server_backup.read_head(io.BytesIO(whole))
    start = len(head.data) + len(head.commitment)
    assert "ends too early" in refused(whole[: start + CHUNK_SIZE + 16], tmp_path, code)


@pytest.mark.parametrize("at", [0, 17, 3_500, 6_000, 1_000_000, -1])
def test_a_backup_that_was_changed(whole: bytes, code: str, tmp_path: Path, at: int) -> None:
    changed = bytearray(whole)
    changed[at] ^= 1
    assert refused(bytes(changed), tmp_path, code)


def test_a_backup_that_goes_on(whole: bytes, code: str, tmp_path: Path) -> None:
    assert "damaged" in refused(whole + b"\0", tmp_path, code)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "no opening code"),
        ("12345", "no opening code"),
        ("99999" * 8, "no opening code"),
        (NOBODY, "not the opening code of this backup"),
    ],
)
def test_a_code_that_is_none(whole: bytes, tmp_path: Path, typed: str, says: str) -> None:
    assert says in refused(whole, tmp_path, typed)


def test_a_fingerprint_that_is_not_confirmed(whole: bytes, code: str, tmp_path: Path) -> None:
    assert "not confirmed" in refused(whole, tmp_path, code, answer="no")


BAD_PATHS = (
    *("../x", "/etc/x", "public/../x", "public/.hidden", "keys/x", "run/x", "inbox.db/x", "public"),
    *("blobs/x/00", f"blobs/../{'0' * 32}", f"blobs/X/{'0' * 32}", "tor/../x", "tor/source/torrc"),
    *("tor/source/authorized_clients/../x.auth", "public/board/x", "x\0y", "public//pages/x", "x" * 600),
)


@pytest.mark.parametrize("path", BAD_PATHS)
def test_paths_that_no_server_has(pristine: Served, tmp_path: Path, path: str) -> None:
    assert "damaged" in refused(*_with_code(pristine, {path: b"x"}, tmp_path))


def test_paths_that_stand_there_twice() -> None:
    twice = b"".join(backup_archive.write([Member("a", 1, lambda: iter([b"x"]))] * 2))
    with pytest.raises(BackupDamagedError):
        backup_archive.read(io.BytesIO(twice), lambda _path, _size, pieces: list(pieces) and None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda inside: inside.pop("public/site.json"), "the site file is not there"),
        (lambda inside: inside.pop("inbox.db"), "inbox.db is not there"),
        (lambda inside: inside.pop("staff.key"), "staff.key is not there"),
        (lambda inside: inside.update({"inbox.key": bytes(32)}), "does not open"),
        (lambda inside: inside.update({"inbox.db": damaged(inside["inbox.db"])}), "inbox is damaged"),
    ],
)
def test_contents_that_are_no_server(
    pristine: Served, code: str, tmp_path: Path, change: Callable[[dict[str, bytes]], object], says: str
) -> None:
    inside = members(pristine, pristine.where / "backup", code)
    change(inside)
    assert says in refused(*_with_code(pristine, inside, tmp_path))


def test_a_backup_of_a_newer_version(pristine: Served, code: str, tmp_path: Path) -> None:
    inside = members(pristine, pristine.where / "backup", code)
    path = tmp_path / "inbox.db"
    path.write_bytes(inside["inbox.db"])
    database = Database(path, keyfile.RawKey(inside["inbox.key"]), INBOX)
    with database.write() as connection:
        connection.execute("PRAGMA user_version = 99")
    database.close()
    inside["inbox.db"] = path.read_bytes()
    for beside in tmp_path.iterdir():
        beside.unlink()
    assert "newer Peluit" in refused(*_with_code(pristine, inside, tmp_path))


def test_evidence_that_went_while_the_backup_was_made(pristine: Served, code: str, tmp_path: Path) -> None:
    """A blob without its file was erased meanwhile; a file that the database does not know came meanwhile."""
    inside = members(pristine, pristine.where / "backup", code)
    (blob,) = [path for path in inside if path.startswith("blobs/")]
    inside[f"blobs/{OFFICE}/{'0' * 32}"] = inside.pop(blob)
    made, opens = sealed_as(pristine, inside)
    (tmp_path / "a-backup").write_bytes(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO("yes\n"))
        restore(tmp_path / "a-backup", tmp_path / "new", lambda _head: opens, None)
    layout = Layout(tmp_path / "new")
    assert list(layout.done.glob("*/*")) == []
    database = open_inbox(layout.inbox, keyfile.read(layout.inbox_key))
    with database.read() as connection:
        kinds = [kind for (kind,) in connection.execute("SELECT kind FROM item")]
    database.close()
    assert kinds == ["item", "item"]


def test_a_folder_in_use_is_not_touched(pristine: Served, whole: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "something").write_text("here")
    (tmp_path / "a-backup").write_bytes(whole)
    done = pristine.restore(tmp_path / "a-backup", tmp_path / "new", f"{code}\nyes\n")
    assert done.returncode == 1 and "already holds" in done.stderr
    assert (tmp_path / "new" / "something").read_text() == "here"


def test_a_restoration_that_was_cut_off(pristine: Served, whole: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / "a-backup").write_bytes(whole)
    line = ["--from", tmp_path / "a-backup", "--folder", tmp_path / "new", "--without-tor"]
    full = subprocess.run(
        [PELUIT, "restore", *line],
        input=f"{code}\nyes\n",
        preexec_fn=limited(100_000),
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 1 and "no room left" in full.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"a-backup"}
    process = subprocess.Popen([PELUIT, "restore", *line], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    process.stdin.write(f"{code}\n".encode())
    process.stdin.flush()
    heard = b""
    while b"fingerprint" not in heard:
        heard = process.stdout.readline()
        assert heard
    process.kill()
    process.communicate()
    assert not (tmp_path / "new").exists()
    assert pristine.restore(tmp_path / "a-backup", tmp_path / "new", f"{code}\nyes\n").returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"a-backup", "new"}


def test_onion_addresses_are_not_overwritten(pristine: Served, code: str, tmp_path: Path) -> None:
    tor, backup = tmp_path / "tor", pristine.where / "backup"
    done = pristine.restore(backup, tmp_path / "new", f"{code}\nyes\n", tor)
    assert done.returncode == 1 and "peluit tor setup" in done.stderr
    (tor / "source").mkdir(parents=True)
    (tor / "source" / "hs_ed25519_secret_key").write_bytes(b"another")
    done = pristine.restore(backup, tmp_path / "new", f"{code}\nyes\n", tor)
    assert done.returncode == 1 and "holds another address already" in done.stderr
    assert not (tmp_path / "new").exists()
    assert (tor / "source" / "hs_ed25519_secret_key").read_bytes() == b"another"


def test_several_offices(served: Served) -> None:
    known = site.read(served.layout)
    served.layout.site.unlink()
    other = replace(known.offices[0], id=OfficeId("other"))
    site.write(served.layout, replace(known, offices=(*known.offices, other)))
    to = served.where / "backup"
    assert f"--office {OFFICE}|other" in served.backup(to).stderr
    assert "other has published no keys" in served.backup(to, "--office", "other").stderr
    assert served.backup(to, "--office", OFFICE).returncode == 0


def test_where_a_backup_may_lie(served: Served) -> None:
    assert "must outlive" in served.backup(served.layout.root / "backup").stderr
    there = served.where / "there"
    there.write_text("something")
    assert "is there already" in served.backup(there).stderr
    assert there.read_text() == "something"
    assert "holds no server's data" in refusal("backup", "--folder", served.tor, "--to", served.where / "x")


def limited(size: int) -> Callable[[], None]:
    """For a child: no file grows larger; what would, gets the error of a full disk."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk_leaves_nothing(served: Served) -> None:
    to = served.where / "backup"
    line = [PELUIT, "backup", "--folder", served.layout.root, "--to", to, "--tor", served.tor]
    done = subprocess.run(line, preexec_fn=limited(2**20), capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "has no room for the backup" in done.stderr
    assert not list(served.where.glob("backup*")) and not list(served.layout.run.glob(".copy-*"))


@contextmanager
def half_way(served: Served, to: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A backup that has come to the evidence, and waits there until the block ends."""
    blob = next(served.layout.done.glob("*/*"))
    blob.unlink()
    os.mkfifo(blob)
    line = [PELUIT, "backup", "--folder", served.layout.root, "--to", to, "--tor", served.tor]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL)

    def let_go() -> None:
        process.wait()
        with suppress(FileNotFoundError):
            os.close(os.open(blob, os.O_RDONLY | os.O_NONBLOCK))

    threading.Thread(target=let_go, daemon=True).start()
    with blob.open("wb"):  # opens when the backup opens it, or has ended before
        yield process
    process.wait()


def test_a_backup_that_was_killed(served: Served) -> None:
    to = served.where / "backup"
    served.layout.backup_day.unlink()
    with half_way(served, to) as process:
        assert (served.where / "backup.part").exists()
        assert not list(served.layout.run.glob(".copy-*"))  # the copies have no names any more
        process.kill()
    assert not to.exists() and BoardDay(served.layout.backup_day).read() is None
    next(served.layout.done.glob("*/*")).unlink()
    assert served.backup(to).returncode == 0
    assert not (served.where / "backup.part").exists()


def test_the_server_goes_on_while_it_is_made(served: Served) -> None:
    to = served.where / "backup"
    with half_way(served, to) as process:
        served.reports(served.desk.reporter(), "another report")
        database = open_inbox(served.layout.inbox, keyfile.read(served.layout.inbox_key))
        database.compact()  # as every erasure ends
        database.close()
    assert process.returncode == 0
    database = open_inbox(served.layout.inbox, keyfile.read(served.layout.inbox_key))
    inside = members(served, to, served.code(to))["inbox.db"]
    assert len(inside) < served.layout.inbox.stat().st_size
    database.close()


def test_what_a_copy_leaves_when_it_is_cut_off_opens_with_nothing(served: Served) -> None:
    left = served.layout.run / ".copy-0123"
    database = open_inbox(served.layout.inbox, keyfile.read(served.layout.inbox_key))
    database.copy(left, keyfile.RawKey(secrets.token_bytes(32)))
    database.close()
    with pytest.raises(StoreError):
        open_inbox(left, keyfile.read(served.layout.inbox_key)).compact()
    assert served.backup(served.where / "backup").returncode == 0
    assert not left.exists()


def test_memory_stays_flat(served: Served) -> None:
    """A file of 256 MiB, in far less memory."""
    name = secrets.token_bytes(16)
    with served.layout.blob(ID, name).open("wb") as file:
        file.truncate(2**28)
    database = open_inbox(served.layout.inbox, keyfile.read(served.layout.inbox_key))
    with database.write() as connection:
        row = (ID, "blob", name, "", calendar.today(), 2**28, bytes(32))
        connection.execute(_BLOB, row)
    database.close()
    told = "import re,sys;from pathlib import Path;from peluit.cli import main;code=main(sys.argv[1:]);"
    told += "print(re.search(r'VmHWM:\\s+([0-9]+)',Path('/proc/self/status').read_text())[1]);sys.exit(code)"
    line = [sys.executable, "-c", told, "backup", "--folder", served.layout.root, "--to", served.where / "b"]
    made = subprocess.run(line, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert int(made.stdout.split()[-1]) < 150_000  # KiB; the file has 262,144


def damaged(data: bytes) -> bytes:
    """One page changed."""
    return data[:20_000] + secrets.token_bytes(16) + data[20_016:]


def _with_code(pristine: Served, inside: dict[str, bytes], where: Path) -> tuple[bytes, Path, str]:
    made, opens = sealed_as(pristine, inside)
    return made, where, opens


_BLOB = "INSERT INTO item (office, kind, id, channel, day, size, deletion) VALUES (?, ?, ?, ?, ?, ?, ?)"
