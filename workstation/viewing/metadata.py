"""What a file says besides what it shows: device, place, author, times, programs."""

from typing import Final

from workstation import evidence
from workstation.cases import Case
from workstation.station import Station
from workstation.viewing import sandbox
from workstation.viewing.rendering import lines
from workstation.viewing.sandbox import MIB, Limits
from workstation.viewing.showing import LARGEST, kind_of
from workstation.viewing.source import Source

_COMMAND: Final = ("exiftool", "-a", "-G1", "-s", "--System:all", "--ExifToolVersion")
_LIMITS: Final = Limits(output=2 * MIB)


def metadata(station: Station, case: Case, number: int) -> tuple[str, ...]:
    """ExifTool's lines, `[GROUP] Name : value`, safe for a terminal; errors as in `view`."""
    with evidence.in_memory(station, case, number, LARGEST) as clear:
        return report(Source(clear.descriptor, clear.size))


def report(source: Source) -> tuple[str, ...]:
    """The same for any file in memory; nothing for what ExifTool does not know."""
    sandbox.need("exiftool")
    ending = kind_of(source).ending
    script = '"$@" || true'  # it fails for what it does not know, and says so among its lines
    command = ["sh", "-c", script, "sh", *_COMMAND, f"/in/file.{ending}"]
    said = sandbox.run(command, source.descriptor, ending, _LIMITS, source.progress)
    return lines(said.untrusted_data)
