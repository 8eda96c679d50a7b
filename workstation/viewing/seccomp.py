"""The system calls that no viewer needs, as a seccomp filter for bubblewrap (Linux's classic BPF).

They answer "not permitted". They are those with which programs have broken out of namespaces before: keys,
tracing, namespaces, mounts, io_uring, BPF and their like. Numbers: Linux's asm/unistd_64.h and
asm-generic/unistd.h.
"""

import os
import platform
import struct
from typing import Final

_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050001
"""SECCOMP_RET_ERRNO with EPERM."""

_KILL: Final = 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4
_X32: Final = 0x40000000

# ptrace, add_key, request_key, keyctl, unshare, setns, mount, umount2, pivot_root, chroot, perf_event_open,
# open_by_handle_at, process_vm_readv, process_vm_writev, kcmp, bpf, userfaultfd, personality, quotactl,
# io_uring_setup, io_uring_enter, io_uring_register, open_tree, move_mount, fsopen, mount_setattr, pidfd_getfd
_DENIED: Final = {
    "x86_64": (
        0xC000003E,
        (101, 248, 249, 250, 272, 308, 165, 166, 155, 161, 298, 304, 310, 311, 312, 321, 323, 135, 179),
    ),
    "aarch64": (
        0xC00000B7,
        (117, 217, 218, 219, 97, 268, 40, 39, 41, 51, 241, 265, 270, 271, 272, 280, 282, 92, 60),
    ),
}
_EVERYWHERE: Final = (425, 426, 427, 428, 429, 430, 442, 438)


def program(machine: str) -> bytes:
    """The filter for an architecture; on one that is not listed, everything is allowed."""
    if machine not in _DENIED:
        return _step(_RETURN, value=_ALLOW)
    architecture, own = _DENIED[machine]
    denied = (*own, *_EVERYWHERE)
    left = len(denied)
    steps = [
        _step(_LOAD, value=_ARCHITECTURE),
        _step(_EQUAL, value=architecture, yes=1),
        _step(_RETURN, value=_KILL),
        _step(_LOAD, value=_NUMBER),
        _step(_AT_LEAST, value=_X32, yes=left + 1),
        *(_step(_EQUAL, value=number, yes=left - at) for at, number in enumerate(denied)),
        _step(_RETURN, value=_ALLOW),
        _step(_RETURN, value=_REFUSE),
    ]
    return b"".join(steps)


def descriptor() -> int:
    """A file in memory that holds the filter for this computer, at its beginning; the caller closes it."""
    found = os.memfd_create("seccomp", os.MFD_CLOEXEC)
    os.write(found, program(platform.machine()))
    os.lseek(found, 0, os.SEEK_SET)
    return found


def _step(code: int, value: int, yes: int = 0) -> bytes:
    """A `struct sock_filter`: if the comparison holds, `yes` steps are left out."""
    return struct.pack("=HBBI", code, yes, 0, value)
