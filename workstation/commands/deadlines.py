"""`station deadlines`: by which rules the office counts."""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

from workstation import terminal, texts
from workstation.commands import common, workdays
from workstation.station import Station
from workstation.texts import _
from workstation.timing import due, duewords
from workstation.timing.presets import Preset, Rule


def add(subparsers: common.Subparsers) -> None:
    about = _("the deadlines of the office, with their sources")
    group = subparsers.add_parser("deadlines", help=about, description=about)
    verbs = group.add_subparsers(metavar=_("ACTION"), required=True)
    parser = common.add_command(verbs, "show", _("show the deadlines in use, or all that there are"), run)
    parser.add_argument("--all", action="store_true", help=_("all that there are"))
    common.add_unlocking(parser)
    parser = common.add_command(verbs, "use", _("choose deadlines; the last has the last word"), run_use)
    parser.add_argument("names", metavar="PRESET", nargs="+", help=_("for example id-apip-default id-tgr"))
    common.add_unlocking(parser)
    parser = common.add_command(verbs, "set", _("use deadlines of your own, from a file"), run_set)
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help=_("one JSON object, like one of those that deadlines show --json gives"),
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        _show(args, station, every=args.all)
    return 0


def run_use(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        due.use(station, args.names)
        _show(args, station)
    return 0


def run_set(args: argparse.Namespace) -> int:
    untrusted_data = workdays.read(args.file)
    with common.unlocked(args) as station:
        due.use_own(station, untrusted_data)
        _show(args, station)
    return 0


def _show(args: argparse.Namespace, station: Station, every: bool = False) -> None:
    used = due.counting(station).rules.presets
    known: Mapping[str, Preset] = due.known_presets(station) if every else {each.id: each for each in used}
    names = [each.id for each in used]
    document = {"known": [_json(each) for each in known.values()], "use": names}
    lines = [line for each in known.values() for line in ("", *_lines(each, each.id in names))]
    common.say(args, document, lines[1:])


def _json(preset: Preset) -> dict[str, object]:
    return {
        "checked_on": preset.checked_on,
        "citation": preset.citation,
        "id": preset.id,
        "limits": [_rule_json(rule) for rule in preset.limits],
        "notes": preset.notes,
        "titles": preset.titles,
    }


def _rule_json(rule: Rule) -> dict[str, object]:
    return {
        "categories": list(rule.categories),
        "count": rule.count,
        "extension": rule.extension,
        "families": list(rule.families),
        "kinds": list(rule.kinds),
        "limit": rule.limit,
        "since": rule.since,
        "trust": rule.trust,
        "unit": rule.unit,
    }


def _lines(preset: Preset, used: bool) -> Iterator[str]:
    columns = common.columns()
    title = f"{preset.id}: {terminal.safe(texts.named(preset.titles))}"
    yield _("{title} (in use)").format(title=title) if used else title
    yield from _indented(duewords.source(preset), columns)
    note = terminal.safe(texts.named(preset.notes))
    if note:
        yield from _indented(note, columns)
    for rule in preset.limits:
        yield from _indented(duewords.limit(rule), columns)


def _indented(text: str, columns: int) -> list[str]:
    first, *others = terminal.wrap(text, columns - 4)
    return [f"  {first}", *(f"    {line}" for line in others)]
