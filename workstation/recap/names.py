"""What the values of figures are called, in both languages or in the one in use."""

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from crypto.names import Names
from workstation import terminal, texts
from workstation.casework import titles
from workstation.offices import registry
from workstation.recap.periods import Quarter
from workstation.review import categories
from workstation.review.categories import Categories
from workstation.station import Station
from workstation.texts import KIND_NAMES, N_, _

DIMENSIONS: Final[Mapping[str, str]] = {
    "quarter": N_("Quarter of arrival"),
    "kind": N_("Kind"),
    "family": N_("Family"),
    "category": N_("Category"),
    "office": N_("Office"),
    "arrival": N_("How it came"),
    "result": N_("Result"),
    "timeliness": N_("Timeliness"),
}
FAMILIES: Final[Mapping[str, str]] = {
    "integrity": N_("Integrity"),
    "none": N_("Neither"),
    "service": N_("Service"),
}
RESULTS: Final[Mapping[str, str]] = {
    **titles.OUTCOMES,
    "open": N_("open"),
    "merged": N_("merged with another case"),
    "erased": N_("erased before it was closed"),
}
TIMELINESS: Final[Mapping[str, str]] = {
    "in-time": N_("completed in time"),
    "late": N_("completed late"),
    "not-due": N_("open, not due yet"),
    "overdue": N_("open, overdue"),
    "no-limit": N_("no limit"),
}
OTHER: Final = N_("other, or not recorded")
PUBLIC_KINDS: Final[Mapping[str, str]] = {
    "": OTHER,
    "permohonan-informasi": N_("Requests for information"),
    "aspirasi": N_("Aspirations"),
    "service": N_("Complaints about services"),
    "integrity": N_("Complaints about suspected violations"),
}
PUBLIC_RESULTS: Final[Mapping[str, str]] = {
    "": OTHER,
    "ended": N_("never completed, archived, merged or erased"),
    "forwarded": N_("forwarded or handed over"),
    "open": N_("not finished yet"),
    "no-action": N_("not followed up"),
    "answered": N_("answered"),
    "unsubstantiated": N_("not substantiated"),
    "substantiated": N_("substantiated, also partly"),
}
PUBLIC_ARRIVALS: Final[Mapping[str, str]] = {
    "": OTHER,
    "office": N_("another office"),
    "visit": N_("visit"),
    "social": N_("social media"),
    "sms": N_("SMS or chat"),
    "letter": N_("letter"),
    "drop": N_("drop box"),
}
PUBLIC_TIMELINESS: Final[Mapping[str, str]] = {
    "": OTHER,
    "late": N_("later than the limit"),
    "in-time": N_("within the limit"),
}
"""The cells of the public tables: the order is part of how they are hidden (suppression.py)."""

NOT_RECORDED: Final = N_("not recorded")


@dataclass(frozen=True)
class Titles:
    """The office's own words: categories, and the offices of its registry."""

    categories: Categories
    offices: Mapping[str, Names]

    def value(self, dimension: str, value: str) -> str:
        """A value's title in the language in use, safe to show; an id that nobody knows stays one."""
        if not value:
            return _(NOT_RECORDED)
        return terminal.safe(_TITLES[dimension](self, value))

    def office(self, office: str) -> str:
        return texts.named(self.offices[office]) if office in self.offices else office


def of(station: Station) -> Titles:
    """The words in use at this station; VaultDamagedError."""
    offices = {office.id: office.names for office in registry.listed(station.vault)}
    return Titles(categories.of_station(station), {str(name): names for name, names in offices.items()})


def both(text: str) -> Names:
    """A text of ours in each language."""
    found = gettext.translation(texts.DOMAIN, texts.FOLDER, ["id"], fallback=True)
    return {"en": text, "id": found.gettext(text)}


def quarter(name: str) -> str:
    """A quarter as people write it: 3rd quarter of 2026."""
    return _("quarter {number} of {year}").format(number=Quarter(name)[-1], year=name[:4])


_TITLES: Final[Mapping[str, Callable[[Titles, str], str]]] = {
    "quarter": lambda _titles, value: quarter(value),
    "kind": lambda _titles, value: _(KIND_NAMES[value]),
    "family": lambda _titles, value: _(FAMILIES[value]),
    "category": lambda found, value: found.categories.title(value),
    "office": lambda found, value: found.office(value),
    "arrival": lambda _titles, value: titles.arrival(value),
    "result": lambda _titles, value: _(RESULTS[value]),
    "timeliness": lambda _titles, value: _(TIMELINESS[value]),
}
