"""Whatever breaks, what was acknowledged is there, and a start needs no repair.

Servers are killed (SIGKILL, all processes at once) at random moments while texts and files arrive, again and
again on the same data; as root also: a disk that is really full, and one that becomes read-only. At every
single step of each write path the tests in tests/store and tests/uploads do it: docs/proofs.md names them.
"""

import os
import random
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.line import Line, at_least, at_most, plain
from crypto.item import item_id
from store import keyfile
from store.layout import Layout
from store.reader import InboxReader, open_inbox
from tests.privacy.proofs import two_worlds
from tests.privacy.proofs.two_worlds import OCTETS
from tests.source_app import sealed
from tests.source_app.conftest import Server, start
from tests.store.installation import CHANNEL, OFFICE, install

SEED = 20_261_124
_LONGEST = 0.4
"""Seconds until a kill, at most: from the first request to some hundred later."""


@dataclass
class Sent:
    """What the server has acknowledged: sealed texts, and names of files; and how often it refused."""

    items: list[bytes] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)
    refused: int = 0


def measure(full: bool) -> Iterator[Line]:
    """In full 40 kills."""
    kills = 40 if full else 3
    with tempfile.TemporaryDirectory(prefix="peluit-faults-") as name:
        layout, sent = killed(Path(name), kills)
        yield at_most("faults: lost after kills", len(lost(layout, sent)), "texts and files", 0)
        yield at_least("faults: acknowledged between kills", len(sent.items), "texts", 3 * kills)
        yield plain("faults: acknowledged between kills", len(sent.blobs), "files")
        yield from _disks(Path(name))


def _disks(folder: Path) -> Iterator[Line]:
    if os.geteuid() != 0 or not _can_mount(folder / "probe"):
        yield plain("faults: full and read-only disks not tried, no right to mount", 0, "disks")
        return
    with small_disk(folder / "disk") as disk:
        layout, sent = filled(disk)
        gone = lost(layout, sent)
    yield at_most("faults: lost on a full and a read-only disk", len(gone), "texts and files", 0)
    yield at_least("faults: refusals there", sent.refused, "texts", 2)


def killed(folder: Path, kills: int) -> tuple[Layout, Sent]:
    """Starts, sends and kills so often; then starts once more."""
    layout, sent, draw = install(Layout(folder / "data")).layout, Sent(), random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="p") as place:
        for _ in range(kills):
            server = start(layout, Path(place))
            senders = [threading.Thread(target=_send_on, args=(server, sent, n)) for n in range(4)]
            for sender in senders:
                sender.start()
            threading.Event().wait(draw.uniform(0.02, _LONGEST))
            for pid in [server.process.pid, *server.workers()]:
                os.kill(pid, signal.SIGKILL)
            server.process.wait()
            for sender in senders:
                sender.join()
        start(layout, Path(place)).stop()
    return layout, sent


def filled(disk: Path) -> tuple[Layout, Sent]:
    """Sends until the disk is full and then to one that is read-only; in between there is room again."""
    layout, sent = install(Layout(disk / "data")).layout, Sent()
    with _serving(layout) as server:
        while not sent.refused:
            _text(server, sent)
        (disk / "ballast").unlink()
        _text(server, sent)
    _mount("-o", "remount,ro", str(disk))
    with _serving(layout) as server:
        _text(server, sent)
    _mount("-o", "remount,rw", str(disk))
    with _serving(layout) as server:
        _text(server, sent)
    return layout, sent


@contextmanager
def _serving(layout: Layout) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="p") as place:
        server = start(layout, Path(place), PELUIT_RESERVE="0")
        try:
            yield server
        finally:
            server.stop()


def lost(layout: Layout, sent: Sent) -> list[str]:
    """What was acknowledged and is not there, whole."""
    database = open_inbox(layout.inbox, keyfile.read(layout.inbox_key))
    try:
        reader = InboxReader(database, layout)
        there = {entry.id for entry in reader.page(OFFICE, limit=1_000_000)}
        items = [item for item in sent.items if item_id(item) not in there]
        items += [
            item
            for item in sent.items
            if item_id(item) in there and reader.body(OFFICE, item_id(item)) != item
        ]
    finally:
        database.close()
    blobs = [blob for blob in sent.blobs if blob not in there or not _whole(layout, blob)]
    return [f"text {item_id(item).hex()}" for item in items] + [f"file {blob.hex()}" for blob in blobs]


def _whole(layout: Layout, blob: bytes) -> bool:
    path = layout.done / OFFICE / blob.hex()
    return path.exists() and path.read_bytes() == sealed.whole_blob(blob, 65_536)


def _send_on(server: Server, sent: Sent, number: int) -> None:
    """Until the server is gone: texts, and from one sender files."""
    try:
        while True:
            if number:
                _text(server, sent)
            else:
                blob = sealed.new_blob()
                two_worlds.file(blob, server)
                sent.blobs.append(blob)
    except (OSError, AssertionError):
        return  # no answer, or half of one: nothing was promised


def _text(server: Server, sent: Sent) -> None:
    item = sealed.item()
    answer = server.ask("POST", f"/api/item/{OFFICE}/{CHANNEL}", OCTETS, sealed.DELETION + item)
    assert answer.startswith((b"HTTP/1.1 204", b"HTTP/1.1 503")), answer[:100]
    if answer.startswith(b"HTTP/1.1 204"):
        sent.items.append(item)
    else:
        sent.refused += 1


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of 8 MiB, an eighth of it taken by ballast; needs root."""
    place.mkdir()
    _mount("-t", "tmpfs", "-o", "size=8m,mode=0700", "peluit-proof", str(place))
    try:
        (place / "ballast").write_bytes(bytes(2**20))
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _can_mount(place: Path) -> bool:
    try:
        with small_disk(place):
            return True
    except subprocess.CalledProcessError:
        return False


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)
