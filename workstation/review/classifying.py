"""Books what a case is about; who handles it, and who must not read it any more, follows in the same act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crypto.constants import FAMILIES, KINDS
from crypto.fields import Day
from workstation import cases
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.errors import FamilyError, UnknownCategoryError, UnknownLevelError
from workstation.casework.journal import Step
from workstation.offices import registry
from workstation.review import categories, classification, conflict, routing
from workstation.review.classification import Classification
from workstation.station import Station


@dataclass(frozen=True)
class Classified:
    """What came of it. `away`: readers who have declared a conflict of interest, and so read it no longer;
    `competent`: the body that is usually competent if this office is not, in the language in use."""

    case: Case
    away: tuple[str, ...]
    competent: str


def of_case(station: Station, case: Case) -> Classification:
    """The classification that holds; before the first, what its channel is for."""
    return of_steps(station, case, journal.of_case(station, case))


def of_steps(station: Station, case: Case, steps: Sequence[Step]) -> Classification:
    """The same from the steps of the case."""
    found = classification.latest(steps)
    if found is not None:
        return found
    channel = station.directory.office.channel(case.head.channel)
    return Classification(channel.kind, channel.family) if channel else Classification("aduan", "integrity")


def classify(station: Station, case: Case, wanted: Classification, on: Day) -> Classified:
    """Books a classification, in place of the last.

    FamilyError, UnknownCategoryError, UnknownLevelError, NoSuchOfficeError, NobodyLeftError.
    """
    lists = categories.of_station(station)
    _check(station, lists, wanted)
    with station.vault.transaction():
        case = cases.find(station, case.number)
        before = cases.readers(station, case)
        case, _step = journal.add(station, case, "classified", classification.write(wanted), on)
        moved = case.head.office != wanted.office
        head = replace(case.head, office=wanted.office, category=wanted.category, urgent=wanted.urgent)
        case = conflict.keep_to(station, cases.update(station, case, head), "", on)
        if moved or not case.head.assigned:
            case = routing.by_table(station, case, on)
        after = cases.readers(station, case)
    away = tuple(each for each in before if each not in after)
    return Classified(case, away, lists.competent(wanted.category, wanted.level))


def _check(station: Station, lists: categories.Categories, wanted: Classification) -> None:
    if (
        wanted.kind not in KINDS
        or wanted.family not in FAMILIES
        or wanted.indication not in classification.INDICATIONS
    ):
        raise ValueError("a classification that no form offers")  # it could never be read again
    if (wanted.kind == "aduan") is (wanted.family == "none"):
        raise FamilyError
    fit = [each.id for each in lists.of_family(wanted.family)]
    if wanted.category and wanted.category not in fit:
        raise UnknownCategoryError(category=wanted.category, known=", ".join(fit))
    levels = [each.id for each in lists.levels]
    if wanted.level and wanted.level not in levels:
        raise UnknownLevelError(level=wanted.level, known=", ".join(levels))
    if wanted.office:
        registry.find(station.vault, wanted.office)
