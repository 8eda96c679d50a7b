"""The story that the seizures come after, told once on a running office, and what of it must be nowhere.

Three people report, two with files, one of them through the door without scripts. One adds something, and
takes everything back. The office exports what is left, its station reads and answers, and confirms; the
server erases what the station has. The others come back and read; what one sends then stays.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from store.layout import Layout
from tests.e2e import reviewer
from tests.e2e.browsers import Chromium, until
from tests.e2e.office import PELUIT, Office, demo, free_port
from tests.e2e.source_server import SourceServer
from tests.privacy.proofs import world
from tests.privacy.proofs.reporters import Caller, Person, Visitor
from workstation.station import public_directory, unlock

ANSWER = "Terima kasih. Laporan Anda kami telaah."


@dataclass
class Seized:
    """A running office after the story. `deleted`, `living`: sealed bytes; `keys`: the reviewers' own."""

    office: Office
    temporary: Path
    processes: list[int]
    people: list[Person]
    deleted: list[bytes]
    living: list[bytes]
    keys: list[bytes]

    @property
    def layout(self) -> Layout:
        return Layout(self.office.folder / "server")

    def canaries(self) -> list[str]:
        return [canary for person in self.people for canary in person.canaries()]


@contextmanager
def told(folder: Path, size: int = 100_000) -> Iterator[Seized]:
    """The running office; files of so many bytes."""
    temporary = folder / "tmp"
    temporary.mkdir()
    with demo(folder / "demo", temporary) as office, _door(office, temporary) as door:
        directory = public_directory(office.folder / "station")
        people = [Person(f"127.{10 + n}.{n + 3}.{81 + n}") for n in range(3)]
        first, second = (Caller(person, office.source_port, directory) for person in people[:2])
        third = Visitor(people[2], door[0], directory.office.id)
        first.report()
        first.attach(size)
        second.report()
        second.follow_up()
        third.report()
        third.attach(size)
        assert second.erase() == 2
        with Chromium() as online:
            reviewer.sign_in(online, office)
            _answer(online, office, folder)
        assert first.visit() and not second.visit()
        assert third.visit() == [ANSWER]
        deleted = [*first.sent, *second.sent]
        first.sent.clear()
        first.follow_up()
        first.attach(size)
        world.tidy(Layout(office.folder / "server"))
        processes = [*office.server_processes(), *door[1:]]
        yield Seized(office, temporary, processes, people, deleted, first.sent, _keys(office))


@contextmanager
def _door(office: Office, temporary: Path) -> Iterator[list[int]]:
    """The door without scripts beside the demo: its port, and its processes."""
    port, environment = free_port(), os.environ | {"TMPDIR": str(temporary)}
    if os.geteuid() != 0:
        environment["PELUIT_SEARCHABLE"] = "1"
    line = [PELUIT, "serve", "noscript", "--bind", f"127.0.0.1:{port}"]
    line += ["--source", f"127.0.0.1:{office.source_port}"]
    with (temporary / "door.log").open("w") as log:
        process = subprocess.Popen(line, stdout=log, stderr=log, env=environment)
    try:
        probe = SourceServer.__new__(SourceServer)
        probe.port = port
        assert until(probe._answers, seconds=60)
        children = psutil.Process(process.pid).children(recursive=True)
        yield [port, process.pid, *(child.pid for child in children)]
    finally:
        process.terminate()
        process.wait(60)
    assert (temporary / "door.log").read_text() == ""


def _answer(online: Chromium, office: Office, folder: Path) -> None:
    """Export, import, answers to everybody, and back; the station confirms what it has."""
    taken, stick = folder / "in", folder / "stick"
    taken.mkdir()
    stick.mkdir()
    office.station("import", str(reviewer.download_everything_new(online, office, taken)))
    cases = office.station("cases")["cases"]
    assert len(cases) == 2
    for case in cases:
        office.station("reply", str(case["number"]), "--text", ANSWER)
    office.station("bundle", "--to", str(stick))
    (bundle,) = stick.iterdir()
    reviewer.upload_bundle(online, office, bundle)
    office.publish_board()


def _keys(office: Office) -> list[bytes]:
    found = []
    for name in ("inspektur", "irban", "auditor"):
        passphrase = (office.folder / "passphrases" / name).read_text("utf-8").strip()
        with unlock(office.folder / "station", name, passphrase) as station:
            found += [*station.keys.epochs.values(), bytes(station.keys.sign), bytes(station.keys.box)]
    return found


def traces(things: Iterable[bytes], name: str) -> dict[bytes, str]:
    """By what sealed things and keys are found: how they begin and end, and short ones in hex too."""
    found = {}
    for number, thing in enumerate(things):
        forms = {thing[:48], thing[-48:]} | ({thing.hex().encode()} if len(thing) <= 48 else set())
        found.update(dict.fromkeys(forms, f"{name} ({number})"))
    return found
