"""Run one of the system's programs on untrusted bytes where it can reach nothing: bubblewrap and limits.

Inside there is no network, no file of the host but its programs (read-only), no process but its own, an empty
environment and a small /tmp in memory. The file goes in through a descriptor; what comes out are two pipes.
"""

import os
import selectors
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workstation.errors import NoSandboxError, NotShownError, ProgramsMissingError
from workstation.progress import SILENT, Progress
from workstation.texts import _
from workstation.viewing import seccomp

PROGRAMS: Final = Path("/usr/bin")
MIB: Final = 2**20
_SHARED: Final = tuple(
    f"/etc/{name}" for name in ("fonts", "alternatives", "libreoffice", "mime.types", "ld.so.cache")
)
_NOBODY: Final = 65534
_LONGEST_NOTES: Final = MIB
_PIECE: Final = 2**16
_TICK_SECONDS: Final = 0.1
"""How often the progress is asked whether to go on."""

PACKAGES: Final = {
    "bwrap": "bubblewrap",
    "pdftoppm": "poppler-utils",
    "pdfinfo": "poppler-utils",
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "mat2": "mat2",
    "exiftool": "libimage-exiftool-perl",
    "python3": "python3",
    "soffice": "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui",
}
"""Debian's package of each program that is run."""


@dataclass(frozen=True)
class Limits:
    """Seconds by the clock and of each process's CPU; bytes of each process's memory, of /tmp and of what is
    given out; processes and threads."""

    seconds: int = 30
    memory: int = 2048 * MIB
    scratch: int = 64 * MIB
    output: int = 16 * MIB
    processes: int = 32


@dataclass(frozen=True)
class Output:
    """What the program wrote to standard output and to standard error; nobody has checked it."""

    untrusted_data: bytes
    untrusted_notes: bytes


def need(*programs: str) -> None:
    """ProgramsMissingError unless the sandbox and these programs are installed."""
    missing = [name for name in ("bwrap", "prlimit", *programs) if not (PROGRAMS / name).exists()]
    if missing:
        packages = " ".join(dict.fromkeys(PACKAGES.get(name, "util-linux") for name in missing))
        raise ProgramsMissingError(packages=packages)


def run(
    command: Sequence[str], source: int, ending: str, limits: Limits, progress: Progress = SILENT
) -> Output:
    """Runs a command on the file behind the descriptor `source`, which it finds at `/in/file.<ending>`.

    ProgramsMissingError; NoSandboxError if the sandbox cannot be made; NotShownError if the program fails,
    takes too long or gives out too much; what `progress.advance` raises. All its processes end with it.
    """
    need()
    data = os.open(f"/proc/self/fd/{source}", os.O_RDONLY | os.O_CLOEXEC)
    rules = seccomp.descriptor()
    try:
        as_nobody = _NOBODY if os.geteuid() == 0 else None  # the limit on processes does not hold for root
        process = subprocess.Popen(  # noqa: S603
            [*_bwrap(data, rules, ending, limits), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(data, rules),
            cwd="/",
            env={},
            user=as_nobody,
            group=as_nobody,
            extra_groups=None if as_nobody is None else (),
        )
    finally:
        os.close(data)
        os.close(rules)
    with process:
        try:
            output = _collect(process, limits, progress)
        finally:
            process.kill()
    if process.returncode:
        if output.untrusted_notes.startswith(b"bwrap: "):
            raise NoSandboxError
        raise NotShownError(reason=_("the program that reads such files gave up"))
    return output


def _bwrap(data: int, rules: int, ending: str, limits: Limits) -> list[str]:
    words = (
        f"{PROGRAMS}/bwrap --unshare-all --unshare-user --disable-userns --die-with-parent --new-session "
        "--cap-drop ALL --uid 1000 --gid 1000 --hostname sandbox "
        "--clearenv --setenv PATH /usr/bin --setenv HOME /tmp --setenv LC_ALL C.UTF-8 "
        "--ro-bind /usr /usr --tmpfs /usr/local "
        "--symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 "
        + "".join(f"--ro-bind-try {path} {path} " for path in _SHARED)
        + f"--proc /proc --dev /dev --ro-bind-data {data} /in/file.{ending} "
        f"--size {limits.scratch} --tmpfs /tmp --size {MIB} --tmpfs /dev/shm "
        f"--remount-ro /dev --remount-ro / --chdir /tmp --seccomp {rules} -- "
        f"/usr/bin/prlimit --as={limits.memory} --cpu={limits.seconds} --core=0 --nofile=256 "
        f"--nproc={limits.processes} --fsize={limits.scratch} --"
    )
    return words.split()


def _collect(process: "subprocess.Popen[bytes]", limits: Limits, progress: Progress) -> Output:
    """Both pipes to their ends; of the notes only the beginning is kept."""
    assert process.stdout is not None and process.stderr is not None
    data, notes = bytearray(), bytearray()
    end = time.monotonic() + limits.seconds
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, data)
        selector.register(process.stderr, selectors.EVENT_READ, notes)
        while selector.get_map():
            ready = selector.select(_TICK_SECONDS)
            progress.advance(0)
            for key, _events in ready:
                piece = os.read(key.fd, _PIECE)
                if not piece:
                    selector.unregister(key.fileobj)
                key.data.extend(piece)
            if len(data) > limits.output:
                raise NotShownError(reason=_("it gave out more than is allowed"))
            del notes[_LONGEST_NOTES:]
            if time.monotonic() > end:
                raise NotShownError(reason=_("it took too long"))
    while process.poll() is None:  # it has nothing more to say, and goes on
        with suppress(subprocess.TimeoutExpired):
            process.wait(_TICK_SECONDS)
        progress.advance(0)
        if time.monotonic() > end:
            raise NotShownError(reason=_("it took too long"))
    return Output(bytes(data), bytes(notes))
