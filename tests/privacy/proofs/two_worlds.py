"""Two runs that differ only in who reported when within a day leave the same server data.

The same sealed things are sent to two copies of one installation, over real HTTP: in another order, at other
moments, and once one after the other, once by several at a time to whichever worker takes them. After the
hourly tidying everything that the disk shows is compared.
"""

import random
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.line import Line, at_most, plain, tell
from crypto import calendar
from crypto.binding import b64
from crypto.deletion import deletion_token, token_hash
from store import keyfile
from store.inbox import InboxWriter
from store.layout import Layout
from tests.privacy.proofs import world as worlds
from tests.privacy.proofs.world import Event, World
from tests.source_app import sealed
from tests.source_app.conftest import Server
from tests.store.installation import CHANNEL, OFFICE, SMALL_CHANNEL, install
from tests.store.test_order import BOUND, correlation, lists_in_order_of_arrival

OCTETS = {"Content-Type": "application/octet-stream"}
TEXTS, FILES = 64, 64
Tidy = Callable[[Layout], None]


@dataclass(frozen=True)
class Ended:
    """How the two worlds look after their day."""

    differences: list[str]
    times: list[str]
    listings: list[str]
    told: dict[str, float]
    told_before: float


def measure(full: bool) -> Iterator[Line]:
    """Numbers after the tidying; the last one is of the time before it, when the order is still told."""
    texts, files = (2_000, 400) if full else (TEXTS, FILES)
    with tempfile.TemporaryDirectory(prefix="peluit-worlds-") as name:
        ended = compare(Path(name), texts, files)
        by_arrival = lists_in_order_of_arrival(Path(name) / "probe")
    for said in [*ended.differences[:20], *ended.times[:20], *ended.listings]:
        tell(f"  {said}")
    yield at_most("two_worlds: differences", len(ended.differences), "files, folders and pages", 0)
    yield at_most("two_worlds: file times of the day", len(ended.times), "times", 0)
    listed = len(ended.listings)
    if by_arrival:
        yield plain("two_worlds: listings that differ, as this file system lists them", listed, "folders")
    else:
        yield at_most("two_worlds: listings that differ", listed, "folders", 0)
    for kind, value in ended.told.items():
        yield at_most(f"two_worlds: order told by {kind}", round(abs(value), 3), "rank correlation", BOUND)
    yield plain("two_worlds: order told by pages before the tidying", abs(ended.told_before), "correlation")


def compare(folder: Path, texts: int, files: int, tidy: Tidy = worlds.tidy) -> Ended:
    """Lives the same day twice, with so many texts and files, and looks at what was left.

    Begins anew if midnight comes in between: they were two days then.
    """
    while True:
        day = calendar.today()
        ended = _compare(Path(tempfile.mkdtemp(dir=folder)), texts, files, tidy)
        if calendar.today() == day:
            return ended


def _compare(folder: Path, texts: int, files: int, tidy: Tidy) -> Ended:
    template = install(Layout(folder / "template")).layout
    InboxWriter(template.inbox, keyfile.read(template.inbox_key)).close()
    one, other = (worlds.like(template, folder / name) for name in ("one", "other"))
    bodies = [sealed.item(3, size) for size in random.choices((8_192, 32_768), (3, 1), k=texts)]
    hashes = [secrets.token_bytes(32) for _ in bodies]
    send = [partial(text, body, deletion) for body, deletion in zip(bodies, hashes, strict=True)]
    blobs = [sealed.new_blob() for _ in range(files)]
    carry = [partial(file, blob) for blob in blobs]
    # The first text twice: its answer was lost.
    events: list[Event] = [*send, *carry, erased, cancelled, partial(text, bodies[0], hashes[0])]
    mixer = random.SystemRandom()
    before = 0.0
    pictures, listings, times = [], [], []
    for world, at_once in ((one, 1), (other, 3)):
        mixer.shuffle(events)
        with worlds.serving(world) as server:
            worlds.live(world, server, events, at_once)
            if world is one:
                before = _pages_tell(world, send, bodies)
            tidy(world.layout)
            times += worlds.times_of_the_day(world)
            pictures.append(worlds.picture(world))
            listings.append(worlds.listings(world))
    told = {
        "pages": _pages_tell(one, send, bodies),
        "inode numbers": _inodes_tell(one, carry, [blob.hex() for blob in blobs]),
    }
    return Ended(_differing(*pictures), times, _differing(*listings), told, before)


def _differing(one: dict, other: dict) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _pages_tell(world: World, send: Sequence[Event], bodies: Sequence[bytes]) -> float:
    whole = b"".join(worlds.clear_pages(world.layout.inbox, keyfile.read(world.layout.inbox_key)))
    places = {event: whole.find(body[-64:]) for event, body in zip(send, bodies, strict=True)}
    return correlation([places[event] for event in world.arrivals if event in places])


def _inodes_tell(world: World, carry: Sequence[Event], names: Sequence[str]) -> float:
    inodes = {
        event: (world.layout.done / OFFICE / name).stat().st_ino
        for event, name in zip(carry, names, strict=True)
    }
    return correlation([inodes[event] for event in world.arrivals if event in inodes])


def _good(answer: bytes) -> bytes:
    assert answer.startswith(b"HTTP/1.1 20"), answer[:200]
    return answer.partition(b"\r\n\r\n")[2]


def text(body: bytes, deletion: bytes, server: Server) -> None:
    _good(server.ask("POST", f"/api/item/{OFFICE}/{CHANNEL}", OCTETS, deletion + body))


def file(blob: bytes, server: Server, padded: int = 65_536, finish: bool = True) -> None:
    address = f"/api/blob/{OFFICE}/{blob.hex()}/{padded}"
    ticket = {"Peluit-Ticket": _ticket(blob, padded, server)}
    for first, data in sealed.runs(blob, padded):
        _good(server.ask("PUT", f"{address}/{first}", OCTETS | ticket, data))
    if finish:
        _good(server.ask("POST", f"{address}/done", OCTETS | ticket, sealed.DELETION))
    else:
        _good(server.ask("DELETE", address, ticket))


def cancelled(server: Server) -> None:
    """A file that somebody gives up."""
    file(_CANCELLED, server, finish=False)


def erased(server: Server) -> None:
    """Somebody sends a text and takes it back."""
    day = calendar.today()
    tokens = [deletion_token(_SECRET, day, number) for number in range(4_096)]
    path = f"/api/item/{OFFICE}/{SMALL_CHANNEL}"
    _good(server.ask("POST", path, OCTETS, token_hash(tokens[7]) + sealed.item(2)))
    _good(server.ask("POST", f"/api/deletion/{OFFICE}", OCTETS, b"".join(tokens)))


def _ticket(blob: bytes, padded: int, server: Server) -> str:
    asked = f'{{"blob":"{b64(blob)}","office":"{OFFICE}","size":{padded}}}'.encode()
    answer = server.ask("POST", "/api/ticket", {"Content-Type": "application/json"}, asked)
    return _good(answer).split(b'"ticket":"')[1].split(b'"')[0].decode()


_SECRET = secrets.token_bytes(32)
_CANCELLED = sealed.new_blob()
