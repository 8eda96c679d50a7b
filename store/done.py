"""Complete blobs: `done/<office>/<blob hex>`. Nothing about the files tells the order in which they came."""

import secrets
from contextlib import suppress
from pathlib import Path

from crypto.blob import blob_size
from store.errors import IncompleteError
from store.files import forget_times, names_in, sync_folder
from store.folder import Folder
from store.incoming import Upload


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

    def add(self, upload: Upload, folder: Folder, name: str) -> None:
        """Moves the blob in, durably; IncompleteError if another one has its name."""
        path = self._path(upload)
        with suppress(FileExistsError):
            path.parent.mkdir(mode=0o700)
            sync_folder(self._folder)
        try:
            folder.move_out(name, path)
        except FileExistsError:
            raise IncompleteError from None
        self.forget_times()

    def forget_times(self) -> None:
        """Sets every file's times anew, in random order.

        The kernel notes when times were set (ctime), which cannot be set itself: so all say the same, when
        the last of all blobs was completed or the house last tidied.
        """
        offices = [self._folder / name for name in names_in(self._folder)]
        files = [office / name for office in offices for name in names_in(office)]
        secrets.SystemRandom().shuffle(files)
        for path in (*files, *offices, self._folder):
            with suppress(FileNotFoundError):  # Erased meanwhile.
                forget_times(path)

    def _path(self, upload: Upload) -> Path:
        return self._folder / f"{upload.office}/{upload.blob.hex()}"
