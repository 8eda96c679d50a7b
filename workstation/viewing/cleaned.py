"""A copy of evidence without its hidden data, made by mat2 in the sandbox. The original stays as it is."""

from typing import Final

from workstation import evidence
from workstation.cases import Case
from workstation.errors import NotCleanableError, NotShownError
from workstation.station import Station
from workstation.texts import _
from workstation.viewing import sandbox
from workstation.viewing.kinds import EDGE, Family, recognise
from workstation.viewing.sandbox import MIB, Limits
from workstation.viewing.showing import LARGEST, kind_of
from workstation.viewing.source import Source

_LIMITS: Final = Limits(
    seconds=120, memory=4096 * MIB, scratch=3 * LARGEST, output=LARGEST + 64 * MIB, processes=64
)
_FAMILIES: Final = frozenset({Family.PICTURE, Family.PDF, Family.OFFICE, Family.SOUND, Family.VIDEO})
_SCRIPT: Final = (
    'cp "/in/file.$1" "/tmp/file.$1" && mat2 --no-sandbox --unknown-members omit "/tmp/file.$1" >&2 '
    '&& cat "/tmp/file.cleaned.$1"'
)


def clean_evidence(station: Station, case: Case, number: int) -> tuple[bytes, bytes]:
    """The cleaned file's bytes, and the SHA-256 of the original.

    NotCleanableError for kinds that mat2 does not clean; otherwise as `view`.
    """
    with evidence.in_memory(station, case, number, LARGEST) as clear:
        return clean(Source(clear.descriptor, clear.size)), clear.sha256


def clean(source: Source) -> bytes:
    """The same for any file in memory. What comes back is checked for its kind only: it is as untrusted as
    the original."""
    sandbox.need("mat2")
    kind = kind_of(source)
    if kind.family not in _FAMILIES:
        raise NotCleanableError
    command = ["sh", "-c", _SCRIPT, "sh", kind.ending]
    copy = sandbox.run(command, source.descriptor, kind.ending, _LIMITS).untrusted_data
    if recognise(copy[:EDGE], copy[-EDGE:]).family is not kind.family:
        raise NotShownError(reason=_("what came out is of another kind"))
    return copy
