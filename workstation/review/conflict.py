"""Conflicts of interest that reviewers declare themselves: who has one has no key to the case.

A reviewer gives up one case, for good (`declare`), or declares once that nothing about an office, or of a
category, is for them (`declare_standing`). A standing declaration takes their keys to such cases as soon as
both are known: when a case is classified, or when it is declared later. It stands in the settings, where
every reviewer sees it: colleagues' stations keep to it when they share, and it says nothing of any case. What
is about an office below the declared one in the registry counts as about that one.

Nobody is taken away who alone reads a case, as it would be lost: they are told to hand it to a colleague, and
lose their key in the act of handing it over (decision 0034).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from crypto.canonical import Json
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, ReviewerId, identifier
from workstation import cases, settings
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.errors import NobodyLeftError, NoSuchDeclarationError
from workstation.casework.words import checked
from workstation.errors import VaultDamagedError
from workstation.head import Head
from workstation.offices import registry
from workstation.offices.office_errors import NoSuchOfficeError
from workstation.review import categories
from workstation.station import Station
from workstation.texts import _
from workstation.vault import Vault

About = Literal["category", "office"]

LONGEST_REASON: Final = 1_000
_SETTING: Final = "conflicts"
_MOST: Final = 4_096


@dataclass(frozen=True)
class Declaration:
    """A standing one: `subject` is the id of the office or category."""

    reviewer: ReviewerId
    about: About
    subject: str
    reason: str
    since: Day


@dataclass(frozen=True)
class Declared:
    """What a standing declaration did: cases that the declarer reads no longer, and those that they still
    read because nobody else does."""

    taken: tuple[int, ...]
    alone: tuple[int, ...]


def standing(vault: Vault) -> tuple[Declaration, ...]:
    """All that hold; VaultDamagedError."""
    kept = settings.read(vault, _SETTING)
    try:
        return () if kept is None else Fields({"": kept}).list_of("", _read, 0, _MOST)
    except ProtocolError:
        raise VaultDamagedError from None


def kept_out(vault: Vault, head: Head) -> frozenset[ReviewerId]:
    """Whom a conflict of interest keeps out of a case; whom its reporter excluded is another matter."""
    subjects = {("category", head.category), *(("office", office) for office in line(vault, head.office))}
    found = {each.reviewer for each in standing(vault) if (each.about, each.subject) in subjects}
    return frozenset({*head.conflicted, *found})


def line(vault: Vault, office: str) -> list[str]:
    """The office and those above it in the registry, the nearest first; none of no office."""
    found: list[str] = []
    while office and office not in found:
        found.append(office)
        try:
            office = registry.find(vault, office).parent
        except NoSuchOfficeError:
            break
    return found


def declare(station: Station, case: Case, reason: str, on: Day) -> None:
    """The reviewer who is here gives up a case at once and for good; NobodyLeftError, WordsMissingError."""
    reason = checked(reason, _("the reason"), longest=LONGEST_REASON)
    with station.vault.transaction():
        case = cases.find(station, case.number)
        conflicted = tuple(sorted({*case.head.conflicted, station.reviewer}))
        case = cases.update(station, case, replace(case.head, conflicted=conflicted))
        keep_to(station, case, reason, on)


def declare_standing(station: Station, about: About, subject: str, reason: str, on: Day) -> Declared:
    """Declares it of an office or category, or gives another reason.

    NoSuchOfficeError, UnknownCategoryError, WordsMissingError.
    """
    reason = checked(reason, _("the reason"), longest=LONGEST_REASON)
    if about == "office":
        registry.find(station.vault, subject)
    else:
        categories.check(station, subject)
    new = Declaration(station.reviewer, about, subject, reason, on)
    with station.vault.transaction():
        _write(station, [*_others(station, about, subject), new])
        concerned = [case for case in cases.readable(station) if _concerns(station, case)]
        alone = {case.number for case in concerned if cases.readers(station, case) == [station.reviewer]}
        for case in concerned:
            if case.number not in alone:
                keep_to(station, case, "", on)
    return Declared(tuple(sorted({case.number for case in concerned} - alone)), tuple(sorted(alone)))


def end(station: Station, about: About, subject: str) -> None:
    """The reviewer's own declaration holds no longer; what it took does not come back by itself.

    NoSuchDeclarationError.
    """
    with station.vault.transaction():
        left = _others(station, about, subject)
        if len(left) == len(standing(station.vault)):
            raise NoSuchDeclarationError
        _write(station, left)


def still_read(station: Station) -> list[int]:
    """Cases that the reviewer who is here should not read, and that nobody else can."""
    if not any(each.reviewer == station.reviewer for each in standing(station.vault)):
        return []
    return sorted(case.number for case in cases.readable(station) if _concerns(station, case))


def keep_to(station: Station, case: Case, reason: str, on: Day) -> Case:
    """Takes the keys of everybody whom a conflict keeps out; NobodyLeftError if that were all who read it.

    Inside a transaction of the caller. The case that comes back opens even if the reviewer who is here was
    among them, so that the caller can end its act.
    """
    reading = cases.readers(station, case)
    gone = sorted(kept_out(station.vault, case.head).intersection(reading))
    if not gone:
        return case
    if len(gone) == len(reading):
        raise NobodyLeftError
    details: dict[str, Json] = {"reason": reason, "reviewers": list(gone)}
    case, _step = journal.add(station, case, "conflict", details, on)
    return cases.take_from(station, case, gone)


def _concerns(station: Station, case: Case) -> bool:
    return station.reviewer in kept_out(station.vault, case.head)


def _others(station: Station, about: About, subject: str) -> list[Declaration]:
    """All but the own one about this."""
    own = (station.reviewer, about, subject)
    return [d for d in standing(station.vault) if (d.reviewer, d.about, d.subject) != own]


def _write(station: Station, declarations: Collection[Declaration]) -> None:
    settings.write(station.vault, _SETTING, list(_json(declarations)))
    station.log("settings-changed", _SETTING)


def _json(declarations: Collection[Declaration]) -> Iterator[Json]:
    for each in declarations:
        yield {
            "about": each.about,
            "reason": each.reason,
            "reviewer": each.reviewer,
            "since": each.since,
            "subject": each.subject,
        }


def _read(value: object) -> Declaration:
    fields = Fields(value)
    found = Declaration(
        reviewer=ReviewerId(identifier(fields.take("reviewer"))),
        about=cast(About, fields.one_of("about", ("category", "office"))),
        subject=fields.id("subject"),
        reason=fields.text("reason", LONGEST_REASON),
        since=fields.day("since"),
    )
    fields.end()
    return found
