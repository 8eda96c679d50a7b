"""The ledger and a server in use name the same fields and files."""

import http.client
import io
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto import calendar
from crypto.binding import b64
from crypto.fields import OfficeId
from peluit import backup
from peluit.tor.place import place
from store import keyfile
from store.database import Database
from store.keyfile import RawKey
from store.layout import Layout
from store.pending import PendingBundles
from store.reader import InboxReader, open_inbox
from store.staff import open_staff
from store.statistics import PublishedStatistics
from tests.e2e.office import Office, demo
from tests.hardening.manifest.offering import offer
from tests.privacy import ledger
from tests.source_app import sealed

OFFICE = OfficeId("kota-contoh")
PADDED = 2 * 2**20


class Sender:
    """A reporter's requests, over real HTTP."""

    def __init__(self, office: Office) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", office.source_port, timeout=60)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
        kind = {"Content-Type": "application/octet-stream"} if body else {}
        self._connection.request(method, path, body or None, kind | headers)
        answer = self._connection.getresponse()
        data = answer.read()
        assert answer.status < 300, data
        return data

    def close(self) -> None:
        self._connection.close()

    def upload(self, complete: bool) -> None:
        blob = sealed.new_blob()
        asked = json.dumps({"blob": b64(blob), "office": OFFICE, "size": PADDED}).encode()
        ticket = json.loads(self.ask("POST", "/api/ticket", asked, **{"Content-Type": "application/json"}))
        address = f"/api/blob/{OFFICE}/{blob.hex()}/{PADDED}"
        bearer = {"Peluit-Ticket": ticket["ticket"]}
        runs = sealed.runs(blob, PADDED)
        for first, data in runs if complete else runs[:1]:
            self.ask("PUT", f"{address}/{first}", data, **bearer)
        if complete:
            self.ask("POST", f"{address}/done", sealed.DELETION, **bearer)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A running office with an item, a complete blob, an unfinished one, and a bundle."""
    with demo(tmp_path_factory.mktemp("demo")) as running:
        sender = Sender(running)
        sender.ask("POST", f"/api/item/{OFFICE}/aduan-integritas", sealed.DELETION + sealed.item())
        sender.upload(complete=True)
        sender.upload(complete=False)
        sender.close()
        layout = Layout(running.folder / "server")
        database = open_inbox(layout.inbox, keyfile.read(layout.inbox_key))
        inbox = InboxReader(database, layout)
        assert inbox.freeze(OFFICE, calendar.today())
        database.close()
        PendingBundles(layout).keep(OFFICE, calendar.today(), io.BytesIO(b"x"))
        PublishedStatistics(layout).publish(OFFICE, "2026-Q3", b"x")
        offer(layout, running.folder.parent)
        backup.make(layout, running.folder.with_name("backup"), place(running.folder))
        yield running


def test_every_file_is_in_the_ledger_and_every_row_is_real(office: Office) -> None:
    rows = {row for row in ledger.listed() if not row.startswith(("inbox.", "staff."))}
    staff = open_staff(Layout(office.folder / "server"))
    staff.sessions.account(secrets.token_bytes(32))  # a database in use has its -wal and -shm
    found = ledger.files(office.folder / "server")
    staff.close()
    assert found == rows


def test_every_field_is_in_the_ledger_and_every_row_is_real(office: Office) -> None:
    layout = Layout(office.folder / "server")
    inbox = open_inbox(layout.inbox, keyfile.read(layout.inbox_key))
    rows = {row for row in ledger.listed() if row.startswith(("inbox.", "staff."))}
    assert ledger.fields("inbox", inbox) | _staff_fields(layout) == rows
    inbox.close()


def _staff_fields(layout: Layout) -> set[str]:
    staff = open_staff(layout)
    try:
        return ledger.fields("staff", staff.database)
    finally:
        staff.close()


def test_a_new_field_would_be_noticed(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", RawKey(bytes(32)), ("CREATE TABLE item (address TEXT) STRICT",))
    try:
        assert ledger.fields("inbox", database) - ledger.listed() == {"inbox.item.address"}
    finally:
        database.close()


def test_a_new_file_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "access.log").touch()
    assert ledger.files(tmp_path) - ledger.listed() == {"blobs/access.log"}


def test_no_stored_time_is_finer_than_a_day(office: Office) -> None:
    """Times of the blobs and the board are one constant, midnight."""
    folder = office.folder / "server"
    times = {
        path.stat().st_mtime for part in ("blobs/done", "public/board") for path in (folder / part).rglob("*")
    }
    assert {time % 86_400 for time in times} == {0}
