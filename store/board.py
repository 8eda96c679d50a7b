"""The public board as files: the newest publication, and the one before it (docs/protocol.md section 8.3)."""

import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from crypto import board
from crypto.board import Slot
from store import publication
from store.errors import NoSuchPageError

_VERSION: Final = re.compile(r"[0-9a-f]{32}\Z")
_INDEX: Final = "index"


class Board:
    """The board under `public/board`. Errors: NoSuchPageError, StorageFullError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def publish(self, slots: Sequence[Slot]) -> None:
        """Shows these slots in a new random order; MalformedError unless they fill whole pages."""
        shuffled = list(slots)
        secrets.SystemRandom().shuffle(shuffled)
        index = board.index(shuffled)
        version, _hints = board.read_index(index)
        pages = {str(number): page for number, page in enumerate(board.pages(shuffled))}
        publication.publish(self._folder, version.hex(), {_INDEX: index} | pages)

    def index(self) -> Path:
        """The file of the present index."""
        return self._file(publication.current(self._folder), _INDEX)

    def page(self, untrusted_version: str, number: int) -> Path:
        """The file of a page of the present publication or the one before."""
        if not _VERSION.match(untrusted_version):
            raise NoSuchPageError
        return self._file(untrusted_version, str(number))

    def _file(self, version: str | None, name: str) -> Path:
        if version is None or not (path := self._folder / version / name).is_file():
            raise NoSuchPageError
        return path
