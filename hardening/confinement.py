"""What a worker gives up for good before it reads its first byte from a network.

No program can be started, no memory becomes code, and of files, ports and system calls only those are left
that the app says it needs. Where a kernel lacks one of these, the worker starts without it, and
`peluit doctor` says so; where it has one and that fails, the worker does not start.
"""

import ctypes
import os
import resource
import sys
import sysconfig
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardening import landlock, seccomp
from hardening.errors import NotConfinedError
from hardening.logs import OURS

_PR_SET_MDWE: Final = 65  # linux/prctl.h
_MCL: Final = 1 | 2 | 4  # MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT
_GIB: Final = 2**30

# gunicorn takes 1,024 connections; each of the threads has a few files open.
_MOST_FILES: Final = 2_048
# Rewriting an inbox holds it in memory, and each thread reserves a stack of 8 MiB.
_LEAST_MEMORY: Final = 2 * _GIB

_SYSTEM: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo"),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/dev/urandom"),
)
_OF_NAMES: Final = tuple(f"/etc/{name}" for name in ("hosts", "nsswitch.conf", "resolv.conf", "services"))


@dataclass(frozen=True)
class Reach:
    """What an app needs besides its code: files and folders to read or to write, and whom it asks.

    `families` are those of sockets that it makes (seccomp.UNIX, seccomp.TCP), `ports` the TCP ports it asks.
    """

    reads: Collection[Path] = ()
    writes: Collection[Path] = ()
    families: Collection[int] = ()
    ports: Collection[int] = ()


def reach_of_address(address: str) -> Reach:
    """What it takes to ask whoever listens at `unix:/path` or `host:port`."""
    if address.startswith("unix:"):
        return Reach(families=seccomp.UNIX)
    return Reach(families=seccomp.TCP, ports=(int(address.rpartition(":")[2]),))


def confine_master() -> None:
    """The first process: it goes on starting workers, and can no longer start any other program."""
    if seccomp.is_there():
        seccomp.apply(seccomp.Role.MASTER, (*seccomp.UNIX, *seccomp.TCP))


def confine(reach: Reach) -> None:
    """A worker, for the rest of its life and in all threads to come. NotConfinedError."""
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise NotConfinedError
    _limit(resource.RLIMIT_NOFILE, _MOST_FILES)
    _limit(resource.RLIMIT_DATA, max(_LEAST_MEMORY, _memory() // 2))
    libc = ctypes.CDLL(None, use_errno=True)
    _lock_memory(libc)
    libc.prctl(_PR_SET_MDWE, 1, 0, 0, 0)  # Linux 6.3; before, it is refused
    names = _OF_NAMES if reach.ports else ()
    system = (Path(name) for name in (*_SYSTEM, *names))
    landlock.apply((*system, *_code(), *reach.reads), (Path("/dev/null"), *reach.writes), reach.ports)
    if seccomp.is_there():
        seccomp.apply(seccomp.Role.WORKER, reach.families)


def _code() -> list[Path]:
    """Python's own, what is installed, and our packages: modules may be loaded when they are first used."""
    root = Path(__file__).parents[1]
    installed = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return [*installed, Path(sys.prefix) / "lib", *(root / name for name in OURS)]


def _limit(what: int, most: int) -> None:
    _soft, hard = resource.getrlimit(what)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (least, least))


def _lock_memory(libc: ctypes.CDLL) -> None:
    """No page goes to swap, where nothing bounds that: under a bound, memory would run out instead."""
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY or os.geteuid() == 0:
        libc.mlockall(_MCL)


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
