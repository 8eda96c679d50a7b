"""What is learned from a case before it is closed: its cause, what would improve things, and the sector.

Source: requirement R17, S4-10: complaints are an input for better policy. By casework/facts.py no case is
closed without it; the yearly account gathers these.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from crypto.errors import ProtocolError
from crypto.fields import Day, Fields
from workstation import cases
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.errors import UnknownSectorError
from workstation.casework.journal import Step
from workstation.casework.words import checked
from workstation.errors import VaultDamagedError
from workstation.review import categories, classification
from workstation.station import Station
from workstation.texts import _

LONGEST: Final = 2_000


@dataclass(frozen=True)
class Lessons:
    """`cause` and `improvement` in words, without names: they are meant to be read by others one day;
    `sector`: an id of the office's list."""

    cause: str
    improvement: str
    sector: str


def latest(steps: Sequence[Step]) -> Lessons | None:
    """What holds, None before the first; VaultDamagedError."""
    found = journal.of_kind(steps, "lessons")
    if not found:
        return None
    try:
        fields = Fields(dict(found[-1].details))
        lessons = Lessons(fields.text("cause"), fields.text("improvement"), fields.id("sector"))
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return lessons


def usual_sector(station: Station, steps: Sequence[Step]) -> str:
    """The sector of the category that the case has; empty without one."""
    found = classification.latest(steps)
    category = categories.of_station(station).category(found.category) if found else None
    return category.sector if category else ""


def keep(station: Station, case: Case, cause: str, improvement: str, sector: str, on: Day) -> Case:
    """Keeps what was learned; `sector` may be empty: that of the category.

    WordsMissingError, WordsTooLongError, UnknownSectorError.
    """
    known = [each.id for each in categories.of_station(station).sectors]
    with station.vault.transaction():
        case = cases.find(station, case.number)
        lessons = Lessons(
            cause=checked(cause, _("the cause"), longest=LONGEST),
            improvement=checked(improvement, _("what would improve things"), longest=LONGEST),
            sector=sector or usual_sector(station, journal.of_case(station, case)),
        )
        if lessons.sector not in known:
            raise UnknownSectorError(sector=lessons.sector or "–", known=", ".join(known))
        return journal.add(station, case, "lessons", asdict(lessons), on)[0]
