"""Complete blobs: `done/<office>/<blob hex>`. Nothing about the files tells the order in which they came."""

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from crypto.blob import blob_size
from store.errors import IncompleteError
from store.files import make_folder, names_in, sync_folder, touch
from store.folder import Folder
from store.incoming import Upload

# Files whose times are set anew at each completion: more than an office ever has, and 40 ms of work.
# A stranger who sends very many small files should not make every further one slower.
MOST_AT_ONCE: Final = 4_096


class Done:
    """The folder of complete blobs; any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def takes(self, upload: Upload) -> bool:
        """Whether there is no complete blob of that name, of whatever size."""
        return not self._path(upload).exists()

    def has(self, upload: Upload) -> bool:
        """Whether this blob is complete."""
        try:
            return self._path(upload).stat().st_size == blob_size(upload.padded)
        except FileNotFoundError:
            return False

    def settled(self, upload: Upload) -> bool:
        """The same, durably: to be asked by whoever records it."""
        path = self._path(upload)
        with suppress(FileNotFoundError):
            sync_folder(path.parent)
        return self.has(upload)

    def add(self, upload: Upload, folder: Folder, name: str) -> None:
        """Moves the blob in; IncompleteError if another one has its name. Durable once it is `settled`."""
        path = self._path(upload)
        if not path.parent.is_dir():
            make_folder(path.parent)
            sync_folder(self._folder)
        try:
            folder.move_out(name, path)
        except FileExistsError:
            raise IncompleteError from None
        self.forget_times(MOST_AT_ONCE)

    def forget_times(self, most: int | None = None) -> None:
        """Sets every file's times anew, or those of so many, in random order.

        The kernel notes when times were set (ctime), which cannot be set itself: so all say the same, when
        the last of all blobs was completed or the house last tidied. Where the source app may not list them,
        the broker of the inbox does it (store/broker/).
        """
        try:
            offices = [self._folder / name for name in names_in(self._folder)]
        except PermissionError:
            return
        files = [office / name for office in offices for name in names_in(office)]
        for left_over in (path for path in files if path.name.startswith(".")):
            left_over.unlink(missing_ok=True)  # Of `touch`, which was cut off.
        chosen = secrets.SystemRandom().sample(files, min(len(files), most or len(files)))
        for path in (*chosen, *offices, self._folder):
            with suppress(FileNotFoundError):  # Erased meanwhile.
                touch(path)

    def _path(self, upload: Upload) -> Path:
        return self._folder / f"{upload.office}/{upload.blob.hex()}"
