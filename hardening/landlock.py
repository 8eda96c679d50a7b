"""The files and ports that a process may reach, as a Landlock domain (landlock(7)); all others are refused.

It holds for the thread that asks for it and for what comes from that thread: ask before there are others.
"""

import ctypes
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from hardening.errors import NotConfinedError

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION: Final = 1
_BENEATH, _PORT = 1, 2
_NO_NEW_PRIVS: Final = 38

# linux/landlock.h. Of what an older kernel does not know nothing is asked.
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_FS_BY_ABI: Final = ((1, (1 << 13) - 1), (2, _REFER), (3, _TRUNCATE), (5, 1 << 15))
_BIND, _CONNECT = 1 << 0, 1 << 1
_SCOPES: Final = 0b11  # abstract Unix sockets, signals
_NET_ABI, _SCOPE_ABI = 4, 6

_READ: Final = _READ_FILE | _READ_DIR
_WRITE: Final = _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER | _TRUNCATE
_OF_FILES: Final = _WRITE_FILE | _READ_FILE | _TRUNCATE


def version() -> int:
    """The version of Landlock that this kernel speaks, 0 if none."""
    return max(0, int(_LIBC.syscall(_CREATE, None, 0, _VERSION)))


def apply(reads: Iterable[Path], writes: Iterable[Path], ports: Collection[int]) -> None:
    """Leaves this process the right to read and to write so much, and to connect to these TCP ports.

    What a path does not lead to is left out. Signals reach nobody outside. NotConfinedError.
    """
    abi = version()
    if not abi:
        return
    known = sum(rights for since, rights in _FS_BY_ABI if abi >= since)
    net = _BIND | _CONNECT if abi >= _NET_ABI else 0
    attributes = [known, net, _SCOPES][: 1 + (abi >= _NET_ABI) + (abi >= _SCOPE_ABI)]
    asked = (ctypes.c_uint64 * len(attributes))(*attributes)
    ruleset = _check(_LIBC.syscall(_CREATE, ctypes.byref(asked), ctypes.sizeof(asked), 0))
    try:
        for path in reads:
            _allow(ruleset, path, _READ & known)
        for path in writes:
            _allow(ruleset, path, _WRITE & known)
        for port in ports if net else ():
            rule = (ctypes.c_uint64 * 2)(_CONNECT, port)
            _check(_LIBC.syscall(_ADD, ruleset, _PORT, ctypes.byref(rule), 0))
        _check(_LIBC.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))
        _check(_LIBC.syscall(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)


class _Beneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = _Beneath(rights if path.is_dir() else rights & _OF_FILES, handle)
        _check(_LIBC.syscall(_ADD, ruleset, _BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(handle)


def _check(result: int) -> int:
    if result < 0:
        raise NotConfinedError
    return result


_LIBC: Final = ctypes.CDLL(None, use_errno=True)
