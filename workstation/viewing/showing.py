"""`view`: one page of a piece of evidence, as pixels and plain text that cannot do anything."""

from dataclasses import dataclass

from workstation import caselog, evidence
from workstation.cases import Case
from workstation.errors import NoSuchPageError
from workstation.station import Station
from workstation.viewing import plain, rendering
from workstation.viewing.kinds import EDGE, Family, Kind, recognise
from workstation.viewing.rendering import Rendered
from workstation.viewing.source import Source

LARGEST = 256 * 2**20
"""Bytes of a file that is shown or cleaned: it is held in memory twice."""


@dataclass(frozen=True)
class View:
    """One page. `picture` is a PNG file that this station wrote, or None; each line of `text` is safe for a
    terminal, and is still a stranger's text for everything else (escape it in HTML)."""

    family: Family
    page: int
    pages: int
    picture: bytes | None
    text: tuple[str, ...]


def view(station: Station, case: Case, number: int, page: int = 1) -> View:
    """Page `page` (from 1) of evidence `number` of a case; nothing is written anywhere but in the log.

    NoSuchPageError, NotShownError, TooLargeToShowError, ProgramsMissingError, NoSandboxError; and
    NoSuchEvidenceError, EvidenceMissingError, EvidenceDamagedError, CannotReadError.
    """
    with evidence.in_memory(station, case, number, LARGEST) as clear:
        found = show(Source(clear.descriptor, clear.size), page)
    caselog.write_once_a_day(station, case.key, "viewed", number)
    return found


def show(source: Source, page: int) -> View:
    """The same for any file in memory."""
    kind = kind_of(source)
    found = _render(source, kind, page)
    if not 1 <= page <= found.pages:
        raise NoSuchPageError(page=page, pages=found.pages)
    return View(kind.family, page, found.pages, found.picture, found.text)


def kind_of(source: Source) -> Kind:
    """What the file is, by its bytes."""
    return recognise(source.read(0, EDGE), source.read(max(0, source.size - EDGE), EDGE))


def _render(source: Source, kind: Kind, page: int) -> Rendered:
    match kind.family:
        case Family.PICTURE:
            return rendering.picture(source, kind)
        case Family.PDF:
            return rendering.pdf(source, kind, page)
        case Family.OFFICE:
            return rendering.office(source, kind, page)
        case Family.SOUND | Family.VIDEO:
            return rendering.recording(source, kind)
        case Family.ARCHIVE:
            return rendering.archive(source, kind)
        case Family.TEXT:
            return plain.text(source, page)
        case Family.UNKNOWN:
            return plain.hexdump(source)
