"""A server that burnt down, put back from its backup: as an office would do it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pyotp
import pytest

from store.staff import open_staff
from store.staff.account import SERVER
from store.staff.credentials import Attempt
from tests.peluit.running import PELUIT, run
from tests.peluit.served import ID, PASSPHRASE, Served, serve

YES = "yes\n"


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve(tmp_path)


def station(served: Served, *line: object) -> dict[str, Any]:
    done = run(PELUIT, "station", *line, *served.desk.as_("r1"), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def pages_of(served: Served) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in served.layout.pages.rglob("*") if path.is_file()}


def test_the_whole_story(served: Served) -> None:
    reporter, other = served.desk.reporter(), served.desk.reporter()
    served.reports(reporter, "the first report")
    (first,) = served.bundle()
    (case,) = station(served, "import", first)["bundles"][0]["new_cases"]
    station(served, "reply", case, "--text", "we look into it")
    served.imports(Path(station(served, "bundle", "--to", served.desk.stick)["path"]))
    name = served.sends_file(other, b"a photograph" * 10_000)
    (second,) = served.bundle()
    served.reports(other, "what waits")

    backup = served.desk.stick / "backup"
    done = served.backup(backup)
    assert done.returncode == 0, done.stderr
    assert "1 files of evidence" in done.stdout

    # After the backup: a report; another reply, with the receipt of the second bundle, which goes with it.
    served.reports(reporter, "lost with the server")
    station(served, "import", second)
    station(served, "reply", case, "--text", "a later reply")
    late = Path(station(served, "bundle", "--to", served.desk.stick)["path"])
    served.imports(late)
    assert not served.layout.blob(ID, name).exists()
    addresses = {path: path.read_bytes() for path in served.tor.rglob("*") if path.is_file()}
    pages = pages_of(served)
    keys = {path.name: path.read_bytes() for path in served.layout.root.rglob("*.key")}
    shutil.rmtree(served.layout.root)
    shutil.rmtree(served.tor)
    served.tor.mkdir()

    done = served.restore(backup, served.layout.root, f"{served.code(backup)}\n{YES}", served.tor)
    assert done.returncode == 0, done.stderr
    assert "is lost" in done.stdout and "--again 3 --to STICK" in done.stdout
    assert {path: path.read_bytes() for path in served.tor.rglob("*") if path.is_file()} == addresses
    assert pages_of(served) == pages and any(".well-known" in str(path) for path in pages)
    assert not set(keys.values()) & {path.read_bytes() for path in served.layout.root.rglob("*.key")}
    assert {path.stat().st_mode & 0o777 for path in served.layout.root.rglob("*.key")} == {0o600}

    staff = open_staff(served.layout)
    code = pyotp.TOTP(served.totp).now()
    assert staff.sessions.sign_in(Attempt(ID, "rina", PASSPHRASE, code)).account.name == "rina"
    assert [entry.act for entry, _ in staff.log.entries(SERVER)] == ["backup-made", "restored"]
    staff.close()
    assert [reply.text for reply in served.replies(reporter)] == ["we look into it"]

    # What `restore` asks for: it brings the later reply, and the receipt once more.
    assert served.layout.blob(ID, name).is_file()
    served.imports(late)
    assert {reply.text for reply in served.replies(reporter)} == {"we look into it", "a later reply"}
    assert not served.layout.blob(ID, name).exists()
    (third,) = served.bundle()
    (brought,) = station(served, "import", third)["bundles"]
    assert (brought["items"], brought["duplicates"], brought["number"]) == (1, 0, 1_003)
