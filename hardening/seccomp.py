"""The system calls that a server process may make, as a seccomp filter; all others answer "not permitted".

The filter is made by Debian's libseccomp (seccomp(2), seccomp_rule_add(3)): it knows the numbers of calls on
every architecture and refuses those of others. The package on PyPI that wraps it has not changed since 2021.
"""

import ctypes
import errno
import os
import socket
from collections.abc import Collection, Sequence
from enum import IntEnum
from typing import Final

from hardening.errors import NotConfinedError

_ALLOW: Final = 0x7FFF0000
_ERRNO: Final = 0x00050000
_EVERY_THREAD, _FAST = 4, 8  # enum scmp_filter_attr
_BY_TREE: Final = 2
_EQUAL, _MASKED_EQUAL = 4, 7  # enum scmp_compare
_UNKNOWN: Final = -1
_GET_ACTION_AVAIL: Final = 2  # linux/seccomp.h

_THREAD: Final = 0x10000  # CLONE_THREAD
_NAMESPACES: Final = 0x7E020000  # CLONE_NEWNS … CLONE_NEWNET
# TCGETS, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: what opening and blocking ask for.
_IOCTLS: Final = (0x5401, 0x541B, 0x5421, 0x5450, 0x5451)
_PRCTLS: Final = (15, 0x53564D41)  # PR_SET_NAME, PR_SET_VMA

_WORKER: Final = """
accept accept4 access arch_prctl brk chmod chown clock_getres clock_gettime clock_nanosleep close
close_range copy_file_range dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2
epoll_wait eventfd2 exit exit_group faccessat faccessat2 fadvise64 fallocate fchmod fchmodat fchown fcntl
fdatasync flock fstat fstatfs fsync ftruncate futex futex_waitv getcwd getdents getdents64 getegid geteuid
getgid getgroups getpeername getpgrp getpid getppid getrandom getresgid getresuid getrlimit getrusage
getsockname getsockopt gettid gettimeofday getuid lchown link linkat lseek lstat madvise membarrier mkdir
mkdirat mlock mmap mprotect mremap munlock munmap nanosleep newfstatat open openat openat2 pipe pipe2 poll
ppoll pread64 preadv preadv2 pselect6 pwrite64 pwritev pwritev2 read readlink readlinkat readv recvfrom
recvmsg rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask
rt_sigreturn rt_sigsuspend rt_sigtimedwait sched_getaffinity sched_yield select sendfile sendmsg sendto
set_robust_list set_tid_address setsockopt shutdown sigaltstack stat statfs statx symlinkat sync_file_range
sysinfo time times truncate umask uname unlink unlinkat utime utimensat utimes write writev
"""

# What the first process does besides: it starts, ends and awaits workers, which take more from themselves.
_MASTER: Final = """
chdir fork kill landlock_add_rule landlock_create_ruleset landlock_restrict_self mlockall pidfd_open prctl
prlimit64 seccomp setgid setgroups setrlimit setuid vfork wait4 waitid
"""


class Role(IntEnum):
    """`MASTER` starts workers and reads nothing from a network; `WORKER` serves, and starts nothing."""

    MASTER = 0
    WORKER = 1


class _Compare(ctypes.Structure):
    """struct scmp_arg_cmp."""

    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    )


def is_there() -> bool:
    """Whether this kernel filters system calls."""
    libc = ctypes.CDLL(None, use_errno=True)
    action = ctypes.c_uint32(_ERRNO)
    resolve = _library().seccomp_syscall_resolve_name
    return not libc.syscall(resolve(b"seccomp"), _GET_ACTION_AVAIL, 0, ctypes.byref(action))


def apply(role: Role, families: Collection[int] = ()) -> None:
    """Binds all threads of this process, and its children. NotConfinedError.

    `families` are those of the sockets that it may make (socket.AF_…). PR_SET_NO_NEW_PRIVS is set with it.
    """
    library = _library()
    context = library.seccomp_init(_ERRNO | errno.EPERM)
    if not context:
        raise NotConfinedError
    try:
        _check(library.seccomp_attr_set(context, _EVERY_THREAD, 1))
        library.seccomp_attr_set(context, _FAST, _BY_TREE)  # an older library makes a slower filter
        names = _WORKER + _MASTER if role is Role.MASTER else _WORKER
        for name in names.split():
            _rule(library, context, _ALLOW, name)
        # Its flags lie in memory that a filter does not see; the C library then falls back to clone.
        _rule(library, context, _ERRNO | errno.ENOSYS, "clone3")
        threads = _Compare(0, _MASKED_EQUAL, _THREAD, _THREAD)
        plain = _Compare(0, _MASKED_EQUAL, _NAMESPACES, 0)
        _rule(library, context, _ALLOW, "clone", [plain if role is Role.MASTER else threads])
        for request in _IOCTLS:
            _rule(library, context, _ALLOW, "ioctl", [_Compare(1, _EQUAL, request)])
        if role is Role.WORKER:
            for option in _PRCTLS:
                _rule(library, context, _ALLOW, "prctl", [_Compare(0, _EQUAL, option)])
            # Limits may be read, and signals sent to itself.
            _rule(library, context, _ALLOW, "prlimit64", [_Compare(2, _EQUAL, 0)])
            _rule(library, context, _ALLOW, "tgkill", [_Compare(0, _EQUAL, os.getpid())])
        else:
            _rule(library, context, _ALLOW, "tgkill")
        for family in families:
            _rule(library, context, _ALLOW, "socket", [_Compare(0, _EQUAL, family)])
        if families:
            _rule(library, context, _ALLOW, "connect")
        _check(library.seccomp_load(context))
    finally:
        library.seccomp_release(context)


UNIX: Final = (socket.AF_UNIX,)
TCP: Final = (socket.AF_INET, socket.AF_INET6)


def _rule(
    library: ctypes.CDLL, context: int, action: int, name: str, conditions: Sequence[_Compare] = ()
) -> None:
    number = library.seccomp_syscall_resolve_name(name.encode("ascii"))
    if number == _UNKNOWN:
        return  # newer than the library: not permitted
    array = (_Compare * len(conditions))(*conditions)
    _check(library.seccomp_rule_add_array(context, action, number, len(conditions), array))


def _check(result: int) -> None:
    if result:
        raise NotConfinedError


def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        raise NotConfinedError from None
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = (ctypes.c_uint32,)
    library.seccomp_release.argtypes = (ctypes.c_void_p,)
    library.seccomp_load.argtypes = (ctypes.c_void_p,)
    library.seccomp_attr_set.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32)
    library.seccomp_rule_add_array.argtypes = (
        *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint),
        ctypes.POINTER(_Compare),
    )
    return library
