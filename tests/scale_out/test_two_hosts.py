"""Two hosts for reporters, one for reviewers, one inbox and one folder of blobs: docs/scale-out.md, with the
programs that run there. Each has its own socket and data folder; only what the page says is shared.
"""

import http.client
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import pytest

from crypto import calendar, codename
from crypto.binding import b64
from crypto.constants import DELETION_NUMBERS, MAX_PIECES, PIECE_SIZE
from crypto.deletion import deletion_token
from crypto.fields import ChannelId, OfficeId
from crypto.sealed_file import BlobEntry, ItemEntry
from peluit.demo_office import DemoOffice
from store import site
from store.layout import Layout
from tests.e2e.office import PELUIT
from tests.e2e.sealing import Sealed, seal
from tests.scale_out.postgres import Postgres
from tests.source_app.conftest import Server, start

OFFICE = OfficeId("kota-contoh")
CHANNEL = ChannelId("aduan-integritas")
OCTETS = {"Content-Type": "application/octet-stream"}
RUN = MAX_PIECES * PIECE_SIZE


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


@dataclass
class Site:
    """The demo office's server as the reviewers' host, and two hosts for reporters."""

    office: DemoOffice
    layout: Layout
    hosts: list[Server]
    reviewers: Server
    folders: list[Path]


def a_host(shared: Layout, root: Path) -> Layout:
    """A reporters' host: the shared folders, a copy of the key of tickets, and nothing else of the server."""
    own = Layout(root)
    own.ticket_key.parent.mkdir(parents=True)
    own.run.mkdir()
    shutil.copy(shared.ticket_key, own.ticket_key)
    (root / "blobs").symlink_to(shared.done.parent)
    (root / "public").symlink_to(shared.public)
    return own


@pytest.fixture
def scaled_out(server: Postgres, demo_office: DemoOffice, tmp_path: Path) -> Iterator[Site]:
    folder = shutil.copytree(demo_office.folder, tmp_path / "demo")
    office = DemoOffice(folder, demo_office.web_passphrase, demo_office.totp)
    shared = Layout(office.server)
    # The inbox that `peluit init` made is not used here: nobody may fall back on it.
    for path in (shared.inbox, shared.inbox_key):
        path.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="p") as sockets:
        places = [Path(sockets) / name for name in ("first", "second", "reviewers")]
        for place in places:
            place.mkdir()
        told = {"PELUIT_INBOX": server.address}
        hosts = [start(a_host(shared, tmp_path / place.name), place, **told) for place in places[:2]]
        reviewers = start(
            shared,
            places[2],
            app="journalist_app.wsgi:app",
            PELUIT_APP="journalist",
            PELUIT_WORKERS="2",
            **told,
        )
        running = [*hosts, reviewers]
        yield Site(office, shared, hosts, reviewers, [tmp_path / place.name for place in places[:2]])
        for one in running:
            if one.process.poll() is None:
                assert one.stop() == ""


def send_item(host: Server, sealed: Sealed, number: int) -> int:
    entry = sealed.head.entries[number]
    assert isinstance(entry, ItemEntry)
    begin, end = list(pairwise(sealed.seams))[number]
    data = sealed.data[begin:end]
    return status(host.ask("POST", f"/api/item/{OFFICE}/{CHANNEL}", OCTETS, entry.token_hash + data))


def erase(host: Server, site_layout: Layout, sealed: Sealed) -> bytes:
    instance = site.read(site_layout).instance
    keys = codename.keys(codename.stretch(codename.read(sealed.codename), instance))
    numbers = list(range(DELETION_NUMBERS))
    secrets.SystemRandom().shuffle(numbers)
    tokens = b"".join(deletion_token(keys.deletion, calendar.today(), number) for number in numbers)
    return body(host.ask("POST", f"/api/deletion/{OFFICE}", OCTETS, tokens))


class Reviewer:
    """A plain client at the reviewers' socket."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._cookies: dict[str, str] = {}

    def send(self, path: str, form: dict[str, str], on: str) -> str:
        proof = re.search(rb'name="proof" value="([^"]*)"', self.ask("GET", on))
        assert proof is not None
        return self.ask("POST", path, urlencode(form | {"proof": proof[1].decode()})).decode()

    def ask(self, method: str, path: str, form: str | None = None) -> bytes:
        """The page; of a redirection, its address."""
        connection = http.client.HTTPConnection("localhost")
        connection.sock = self._server.connect()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, form, headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        page = answer.read()
        connection.close()
        assert answer.status in (200, 303), answer.status
        return answer.headers["Location"].encode() if answer.status == 303 else page


def test_the_story_over_two_hosts(scaled_out: Site, tmp_path: Path) -> None:
    first, second = scaled_out.hosts
    sealed = seal(
        scaled_out.layout, OFFICE, CHANNEL, {"what": "Canary of two hosts"}, {"a.bin": os.urandom(5 * RUN)}
    )
    _text, blob, _evidence = sealed.head.entries
    assert isinstance(blob, BlobEntry)

    # The texts go to one host each, and again to the other, as a client does that heard no answer.
    for host in (first, second):
        assert [send_item(host, sealed, number) for number in (0, 2)] == [204, 204]

    # The pieces of the file go to both in turn, with one ticket; one host is killed in the middle of one.
    begin, end = list(pairwise(sealed.seams))[1]
    data = sealed.data[begin:end]
    runs = [data[at : at + RUN] for at in range(0, len(data), RUN)]
    request = f'{{"blob":"{b64(blob.blob)}","office":"{OFFICE}","size":{blob.size}}}'.encode()
    answer = body(first.ask("POST", "/api/ticket", {"Content-Type": "application/json"}, request))
    headers = OCTETS | {"Peluit-Ticket": answer.decode().partition('"ticket":"')[2].rstrip('"}')}
    path = f"/api/blob/{OFFICE}/{blob.blob.hex()}/{blob.size}"
    for number, piece in enumerate(runs[:3]):
        host = scaled_out.hosts[number % 2]
        assert status(host.ask("PUT", f"{path}/{number * MAX_PIECES}", headers, piece)) == 204
    with first.connect() as connection:
        head = [f"PUT {path}/{3 * MAX_PIECES} HTTP/1.1", "Host: x.onion", f"Content-Length: {len(runs[3])}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        connection.sendall("\r\n".join([*head, "", ""]).encode() + runs[3][: RUN // 2])
        for process in (*first.workers(), first.process.pid):
            os.kill(process, signal.SIGKILL)
        first.process.wait(60)
    held = body(second.ask("GET", path, headers))
    assert held == f'{{"complete":false,"pieces":[[0,{3 * MAX_PIECES}]]}}'.encode()
    for number, piece in list(enumerate(runs))[3:]:
        assert status(second.ask("PUT", f"{path}/{number * MAX_PIECES}", headers, piece)) == 204
    assert status(second.ask("POST", f"{path}/done", headers, blob.token_hash)) == 204
    assert scaled_out.layout.blob(OFFICE, blob.blob).read_bytes() == data

    # The reviewers' host makes a bundle of all that, and the station opens it.
    reviewer = Reviewer(scaled_out.reviewers)
    office = scaled_out.office
    sign_in = {"name": office.account, "passphrase": office.web_passphrase, "code": office.code()}
    reviewer.send("/en/sign-in", sign_in, "/en/sign-in")
    page = reviewer.ask("GET", reviewer.send("/en/bundles", {}, "/en/queue")).decode()
    stick = tmp_path / "parts"
    stick.mkdir()
    for link in re.findall(r'href="([^"]*)" download', page):
        (stick / link.rpartition("/")[2]).write_bytes(reviewer.ask("GET", link))
    as_reader = ["--as", "inspektur", "--passphrase-file", str(office.passphrase_file("inspektur"))]
    words = [PELUIT, "station", "--folder", str(office.station), "import", str(stick), *as_reader]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert "2 new items" in said

    # A host of reporters holds nothing that another does not, but sockets and locks.
    for folder in scaled_out.folders:
        own = [
            path for path in folder.rglob("*") if path.is_file() and not path.is_relative_to(folder / "run")
        ]
        assert [path.name for path in own] == ["ticket.key"]


def test_what_one_host_took_is_erased_through_the_other(scaled_out: Site, reader) -> None:
    first, second = scaled_out.hosts
    mine = seal(scaled_out.layout, OFFICE, CHANNEL, {"what": "Mine"}, {})
    others = seal(scaled_out.layout, OFFICE, CHANNEL, {"what": "Another's"}, {})
    assert [send_item(first, sealed, 0) for sealed in (mine, others)] == [204, 204]
    assert erase(second, scaled_out.layout, mine) == b'{"erased":1}'
    assert erase(first, scaled_out.layout, mine) == b'{"erased":0}'
    assert reader.counts(OFFICE).items == 1


def test_without_the_inboxs_server_nothing_is_acknowledged(
    scaled_out: Site, server: Postgres, reader
) -> None:
    sealed = seal(scaled_out.layout, OFFICE, CHANNEL, {"what": "Later"}, {})
    assert send_item(scaled_out.hosts[0], sealed, 0) == 204
    server.stop("immediate")
    try:
        assert [send_item(host, sealed, 0) for host in scaled_out.hosts] == [503, 503]
    finally:
        server.start()
    assert [send_item(host, sealed, 0) for host in scaled_out.hosts] == [204, 204]
    assert reader.counts(OFFICE).items == 1
    for host in scaled_out.hosts:
        lines = set(host.stop().splitlines())
        assert lines <= {line for line in lines if line.startswith("error UnreachableError store.")}
        assert lines or host is not scaled_out.hosts[0]
