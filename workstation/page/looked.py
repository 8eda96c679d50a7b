"""The piece of evidence that is being looked at: what was drawn of it, in memory until the station locks."""

from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from workstation import caselog, evidence
from workstation.cases import Case
from workstation.errors import NoSandboxError, NotShownError, ProgramsMissingError
from workstation.progress import DRAWING, Progress
from workstation.station import Station
from workstation.viewing import View
from workstation.viewing.metadata import report
from workstation.viewing.showing import LARGEST, show
from workstation.viewing.source import Source

Refused: TypeAlias = ProgramsMissingError | NoSandboxError | NotShownError
"""Why the sandbox gave nothing."""

_MOST_PAGES: Final = 20
_REFUSALS: Final = (ProgramsMissingError, NoSandboxError, NotShownError)


@dataclass(frozen=True)
class Looked:
    """Evidence `piece` of a case: the pages that were drawn last, by number, and ExifTool's safe lines."""

    case: int
    piece: int
    hidden: tuple[str, ...] | Refused
    pages: dict[int, View | Refused] = field(default_factory=dict)

    def with_page(self, page: int, drawn: View | Refused) -> "Looked":
        """The same with one more page; of too many, the one that was drawn first goes."""
        pages = {number: each for number, each in self.pages.items() if number != page} | {page: drawn}
        return replace(self, pages=dict(list(pages.items())[-_MOST_PAGES:]))


def look(
    station: Station, case: Case, piece: int, page: int, known: Looked | None, progress: Progress
) -> Looked:
    """Draws a page, and reads the hidden data unless it is `known`.

    What the sandbox refuses is kept as the answer; NoSuchPageError, TooLargeToShowError, NoSuchEvidenceError,
    EvidenceMissingError, EvidenceDamagedError, CannotReadError.
    """
    with evidence.in_memory(station, case, piece, LARGEST, progress) as clear:
        source = Source(clear.descriptor, clear.size, progress)
        progress.begin(DRAWING, 1)
        drawn: View | Refused
        try:
            drawn = show(source, page)
        except _REFUSALS as error:
            drawn = error
        looked = (known or Looked(case.number, piece, _hidden(source))).with_page(page, drawn)
    caselog.write_once_a_day(station, case.key, "viewed", piece)
    return looked


def _hidden(source: Source) -> tuple[str, ...] | Refused:
    try:
        return report(source)
    except _REFUSALS as error:
        return error
