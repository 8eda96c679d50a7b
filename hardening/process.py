"""What a server process takes away from itself at its start."""

import ctypes
import os
import resource
from typing import Final

_PR_SET_DUMPABLE: Final = 4  # linux/prctl.h


def harden(searchable: bool = False) -> None:
    """No core dumps, no debugger or reader of memory but root, new files for the owner only. OSError.

    Applies to this process and, until they execute another program, its children. `searchable` leaves the
    memory readable to its own user, for the proof that nothing is in it: in tests that do not run as root.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    if searchable:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
