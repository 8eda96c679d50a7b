"""`station classify` and `station categories`: what a case is about, and the lists that it is sorted by."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from crypto import calendar
from crypto.constants import FAMILIES, KINDS
from workstation import cases, terminal, texts
from workstation.casework import titles
from workstation.commands import common
from workstation.commands.show import reviewer_title
from workstation.offices import registry
from workstation.offices.office_errors import NoSuchOfficeError
from workstation.review import categories, classifying
from workstation.review.classification import INDICATIONS, Classification
from workstation.review.classifying import Classified
from workstation.station import Station
from workstation.texts import KIND_NAMES, _

_NONE = "none"


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "classify", _("say what a case is about; without options: show it"), run
    )
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument("--kind", choices=KINDS, help=_("complaint, aspiration or request for information"))
    parser.add_argument("--family", choices=FAMILIES, help=_("integrity or service; none if no complaint"))
    parser.add_argument("--category", metavar="ID", help=_("of: peluit station categories show"))
    parser.add_argument("--office", metavar="ID", help=_("the office that it is about"))
    parser.add_argument("--level", metavar="ID", help=_("the level of government that it is about"))
    parser.add_argument(
        "--indication", choices=(_NONE, *INDICATIONS[1:]), help=_("what kind of fault it may be")
    )
    parser.add_argument(
        "--urgent",
        action=argparse.BooleanOptionalAction,
        help=_("danger to life, or evidence that is about to vanish"),
    )
    common.add_unlocking(parser)
    about = _("the categories, sectors, levels and the table of who is competent")
    lists = subparsers.add_parser("categories", help=about, description=about)
    actions = lists.add_subparsers(metavar=_("ACTION"), required=True)
    common.add_unlocking(common.add_command(actions, "show", _("show them, as a file for set"), run_show))
    setting = common.add_command(actions, "set", _("replace all of them by those of a file"), run_set)
    setting.add_argument("file", metavar="FILE", type=Path)
    common.add_unlocking(setting)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        before = classifying.of_case(station, case)
        given = {
            name: value
            for name in ("kind", "family", "category", "office", "level", "indication", "urgent")
            if (value := getattr(args, name)) is not None
        }
        if not given:
            lists = categories.of_station(station)
            competent = lists.competent(before.category, before.level)
            common.say(args, _json(args.case, before, (), competent), list(lines(station, before, competent)))
            return 0
        wanted = completed(before, given)
        done = classifying.classify(station, case, wanted, calendar.today())
        document = _json(args.case, wanted, done.away, done.competent)
        shown = [*lines(station, wanted, done.competent), *consequences(station, done)]
        common.say(args, document, shown)
    return 0


def run_show(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        written = categories.write(categories.of_station(station))
    assert isinstance(written, dict)
    common.say(args, written, common.json_lines(written))
    return 0


def run_set(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        found = categories.replace(station, args.file)
    counts = {
        "categories": len(found.categories),
        "competence": len(found.competence),
        "levels": len(found.levels),
        "sectors": len(found.sectors),
    }
    text = _("{categories} categories, {sectors} sectors, {levels} levels, {competence} rows of competence.")
    common.say(args, counts, [text.format(**counts)])
    return 0


def completed(before: Classification, given: dict[str, object]) -> Classification:
    """The former classification with what is given. A kind that is no complaint brings its family with it;
    `none` takes an indication away."""
    if "family" not in given and given.get("kind", "aduan") != "aduan":
        given = {**given, "family": "none"}
    if given.get("indication") == _NONE:
        given = {**given, "indication": ""}
    return replace(before, **given)  # type: ignore[arg-type]


def lines(station: Station, found: Classification, competent: str) -> Iterator[str]:
    """A classification in words, in the language in use."""
    for name, value in pairs(station, found):
        yield f"{name}: {value}"
    if competent:
        text = _("Outside our competence: usually handled by {body}.").format(body=competent)
        yield from terminal.wrap(terminal.safe(text), common.columns())


def pairs(station: Station, found: Classification) -> Iterator[tuple[str, str]]:
    """(name, value) of each thing that a classification says."""
    lists = categories.of_station(station)
    yield _("Kind"), _(KIND_NAMES[found.kind])
    if found.family != "none":
        yield _("Family"), _(titles.FAMILIES[found.family])
    if found.category:
        yield _("Category"), terminal.safe(lists.title(found.category))
    if found.office:
        yield _("About the office"), office_title(station, found.office)
    if found.level:
        yield _("Level"), terminal.safe(lists.level_title(found.level))
    if found.indication:
        yield _("Indication"), _(titles.INDICATIONS[found.indication])
    if found.urgent:
        yield _("Urgent"), _("danger to life, or evidence that is about to vanish")


def consequences(station: Station, done: Classified) -> Iterator[str]:
    """Who reads the case no longer, and who handles it."""
    for each in done.away:
        yield _("{reviewer} has declared a conflict of interest, and reads this case no longer.").format(
            reviewer=reviewer_title(station, each)
        )
    if done.case.head.assigned:
        yield _("Handled by {reviewer}.").format(reviewer=reviewer_title(station, done.case.head.assigned))


def office_title(station: Station, office: str) -> str:
    """An office's name in the language in use, and its id."""
    try:
        names = registry.find(station.vault, office).names
    except NoSuchOfficeError:
        return office
    return f"{terminal.safe(texts.named(names))} ({office})"


def _json(case: int, found: Classification, away: tuple[str, ...], competent: str) -> dict[str, object]:
    return {**asdict(found), "away": list(away), "case": case, "competent": competent}
