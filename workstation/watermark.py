"""The mark of a training station: on every page, before every command's output, in every file for people."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from crypto import training
from crypto.errors import ProtocolError
from crypto.fields import InstanceId
from workstation import directories
from workstation.errors import NoStationError
from workstation.layout import Layout

LINE: Final = "LATIHAN – BUKAN DATA NYATA / TRAINING – NOT REAL DATA"
"""The same for everybody, whatever language is in use."""

NAMES: Final = {"en": "TRAINING – NOT REAL DATA", "id": "LATIHAN – BUKAN DATA NYATA"}
"""How the names of a training office begin, so that whatever names the office says it."""

FILE: Final = "LATIHAN-"
"""How the names of files with a training office's evidence begin; its own id begins so in small letters."""


def lines(instance: InstanceId, text: Sequence[str] = ()) -> list[str]:
    """A text for people, with the mark above it if it is of a training station."""
    return [LINE, "", *text] if training.is_training(instance) else list(text)


def is_in(sentences: Iterable[str]) -> bool:
    """Whether a training office is named in one of them."""
    return any(mark in sentence for sentence in sentences for mark in NAMES.values())


def file_mark(instance: InstanceId) -> str:
    """What a file's name begins with; empty for a real station."""
    return FILE if training.is_training(instance) else ""


def of_folder(folder: Path) -> str:
    """The mark of the station in a folder; empty for a real one, and where there is none.

    The keys in the folder are bound to the same installation as its directory (station.py).
    """
    layout = Layout(folder)
    try:
        document = layout.latest(layout.directories)
        directory = directories.read_unpinned(document)
    except (OSError, NoStationError, ProtocolError):
        return ""
    return LINE if training.is_training(directory.office.instance) else ""
