"""The sandbox itself: a program in it that means harm reaches nothing, and ends."""

import os
import select
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workstation.viewing.conftest import MakeSource
from workstation.errors import NoSandboxError, NotShownError, ProgramsMissingError
from workstation.progress import Progress
from workstation.viewing import pixels, sandbox, seccomp
from workstation.viewing.sandbox import MIB, Limits
from workstation.viewing.source import Source

SHORT = Limits(seconds=5, memory=512 * MIB, scratch=8 * MIB, output=MIB, processes=16)
CANARY = b"KENARI-7f3a-di-cakram-tuan-rumah"
Inside = Callable[[str], bytes]


@pytest.fixture
def inside(source: MakeSource) -> Inside:
    """Runs Python inside, with a file at /in/file.bin, and gives what it writes."""

    def run(program: str) -> bytes:
        command = ["python3", "-I", "-S", "-c", program]
        return sandbox.run(command, source(b"isi").descriptor, "bin", SHORT).untrusted_data

    return run


def test_the_file_comes_in_and_words_come_out(inside: Inside) -> None:
    assert inside("print(open('/in/file.bin').read())") == b"isi\n"


def test_it_is_a_file_in_memory_that_cannot_be_changed(inside: Inside) -> None:
    program = """
import os
kinds = {line.split()[1]: line.split()[2] for line in open('/proc/self/mounts')}
print(kinds['/in/file.bin'], kinds['/tmp'], kinds['/'])
for path in ('/in/file.bin', '/in/new', '/new', '/usr/bin/new', '/dev/new'):
    try:
        open(path, 'w')
        print('WRITTEN', path)
    except OSError:
        pass
"""
    assert inside(program) == b"tmpfs tmpfs tmpfs\n"


def test_no_file_of_the_host_is_there(inside: Inside, tmp_path: Path) -> None:
    """The search inside finds the canary where it may be, and not where it lies outside."""
    (tmp_path / "canary").write_bytes(CANARY)
    (tmp_path / "canary").chmod(0o644)
    program = f"""
import os
canary = bytes.fromhex({CANARY[::-1].hex()!r})[::-1]
open('/tmp/planted', 'wb').write(canary)
print(os.path.exists({str(tmp_path)!r}), sorted(os.listdir('/')))
for root, folders, names in os.walk('/'):
    folders[:] = [name for name in folders if os.path.join(root, name) not in ('/usr', '/proc/sys')]
    for name in names:
        path = os.path.join(root, name)
        try:
            if os.path.isfile(path) and '/proc' not in path and canary in open(path, 'rb').read(10**6):
                print('FOUND', path)
        except OSError:
            pass
"""
    assert inside(program).decode().split("\n") == [
        "False ['bin', 'dev', 'etc', 'in', 'lib', 'lib64', 'proc', 'tmp', 'usr']",
        "FOUND /tmp/planted",
        "",
    ]
    assert not (Path("/tmp") / "planted").exists()


def test_it_sees_no_process_no_environment_and_no_descriptor_of_ours(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PELUIT_CANARY", CANARY.decode())
    program = """
import os
print(sorted(os.environ))
print(len([name for name in os.listdir('/proc') if name.isdecimal()]))
print(sorted(int(name) for name in os.listdir('/proc/self/fd'))[:-1])
print(os.uname().nodename, os.getuid())
wanted = ('CapEff:', 'CapBnd:', 'NoNewPrivs:', 'Seccomp:')
print([line.split()[1] for line in open('/proc/self/status') if line.startswith(wanted)])
"""
    names, processes, descriptors, name, rights, _ = inside(program).decode().split("\n")
    assert set(eval(names)) <= {"HOME", "LC_ALL", "PATH", "PWD", "LC_CTYPE"}
    assert int(processes) <= 2
    assert descriptors == "[0, 1, 2]"
    assert name == "sandbox 1000"
    assert eval(rights) == ["0000000000000000", "0000000000000000", "1", "2"]


def test_no_network(inside: Inside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as named:
        named.bind("\0peluit-test-canary")
        named.listen()
        server.settimeout(0)
        named.settimeout(0)
        port = server.getsockname()[1]
        program = f"""
import socket
print([name for _, name in socket.if_nameindex()])
for kind, address in ((socket.AF_INET, ('127.0.0.1', {port})), (socket.AF_INET, ('1.1.1.1', 53)),
                      (socket.AF_UNIX, '\\0peluit-test-canary')):
    try:
        socket.socket(kind).connect(address)
        print('CONNECTED', address)
    except OSError:
        pass
"""
        assert inside(program) == b"['lo']\n"
        for listening in (server, named):
            with pytest.raises(BlockingIOError):
                listening.accept()
        with socket.create_connection(server.getsockname()):  # the test would see a connection
            server.accept()[0].close()


@pytest.mark.parametrize(
    "program",
    [
        "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))",
        "import ctypes; print(ctypes.CDLL(None).ptrace(0, 0, 0, 0))",
        "import ctypes; print(ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None))",
        "import ctypes; print(ctypes.CDLL(None).syscall(425, 1, 0))",
    ],
    ids=["unshare", "ptrace", "mount", "io_uring"],
)
def test_calls_that_no_viewer_needs_are_refused(inside: Inside, program: str) -> None:
    assert inside(program) == b"-1\n"


def test_the_filter_has_a_way_out_for_each_step() -> None:
    for machine in ("x86_64", "aarch64"):
        steps = list(struct.iter_unpack("=HBBI", seccomp.program(machine)))
        *tests, allow, refuse = steps
        assert (allow[3], refuse[3]) == (0x7FFF0000, 0x00050001)
        assert all(at + 1 + step[1] == len(tests) + 1 for at, step in enumerate(tests) if at > 3)
    assert len(seccomp.program("riscv64")) == 8


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("while True: pass", "took too long|gave up"),
        ("import time; time.sleep(1000)", "took too long"),
        ("import os, time; os.close(1); os.close(2); time.sleep(1000)", "took too long"),
        ("while True: print('x' * 100000)", "more than is allowed|took too long"),
        ("import sys\nwhile True: sys.stderr.write('x' * 100000)", "took too long|gave up"),
        ("x = bytearray(10**9)", "gave up"),
        ("open('/tmp/big', 'wb').write(bytes(9 * 2**20))", "gave up"),
        ("[open(f'/tmp/{n}', 'wb').write(bytes(2**20)) for n in range(9)]", "gave up"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "gave up"),
    ],
    ids=["busy", "sleeps", "closes", "output", "notes", "memory", "file", "files", "crash"],
)
def test_a_program_that_does_not_behave_ends(
    inside: Inside, program: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "SHORT", replace(SHORT, seconds=2))
    with pytest.raises(NotShownError, match=reason):
        inside(program)


def test_a_fork_bomb_is_bounded_and_nothing_of_it_lives_on(inside: Inside) -> None:
    program = """
import os, time
count = 1
try:
    while True:
        if not os.fork():
            os.setsid()
            time.sleep(4242)
        count += 1
except OSError:
    print(count)
"""
    assert 2 < int(inside(program)) <= SHORT.processes
    assert not any(b"time.sleep(4242)" in line for line in commands().values())


def commands() -> dict[int, bytes]:
    """The command lines of all processes by their numbers."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            found[int(process.name)] = (process / "cmdline").read_bytes()
    return found


KILLED = """
import os
from workstation.viewing import sandbox
descriptor = os.memfd_create("x")
sandbox.run(["sleep", "4343"], descriptor, "bin", sandbox.Limits(seconds=600))
"""


def test_when_the_station_is_killed_the_sandbox_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED]) as station:
        inside = 0
        while not inside:
            assert station.poll() is None
            inside = next((pid for pid, line in commands().items() if line == b"sleep\x004343\0"), 0)
        process = os.pidfd_open(inside)
        station.kill()
    try:
        ended, _, _ = select.select([process], [], [], 60)
        assert ended
    finally:
        os.close(process)


def test_without_the_programs_it_refuses_and_names_the_packages(
    source: MakeSource, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sandbox, "PROGRAMS", tmp_path)
    with pytest.raises(ProgramsMissingError, match=r"apt-get install bubblewrap util-linux poppler-utils$"):
        sandbox.need("pdftoppm", "pdfinfo")
    (tmp_path / "prlimit").touch()
    with pytest.raises(ProgramsMissingError, match=r"apt-get install bubblewrap$"):
        sandbox.run(["true"], source(b"").descriptor, "bin", SHORT)


def test_where_no_sandbox_can_be_made_nothing_runs(
    source: MakeSource, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """bwrap itself, in a user namespace where no further one may be made."""
    wrapper = tmp_path / "bwrap"
    outer = "/usr/bin/bwrap --unshare-user --disable-userns --dev-bind / /"
    wrapper.write_text(f'#!/bin/sh\nexec {outer} -- /usr/bin/bwrap "$@"\n')
    wrapper.chmod(0o755)
    (tmp_path / "prlimit").touch()
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    monkeypatch.setattr(sandbox, "PROGRAMS", tmp_path)
    with pytest.raises(NoSandboxError, match="user namespaces"):
        sandbox.run(["true"], source(b"").descriptor, "bin", SHORT)


@pytest.mark.parametrize(
    "untrusted",
    [
        b"",
        b"P6\n2 1\n255\n12345",
        b"P6\n2 1\n255\n1234567",
        b"P6\n1601 1\n255\n" + bytes(1601 * 3),
        b"P6\n0 1\n255\n",
        b"P6\n-1 1\n255\n123",
        b"P5\n1 1\n255\n1",
        b"P6\n# words\n1 1\n255\n123",
        b"P6\n1 1\n65535\n123456",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_only_exact_pixels_are_taken(untrusted: bytes) -> None:
    with pytest.raises(NotShownError, match="not a picture"):
        pixels.read_ppm(untrusted)


def test_pixels_are_written_as_png_point_for_point() -> None:
    rgb = os.urandom(7 * 5 * 3)
    data = pixels.png(pixels.read_ppm(b"P6\n7 5\n255\n" + rgb))
    command = [
        "/usr/bin/ffmpeg",
        "-v",
        "error",
        "-f",
        "png_pipe",
        "-i",
        "pipe:0",
        "-f",
        "rawvideo",
        "-pix_fmt",
    ]
    shown = subprocess.run([*command, "rgb24", "pipe:1"], input=data, check=True, capture_output=True)
    assert shown.stdout == rgb


def test_a_source_is_read_anywhere(source: MakeSource) -> None:
    found: Source = source(b"abcdef")
    assert (found.read(0, 2), found.read(4, 10)) == (b"ab", b"ef")


class _Stopping(Progress):
    """Ends the work once the program runs inside, which `process` then stands for."""

    process = -1

    def advance(self, items: int, size: int = 0) -> None:
        inside = next((pid for pid, line in commands().items() if line == b"sleep\x004345\0"), 0)
        if inside:
            self.process = os.pidfd_open(inside)
            raise KeyboardInterrupt


@pytest.mark.parametrize("program", ["exec sleep 4345", "exec >&- 2>&-; exec sleep 4345"])
def test_it_ends_when_the_work_is_stopped(source: MakeSource, program: str) -> None:
    """Also one that has closed its outputs and goes on."""
    stopping = _Stopping()
    with pytest.raises(KeyboardInterrupt):
        sandbox.run(["sh", "-c", program], source(b"").descriptor, "bin", Limits(seconds=600), stopping)
    try:
        ended, _, _ = select.select([stopping.process], [], [], 60)
        assert ended
    finally:
        os.close(stopping.process)
