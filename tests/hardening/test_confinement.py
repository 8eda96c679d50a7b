"""A stranger's code in a worker of the deployed gunicorn: what it is refused, and that it could do it all
without confinement. Root included: these rules bind everybody."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardening import landlock, seccomp
from store import keyfile
from store.layout import Layout
from store.reader import InboxReader, open_inbox
from tests.e2e.browsers import until
from tests.source_app.conftest import Server, start
from tests.source_app.sealed import DELETION, item
from tests.store.installation import CHANNEL, OFFICE, install

OCTETS = {"Content-Type": "application/octet-stream"}


@dataclass
class Hijacked:
    server: Server
    layout: Layout
    outside: Path
    port: int

    def attempt(self, name: str, given: object = None) -> str:
        path = f"/try/{name}" + (f"?x={given}" if given is not None else "")
        return self.server.ask("GET", path).partition(b"\r\n\r\n")[2].decode()

    def given(self, name: str) -> object:
        """What an attempt is told to touch."""
        self.outside.write_text("canary")
        return {
            "read": self.outside,
            "read-in-a-thread": self.outside,
            "write": self.outside.with_name("new"),
            "unlink": self.outside,
            "list": self.outside.parent,
            "connect": self.port,
        }.get(name)


@contextmanager
def hijacked(layout: Layout, config: str, outside: Path) -> Iterator[Hijacked]:
    with tempfile.TemporaryDirectory(prefix="p") as folder, socket.create_server(("127.0.0.1", 0)) as other:
        server = start(layout, Path(folder), "tests.hardening.hijacked:app", config)
        try:
            yield Hijacked(server, layout, outside / "outside", other.getsockname()[1])
        finally:
            if server.process.poll() is None:
                server.stop()


@pytest.fixture(scope="module")
def confined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hijacked]:
    layout = install(Layout(tmp_path_factory.mktemp("confined") / "data")).layout
    layout.staff.touch()
    with hijacked(layout, "tests.source_app.ready", tmp_path_factory.mktemp("outside")) as made:
        yield made


@pytest.fixture(scope="module")
def unconfined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hijacked]:
    layout = install(Layout(tmp_path_factory.mktemp("unconfined") / "data")).layout
    layout.staff.touch()
    with hijacked(layout, "tests.hardening.unconfined", tmp_path_factory.mktemp("outside")) as made:
        yield made


BY_SECCOMP = {
    *(
        "fork",
        "execute",
        "socket",
        "listen",
        "connect",
        "read-memory",
        "signal-master",
        "keyctl",
        "memory-file",
    ),
    *("dumpable", "limits", "trace", "new-namespace"),
}
BY_LANDLOCK = {"read", "read-in-a-thread", "write", "list", "unlink"}
# Need rights that only root has, or a master that can be traced.
AS_ROOT = {"trace", "new-namespace"}


@pytest.mark.parametrize("name", sorted(BY_SECCOMP))
def test_a_worker_makes_no_call_that_it_does_not_need(
    confined: Hijacked, unconfined: Hijacked, name: str
) -> None:
    assert seccomp.is_there(), "this kernel has no seccomp: nothing can be tested here"
    assert confined.attempt(name, confined.given(name)) == "EPERM"
    if os.geteuid() == 0 or name not in AS_ROOT:
        assert unconfined.attempt(name, unconfined.given(name)) == "done"


@pytest.mark.parametrize("name", sorted(BY_LANDLOCK))
def test_a_worker_reaches_no_file_outside(confined: Hijacked, unconfined: Hijacked, name: str) -> None:
    needs_landlock()
    assert confined.attempt(name, confined.given(name)) == "EACCES"
    assert unconfined.attempt(name, unconfined.given(name)) == "done"


def needs_landlock() -> None:
    """Debian 12's own kernel has it; some kernels of virtual machines and containers have not."""
    if not landlock.version():
        pytest.skip("this kernel has no Landlock: docs/known-limits.md")


def test_the_reporters_side_reads_nothing_of_the_staff(confined: Hijacked, unconfined: Hijacked) -> None:
    needs_landlock()
    for made, said in ((confined, "EACCES"), (unconfined, "done")):
        for path in (made.layout.staff, made.layout.staff_key, Path("/etc/passwd")):
            assert made.attempt("read", path) == said, path
    # Its own: all that the app does is in test_server.py.
    assert confined.attempt("read", confined.layout.site) == "done"
    assert confined.attempt("write", confined.layout.site) == "EACCES"
    assert confined.attempt("read", confined.layout.ticket_key) == "done"
    assert confined.attempt("write", confined.layout.ticket_key) == "EACCES"
    assert confined.attempt("lazy-module") == "done"


def test_memory_never_becomes_code(confined: Hijacked, unconfined: Hijacked) -> None:
    if not mdwe_is_there():
        pytest.skip("this kernel is older than 6.3: docs/known-limits.md")
    assert confined.attempt("write-and-execute") in ("EACCES", "EPERM")
    assert unconfined.attempt("write-and-execute") == "done"


def mdwe_is_there() -> bool:
    release = tuple(int(part) for part in os.uname().release.split(".")[:2])
    return release >= (6, 3)


def test_what_the_kernel_says_of_each_process(confined: Hijacked) -> None:
    for pid in (confined.server.process.pid, *confined.server.workers()):
        status = Path(f"/proc/{pid}/status").read_text()
        assert "NoNewPrivs:\t1" in status and "Seccomp:\t2" in status


def test_what_a_worker_has_open(confined: Hijacked) -> None:
    """Its standard input is empty, and it has nothing that it was not given."""
    for pid in confined.server.workers():
        held = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
        known = (
            "/dev/null",
            "socket:",
            "pipe:",
            "anon_inode:",
            "/dev/shm/",
            str(confined.layout.inbox.parent),
        )
        strange = [path for path in held if not path.startswith(known)]
        assert [path for path in strange if path != str(confined.server.log)] == []
        assert Path(f"/proc/{pid}/fd/0").readlink() == Path("/dev/null")


def test_a_worker_that_crashes_writes_nothing_and_another_takes_its_place(
    confined: Hijacked, tmp_path: Path
) -> None:
    with hijacked(confined.layout, "tests.source_app.ready", tmp_path) as made:
        for number in (signal.SIGSEGV, signal.SIGABRT):
            before = set(made.server.workers())
            os.kill(min(before), number)
            assert until(lambda: len(set(made.server.workers()) - before) == 1, seconds=30)  # noqa: B023
            assert until(lambda: b" 200 " in made.server.ask("GET", "/site.json"), seconds=30)
        said = made.server.stop()
    assert set(said.splitlines()) <= {"error logged elsewhere"}
    assert list(made.server.address.parent.glob("core*")) == []


def test_hup_brings_new_workers_and_usr2_nothing(confined: Hijacked, tmp_path: Path) -> None:
    with hijacked(confined.layout, "tests.source_app.ready", tmp_path) as made:
        server = made.server
        before = set(server.workers())
        server.process.send_signal(signal.SIGUSR2)
        server.process.send_signal(signal.SIGHUP)
        assert until(lambda: len(server.workers()) == 2 and not before & set(server.workers()), seconds=60)
        asked = server.ask("POST", f"/api/item/{OFFICE}/{CHANNEL}", OCTETS, DELETION + item())
        assert b" 204 " in asked
        assert made.attempt("execute") == "EPERM"
        assert server.stop() == ""
    database = open_inbox(made.layout.inbox, keyfile.read(made.layout.inbox_key))
    assert InboxReader(database, made.layout).counts(OFFICE).items >= 1
    database.close()


def test_a_server_that_cannot_be_confined_does_not_start(confined: Hijacked, tmp_path: Path) -> None:
    """The kernel can, and it fails: here, because the library that makes the filter is hidden."""
    hidden = tmp_path / "libseccomp.so.2"
    hidden.write_bytes(b"no library")
    line = "from hardening.confinement import confine_master; confine_master()"
    environment = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", line], env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "NotConfinedError" in done.stderr
