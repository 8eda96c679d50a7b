"""What a process takes from itself: shown from outside, by the kernel's own words."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
import ctypes, os, resource, sys
from hardening.process import harden
from pathlib import Path
harden()
secret = b"canary-" + bytes(str(7731), "ascii")
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
os.close(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY, 0o666))
child = os.fork()
os.write(1, b"%d\\n" % ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
if child:
    os.waitpid(child, 0)
    sys.stdin.read()
"""


def test_no_core_no_debugger_no_open_files(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "made")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        lines = [process.stdout.readline().strip() for _ in range(3)]
        assert lines == ["(0, 0) 0", "0", "0"]  # in the child of a fork too
        assert (tmp_path / "made").stat().st_mode & 0o777 == 0o600
        assert Path(f"/proc/{process.pid}/environ").stat().st_uid == 0
        readable = can_read_memory(process.pid)
        # Root reads on: a proof that searches a server's memory must run as root.
        assert readable == (os.geteuid() == 0)
        process.communicate("")


def can_read_memory(pid: int) -> bool:
    try:
        with Path(f"/proc/{pid}/maps").open() as maps:
            start = int(maps.readline().partition("-")[0], 16)
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            memory.seek(start)
            return memory.read(4) == b"\x7fELF"
    except PermissionError:
        return False
