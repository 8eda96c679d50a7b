"""What was already sent, noted beside the station's folder, to notice one copied back from an old backup.

`<folder>.seen`: canonical JSON {"directory": serial, "outbound": number}, the highest that ever were. Whoever
copies the folder back does not copy this file; a station restored on another computer has none.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crypto import canonical
from crypto.constants import MAX_U32
from crypto.errors import ProtocolError
from crypto.fields import Fields
from workstation import files
from workstation.errors import CannotWriteError, DiskFullError


@dataclass(frozen=True)
class Seen:
    """The highest serial of a directory and number of an outbound bundle; 0 if none is known."""

    directory: int = 0
    outbound: int = 0


def read(folder: Path) -> Seen:
    """What was noted for the station in this folder; nothing if the note is gone or damaged."""
    with suppress(OSError, ProtocolError):
        fields = Fields(canonical.parse(_path(folder).read_bytes()))
        seen = Seen(fields.integer("directory", 0, MAX_U32), fields.integer("outbound", 0, 2**53 - 1))
        fields.end()
        return seen
    return Seen()


def note(folder: Path, directory: int = 0, outbound: int = 0) -> None:
    """Raises what is noted; a place that cannot be written keeps no note."""
    known = read(folder)
    seen = Seen(max(known.directory, directory), max(known.outbound, outbound))
    if seen != known:
        body = canonical.dump({"directory": seen.directory, "outbound": seen.outbound})
        with suppress(CannotWriteError, DiskFullError):
            files.replace(_path(folder), body)


def _path(folder: Path) -> Path:
    whole = folder.absolute()
    return whole.with_name(f"{whole.name}.seen")
