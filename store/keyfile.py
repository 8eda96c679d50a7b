"""Key files: 32 random bytes that nobody but their owner, and at most one group, can read."""

import os
import secrets
import stat
from pathlib import Path
from typing import NewType

from store.errors import KeyFileExistsError, KeyFileMissingError, KeyFileModeError, KeyFileSizeError
from store.files import sync_folder

RawKey = NewType("RawKey", bytes)

_SIZE = 32
_MODE = 0o600
# The key of inbox.db has two users: the broker and the reviewers' app (store/broker/).
_WIDEST = 0o640


def create(path: Path) -> RawKey:
    """A new random key in a new file, durable and with mode 0600; KeyFileExistsError."""
    key = RawKey(secrets.token_bytes(_SIZE))
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _MODE)
    except FileExistsError:
        raise KeyFileExistsError from None
    try:
        os.fchmod(file, _MODE)
        os.write(file, key)
        os.fsync(file)
    finally:
        os.close(file)
    sync_folder(path.parent)
    return key


def read(path: Path) -> RawKey:
    """The key in a file; KeyFileMissingError, KeyFileModeError, KeyFileSizeError."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        raise KeyFileMissingError from None
    try:
        if stat.S_IMODE(os.fstat(file).st_mode) & ~_WIDEST:
            raise KeyFileModeError
        key = os.read(file, _SIZE + 1)
    finally:
        os.close(file)
    if len(key) != _SIZE:
        raise KeyFileSizeError
    return RawKey(key)
