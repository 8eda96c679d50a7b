"""What cases are sorted by, as data: categories, sectors, levels, and who is competent for what.

An office replaces all of it by a file of its own: a JSON object with `categories`, `sectors`, `levels` and
`competence`, as categories.json beside this module. Source: requirements R13 and R26, S1-4, S1-7, S4-1,
S4-10. A row of the competence table names the body that is usually competent for a level where this office
is not; the first row that fits counts, and one without categories fits all.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from crypto.canonical import Json
from crypto.constants import FAMILIES, MAX_SLICE_SIZE
from crypto.errors import MalformedError, ProtocolError
from crypto.fields import Fields, distinct
from crypto.names import Names, read_names
from workstation import settings, texts
from workstation.casework.errors import BadCategoriesError, UnknownCategoryError
from workstation.errors import CannotReadError, VaultDamagedError
from workstation.reasons import reason
from workstation.station import Station
from workstation.texts import N_, _

_T = TypeVar("_T")

DEFAULT: Final = Path(__file__).with_suffix(".json")
MOST: Final = 256
"""Entries of each list."""

_SETTING: Final = "categories"
_RULES: Final = {
    "file": N_("the file is one JSON object with categories, sectors, levels and competence, nothing else"),
    "categories": N_(
        "a category has an id, titles in en and id, families (of integrity, service and none) and the id of "
        "a sector of this file"
    ),
    "sectors": N_("a sector has an id, and titles in en and id"),
    "levels": N_("a level has an id, and titles in en and id"),
    "competence": N_(
        "a row of the competence table has categories and a level of this file, and a body in en and id"
    ),
    "ids": N_("no two entries of a list have the same id"),
}


@dataclass(frozen=True)
class Named:
    """A sector, or a level of government."""

    id: str
    titles: Names


@dataclass(frozen=True)
class Category:
    """What a case may be about; `families`: the kinds of cases that it is for."""

    id: str
    titles: Names
    families: tuple[str, ...]
    sector: str


@dataclass(frozen=True)
class Competence:
    """Who is usually competent for these categories (none: all) at a level; `body` in each language."""

    categories: tuple[str, ...]
    level: str
    body: Names


@dataclass(frozen=True)
class Categories:
    """The lists of an office."""

    categories: tuple[Category, ...]
    sectors: tuple[Named, ...]
    levels: tuple[Named, ...]
    competence: tuple[Competence, ...]

    def category(self, wanted: str) -> Category | None:
        return next((each for each in self.categories if each.id == wanted), None)

    def of_family(self, family: str) -> list[Category]:
        """Those that a case of this family may have."""
        return [each for each in self.categories if family in each.families]

    def title(self, wanted: str) -> str:
        """A category's title in the language in use; its id if the office dropped it."""
        return _title(self.categories, wanted)

    def sector_title(self, wanted: str) -> str:
        return _title(self.sectors, wanted)

    def level_title(self, wanted: str) -> str:
        return _title(self.levels, wanted)

    def competent(self, category: str, level: str) -> str:
        """The body that is usually competent, in the language in use; empty if it is this office."""
        for row in self.competence:
            if row.level == level and (not row.categories or category in row.categories):
                return texts.named(row.body)
        return ""


def of_station(station: Station) -> Categories:
    """The lists that the office has set, or the default; VaultDamagedError."""
    kept = settings.read(station.vault, _SETTING)
    if kept is None:
        return load(DEFAULT)
    try:
        return _read(kept, "")
    except BadCategoriesError:
        raise VaultDamagedError from None


def check(station: Station, category: str) -> None:
    """UnknownCategoryError unless the office has this category."""
    known = [each.id for each in of_station(station).categories]
    if category not in known:
        raise UnknownCategoryError(category=category, known=", ".join(known))


def replace(station: Station, path: Path) -> Categories:
    """Puts the lists of a file in place of those in use; CannotReadError, BadCategoriesError."""
    found = load(path)
    with station.vault.transaction():
        settings.write(station.vault, _SETTING, write(found))
        station.log("settings-changed", _SETTING)
    return found


def load(path: Path) -> Categories:
    """The lists in a file; CannotReadError, BadCategoriesError."""
    try:
        with path.open("rb") as file:
            untrusted_data = file.read(MAX_SLICE_SIZE + 1)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    with _rule("file", path.name):
        untrusted_value = _parse(untrusted_data)
    return _read(untrusted_value, path.name)


def write(found: Categories) -> Json:
    """As it stands in a file."""
    return {
        "categories": [
            {"families": list(each.families), "id": each.id, "sector": each.sector, "titles": {**each.titles}}
            for each in found.categories
        ],
        "competence": [
            {"body": {**row.body}, "categories": list(row.categories), "level": row.level}
            for row in found.competence
        ],
        "levels": [{"id": each.id, "titles": {**each.titles}} for each in found.levels],
        "sectors": [{"id": each.id, "titles": {**each.titles}} for each in found.sectors],
    }


def _parse(untrusted_data: bytes) -> object:
    if len(untrusted_data) > MAX_SLICE_SIZE:
        raise MalformedError
    try:
        return json.loads(untrusted_data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise MalformedError from None


def _read(untrusted_value: object, where: str) -> Categories:
    with _rule("file", where):
        fields = Fields(untrusted_value)
        sectors, levels, categories = (
            fields.list_of(name, _same, 1, MOST) for name in ("sectors", "levels", "categories")
        )
        competence = fields.list_of("competence", _same, 0, MOST)
        fields.end()
    read_sectors = _each("sectors", sectors, _named)
    read_levels = _each("levels", levels, _named)
    read_categories = _each("categories", categories, lambda value: _category(value, _ids(read_sectors)))
    return Categories(
        categories=read_categories,
        sectors=read_sectors,
        levels=read_levels,
        competence=_each(
            "competence",
            competence,
            lambda value: _competence(value, _ids(read_categories), _ids(read_levels)),
        ),
    )


def _named(untrusted_value: object) -> Named:
    fields = Fields(untrusted_value)
    found = Named(fields.id("id"), read_names(fields.take("titles")))
    fields.end()
    return found


def _category(untrusted_value: object, sectors: tuple[str, ...]) -> Category:
    fields = Fields(untrusted_value)
    families = fields.list_of("families", lambda value: Fields({"": value}).one_of("", FAMILIES), 1, 3)
    distinct(families)
    found = Category(
        id=fields.id("id"),
        titles=read_names(fields.take("titles")),
        families=families,
        sector=fields.one_of("sector", sectors),
    )
    fields.end()
    return found


def _competence(untrusted_value: object, categories: tuple[str, ...], levels: tuple[str, ...]) -> Competence:
    fields = Fields(untrusted_value)
    found = Competence(
        categories=fields.list_of(
            "categories", lambda value: Fields({"": value}).one_of("", categories), 0, MOST
        ),
        level=fields.one_of("level", levels),
        body=read_names(fields.take("body")),
    )
    fields.end()
    return found


def _each(rule: str, untrusted_list: Sequence[object], read: Callable[[object], _T]) -> tuple[_T, ...]:
    """Reads the entries of a list, and says which one is wrong."""
    found = []
    for number, untrusted_value in enumerate(untrusted_list, 1):
        with _rule(rule, f"{rule} {number}"):
            found.append(read(untrusted_value))
    if rule != "competence":
        with _rule("ids", rule):
            distinct(_ids(found))
    return tuple(found)


def _ids(entries: Iterable[Any]) -> tuple[str, ...]:
    return tuple(each.id for each in entries)


def _title(entries: Iterable[Named | Category], wanted: str) -> str:
    return next((texts.named(each.titles) for each in entries if each.id == wanted), wanted)


def _same(untrusted_value: object) -> object:
    return untrusted_value


@contextmanager
def _rule(rule: str, where: str) -> Iterator[None]:
    """Says in words which rule is broken where."""
    try:
        yield
    except ProtocolError:
        raise BadCategoriesError(where=where, rule=_(_RULES[rule])) from None
