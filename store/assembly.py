"""Putting a blob's chunks together without storing it twice.

Chunks are appended to the first, a batch at a time, and removed when what they were appended to is durable.
After a cut at any point, the length of `whole` tells which chunks it holds for certain, the files that are
left hold the others, and the same call goes on from there.
"""

import os
from pathlib import Path
from typing import Final

from crypto.blob import blob_size, chunk_count
from crypto.constants import CHUNK_SIZE, TAG_SIZE
from store.errors import IncompleteError
from store.files import forget_times
from store.folder import Folder

WHOLE: Final = "whole"
DELETION: Final = "deletion"

# Chunks that exist twice at most; each batch costs one flush.
_BATCH: Final = 16


def assemble(folder: Folder, padded: int, deletion: bytes, done: Path) -> None:
    """Moves the whole blob to `done`, durably; all its chunks must be there and the folder locked.

    IncompleteError if another blob took that name, StorageFullError through `full_disk`.
    """
    _remember(folder, deletion)
    if folder.size(WHOLE) is None:
        folder.rename("0", WHOLE)
    with folder.open(WHOLE, os.O_WRONLY) as whole:
        _append_all(folder, whole, padded)
    done.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        folder.move_out(WHOLE, done)
    except FileExistsError:
        raise IncompleteError from None
    for parent in (done.parent, done.parent.parent):
        forget_times(parent)


def _remember(folder: Folder, deletion: bytes) -> None:
    if folder.size(DELETION) is None:
        with folder.new_file() as (name, file):
            os.write(file, deletion)
            os.fsync(file)
            folder.rename(name, DELETION)


def _append_all(folder: Folder, whole: int, padded: int) -> None:
    step, count = CHUNK_SIZE + TAG_SIZE, chunk_count(padded)
    length = os.fstat(whole).st_size
    begin = count if length == blob_size(padded) else length // step
    if begin < count:
        os.ftruncate(whole, begin * step)
    os.lseek(whole, 0, os.SEEK_END)
    for first in range(begin, count, _BATCH):
        batch = [str(number) for number in range(first, min(first + _BATCH, count))]
        for name in batch:
            _append(folder, name, whole)
        os.fsync(whole)
        for name in batch:
            folder.remove(name)
    if os.fstat(whole).st_size != blob_size(padded):
        raise IncompleteError
    os.fsync(whole)


def _append(folder: Folder, name: str, whole: int) -> None:
    left = folder.size(name) or 0
    with folder.open(name, os.O_RDONLY) as chunk:
        while left:
            copied = os.copy_file_range(chunk, whole, left)
            if not copied:
                raise IncompleteError
            left -= copied
