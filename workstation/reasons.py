"""Why the operating system refused something, in the language of the person at the station."""

import errno
import os
from typing import Final

from workstation.texts import N_, _

_REASONS: Final = {
    errno.ENOENT: N_("it is not there"),
    errno.EACCES: N_("you have no permission"),
    errno.EPERM: N_("you have no permission"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of the path is not a folder"),
    errno.EROFS: N_("the disk or stick can only be read"),
    errno.EIO: N_("the disk or stick is faulty, or was taken out"),
    errno.ENODEV: N_("the disk or stick is faulty, or was taken out"),
    errno.ENXIO: N_("the disk or stick is faulty, or was taken out"),
}


def reason(error: OSError) -> str:
    """The usual reasons in the language in use; others as the system says them."""
    number = error.errno or 0
    return _(_REASONS[number]) if number in _REASONS else error.strerror or os.strerror(number)
