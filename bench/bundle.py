"""A bundle of many gigabytes: its parts downloaded from the server and imported on the station, against tar.

Export is the real thing: signing in, freezing, and every part over HTTP from gunicorn into a durable file, by
a plain client. Import is `peluit station import FOLDER`, which also opens the thousand texts. The same files
are put into one archive by `tar` and its checksum written by `sha256sum`; then it is checked and taken out.
Both sides begin with a cold page cache for what they read and end with everything durable on the same disk.
PELUIT_BENCH_BUNDLE is the size in bytes, if it is not to be 10 GiB.
"""

import http.client
import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bench.line import Line, at_least, at_most, plain, tell
from bench.processes import MIB, growing
from bench.server import CHANNEL, OFFICE, Server, started
from crypto import calendar, codename
from crypto.blob import BlobId, blob_size
from crypto.codename import ReporterKeys
from crypto.constants import HASH_SIZE, ID_SIZE
from crypto.item import Context, SealedItem
from crypto.message import Message, Report, Thread, sign_message
from crypto.padding import padme
from crypto.seal.item import seal_item
from store import keyfile
from store.inbox import InboxWriter
from tests.e2e.office import PELUIT

_SIZE = int(os.environ.get("PELUIT_BENCH_BUNDLE", 10 * 2**30))
_BLOBS = 12
_ITEMS = 1_000
_GOAL, _MEMORY = 0.8, 128
_PIECE = 2**20


@dataclass(frozen=True)
class Run:
    """How long a piece of work took, and the most memory that one of our processes held (bytes)."""

    seconds: float
    memory: int = 0


def measure() -> Iterator[Line]:
    """Ratios of speed (1: as fast as tar and sha256sum one after the other), and our memory."""
    with started() as server:
        work = server.office.folder / "bench"
        sources = _fill(server, work / "sources")
        size = sum(path.stat().st_size for path in sources)
        tell(f"  {len(sources)} files, {size / 2**30:.2f} GiB")
        packed, unpacked = _tar(work / "sources", work / "tar")
        exported = _export(server, work / "stick")
        imported = _import(server, work / "stick")
        parts = len(list((work / "stick").iterdir()))
    for name, run in (("tar_create", packed), ("tar_extract", unpacked)):
        tell(f"  {name}: {run.seconds:.1f} s, {size / MIB / run.seconds:.0f} MiB/s")
    for name, run in (("export", exported), ("import", imported)):
        tell(f"  {name}: {run.seconds:.1f} s, {size / MIB / run.seconds:.0f} MiB/s, {parts} parts")
    yield plain("bundle_size", round(size / 2**30, 2), "GiB")
    yield plain("bundle_export_speed", size / MIB / exported.seconds, "MiB/s")
    yield plain("bundle_import_speed", size / MIB / imported.seconds, "MiB/s")
    yield at_least("bundle_export_vs_tar", packed.seconds / exported.seconds, "of tar + sha256sum", _GOAL)
    yield at_least("bundle_import_vs_tar", unpacked.seconds / imported.seconds, "of tar + sha256sum", _GOAL)
    yield at_most("bundle_export_memory", exported.memory / MIB, "MiB", _MEMORY)
    yield at_most("bundle_import_memory", imported.memory / MIB, "MiB", _MEMORY)


# What the server holds


def _fill(server: Server, folder: Path) -> list[Path]:
    """Texts and blobs on the server, and the very same files for tar; a link where that is the same file."""
    folder.mkdir(parents=True)
    writer = InboxWriter(server.layout.inbox, keyfile.read(server.layout.inbox_key))
    on = calendar.today()
    try:
        for number, item in enumerate(_items(server)):
            writer.add_item(OFFICE, CHANNEL, on, bytes(HASH_SIZE), item)
            (folder / f"item-{number}").write_bytes(item)
        for number, wanted in enumerate([_SIZE // 2, *[_SIZE // 2 // (_BLOBS - 1)] * (_BLOBS - 1)]):
            blob, padded = BlobId(secrets.token_bytes(ID_SIZE)), padme(wanted)
            path = server.layout.blob(OFFICE, blob)
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_random(path, blob_size(padded))
            (folder / f"blob-{number}").hardlink_to(path)
            writer.add_blob(OFFICE, blob, padded, on, bytes(HASH_SIZE))
    finally:
        writer.close()
    return sorted(folder.iterdir())


def _items(server: Server) -> Iterator[SealedItem]:
    """Reports of as many reporters, sealed to the office's real keys."""
    found = server.slice
    channel = found.office.channel(CHANNEL)
    assert channel is not None
    recipients = {reviewer: found.keys[reviewer] for reviewer in channel.recipients}
    context = Context(found.office.instance, OFFICE, CHANNEL)

    def seal(_number: int) -> SealedItem:
        keys: ReporterKeys = codename.keys(secrets.token_bytes(32))
        thread = Thread(keys.verify, keys.reply.public, keys.hint)
        report = Report({"what": secrets.token_hex(2_000)})
        message = Message(context, calendar.today(), 0, "id", (), thread, report)
        document = sign_message(message, keys.sign)
        return seal_item(document, context, found.epoch, recipients, ())

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        yield from threads.map(seal, range(_ITEMS))


def _write_random(path: Path, size: int) -> None:
    """Nothing that a disk could leave out or press together: AES-CTR of zeros, with a random key."""
    stream = Cipher(algorithms.AES(os.urandom(32)), modes.CTR(bytes(16))).encryptor()
    zeros = bytes(16 * _PIECE)
    with path.open("wb") as file:
        for begin in range(0, size, len(zeros)):
            file.write(stream.update(zeros[: size - begin]))
        file.flush()
        os.fsync(file.fileno())


# tar and sha256sum


def _tar(sources: Path, folder: Path) -> tuple[Run, Run]:
    """Create and checksum; check and extract."""
    out = folder / "out"
    out.mkdir(parents=True)
    archive, checksum = folder / "all.tar", folder / "all.sha256"
    _forget(sources)
    with _timed() as create:
        _run("tar", "-C", str(sources), "-cf", str(archive), ".")
        checksum.write_bytes(_run("sha256sum", str(archive)))
        _make_durable(folder)
    _forget(folder)
    with _timed() as extract:
        _run("sha256sum", "--check", "--quiet", str(checksum))
        _run("tar", "-C", str(out), "-xf", str(archive))
        _make_durable(out)
    shutil.rmtree(folder)
    return Run(create()), Run(extract())


# Ours


def _export(server: Server, stick: Path) -> Run:
    stick.mkdir()
    client = _Client(server)
    client.sign_in()
    _forget(server.layout.done)
    with _timed() as seconds, growing(server.journalist) as growth:
        page = client.freeze()
        for path in re.findall(r'href="([^"]*)" download', page):
            client.download(path, stick / path.rpartition("/")[2])
        _make_durable(stick)
    return Run(seconds(), max(growth.highest.values()))


def _import(server: Server, stick: Path) -> Run:
    _forget(stick)
    folder = server.office.folder
    words = ["station", "--folder", str(folder / "station"), "import", str(stick), "--as", "inspektur"]
    words += ["--passphrase-file", str(folder / "passphrases" / "inspektur")]
    with _timed() as seconds:
        process = subprocess.Popen([PELUIT, *words], stdout=subprocess.PIPE)
        with growing([process.pid]) as growth:
            said, _ = process.communicate()
    assert process.returncode == 0, said
    assert said.count(b"1000 new items") == 1, said
    return Run(seconds(), max(growth.highest.values()))


class _Client:
    """A plain HTTP client that is signed in."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._cookies: dict[str, str] = {}

    def sign_in(self) -> None:
        office = self._server.office
        form = {"name": "inspektur", "passphrase": office.sign_in["passphrase"], "code": office.code()}
        self._send("/en/sign-in", form, "/en/sign-in")

    def freeze(self) -> str:
        """The page of a new bundle with everything in it."""
        return self._ask("GET", self._send("/en/bundles", {}, "/en/queue")).decode()

    def download(self, path: str, to: Path) -> None:
        connection = self._connection("GET", path)
        answer = connection.getresponse()
        with to.open("wb") as file:
            while piece := answer.read(_PIECE):
                file.write(piece)
        connection.close()
        assert to.stat().st_size == int(answer.headers["Content-Length"])

    def _send(self, path: str, form: dict[str, str], on: str) -> str:
        proof = re.search(rb'name="proof" value="([^"]*)"', self._ask("GET", on))
        assert proof is not None
        body = urlencode(form | {"proof": proof[1].decode()})
        return self._ask("POST", path, body).decode()

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        """The page; of a redirection, its address."""
        connection = self._connection(method, path, body)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        page = answer.read()
        connection.close()
        assert answer.status in (200, 303), answer.status
        return answer.headers["Location"].encode() if answer.status == 303 else page

    def _connection(self, method: str, path: str, body: str | None = None) -> http.client.HTTPConnection:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self._server.office.journalist_port)
        connection.request(method, path, body, headers)
        return connection


@contextmanager
def _timed() -> Iterator["_Seconds"]:
    seconds = _Seconds()
    yield seconds
    seconds.end = time.monotonic()


class _Seconds:
    """How long a block took, once it has ended."""

    def __init__(self) -> None:
        self.begin = self.end = time.monotonic()

    def __call__(self) -> float:
        return self.end - self.begin


def _run(*words: str) -> bytes:
    return subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _make_durable(folder: Path) -> None:
    for path in _files(folder):
        _on(path, os.fsync)


def _forget(folder: Path) -> None:
    """Lets the kernel forget what it holds of these files: the next reader asks the disk."""
    _make_durable(folder)
    for path in _files(folder):
        _on(path, lambda file: os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED))


def _on(path: Path, action: Callable[[int], None]) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        action(file)
    finally:
        os.close(file)
