"""`peluit audit verify`: checks a log of the staff or of a station, on any computer and without a network."""

import sys
from pathlib import Path
from typing import Final

from crypto.chained_log import STATION, Verified, note
from crypto.chained_log import verify as verify_log
from crypto.errors import BrokenLogError, LogBreak, ProtocolError

WHOLE: Final = 0
BROKEN: Final = 1
UNREADABLE: Final = 2

_BROKEN: Final[dict[LogBreak, str]] = {
    "changed": "entry {0} is not as it was written: it, or what stands before it, was changed",
    "missing": "entry {0} is missing",
    "order": "the entries are in another order from entry {0} on",
    "cut": "it breaks off before entry {0}. Export it again; if it stays so, entries were cut off",
    "end": "its last line does not fit: entries were cut off from entry {0} on, or that line was changed",
    "longer": "something follows after its last line, where entry {0} would be",
    "noted": "the numbers that were written down are nowhere in its {0} entries: it was changed or cut off",
}


def verify(path: Path, noted: str | None) -> int:
    """Says whether the log is whole; gives the exit code. `noted` as in crypto.chained_log.verify."""
    try:
        with path.open("rb") as untrusted_file:
            found = verify_log(untrusted_file, noted)
    except BrokenLogError as error:
        sys.stderr.write(f"peluit: the log is broken: {_BROKEN[error.why].format(error.number)}.\n")
        return BROKEN
    except ProtocolError:
        sys.stderr.write(f"peluit: {path} is no log of Peluit. Export it again: see the page Log.\n")
        return UNREADABLE
    except OSError as error:
        sys.stderr.write(f"peluit: {path} cannot be read: {error.strerror}.\n")
        return UNREADABLE
    sys.stdout.write(_sentences(found))
    return WHOLE


def _sentences(found: Verified) -> str:
    whose = f"of {found.office}" if found.office else "of the server"
    whose = f"of the station {whose}" if found.kind == STATION else whose
    entries = "1 entry" if found.count == 1 else f"{found.count} entries"
    lines = [f"The log {whose} is whole: {entries}."]
    if found.since is not None:
        lines.append(f"What was written down stands in it; since then: {found.since}.")
    lines.append(f"Write down: {found.count}, {note(found.head)}")
    return "\n".join(lines) + "\n"
