"""`station import`: take in bundles from the server, from files or from a stick as a whole."""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workstation import arrivals, inbox
from workstation.commands import common
from workstation.commands.bundles import arrival_json, arrival_line
from workstation.errors import CannotReadError, NoBundlesError, StationError
from workstation.inbox import Imported
from workstation.opening import Opened, Problem, problems
from workstation.progress import Progress
from workstation.reasons import reason
from workstation.station import Station
from workstation.texts import PROBLEMS, _, n_

ON_A_STICK = "peluit-in-*.tar"
# More do not fit on a line; `station cases` has them all.
_MOST_NAMED = 6


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "import", _("take in bundles that came from the server"), run)
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        type=Path,
        help=_("a bundle, a part of one, or a folder that holds some (a stick)"),
    )
    common.add_unlocking(parser)
    common.add_progress(parser)
    parser.add_argument(
        "--out-of-order", action="store_true", help=_("also take a bundle that is older than the last")
    )
    parser.add_argument(
        "--again",
        action="store_true",
        help=_("read what is here already once more, and put back evidence files that are damaged or lost"),
    )


@dataclass
class Outcome:
    """What became of the files that were named."""

    done: list[Imported] = field(default_factory=list)
    refused: list[tuple[Path, StationError]] = field(default_factory=list)


def run(args: argparse.Namespace) -> int:
    """Takes the files in the order of number and part; one that is refused does not keep the others out.

    Exit code 1 if any was refused.
    """
    with common.unlocked(args) as station:
        outcome = take(station, args.paths, args.out_of_order, args.again, common.progress_for(args))
        sealed = problems(station)
        touched = {imported.number for imported in outcome.done}
        found = [arrival for arrival in arrivals.arrivals(station.vault) if arrival.number in touched]
    if args.json or outcome.done:
        document = _json(outcome, found, sealed)
        common.say(args, document, _lines(station, outcome.done, found, sealed))
    for _path, error in outcome.refused:
        common.warn(str(error))
    for imported in outcome.done:
        for line in gap_lines(imported):
            common.warn(line)
    return 1 if outcome.refused else 0


def take(
    station: Station, paths: Iterable[Path], out_of_order: bool, again: bool, progress: Progress
) -> Outcome:
    """Imports files, and those that folders hold, in the order of number and part; notes what is refused."""
    outcome = Outcome()
    for (number, part), path in sorted(_places(paths, outcome)):
        progress.title(
            _("Bundle {number}, part {part}: {name}").format(number=number, part=part, name=path.name)
        )
        try:
            outcome.done.append(inbox.import_bundle(station, path, out_of_order, again, progress))
        except StationError as error:
            outcome.refused.append((path, error))
    return outcome


def _places(paths: Iterable[Path], outcome: Outcome) -> Iterator[tuple[tuple[int, int], Path]]:
    """Each file with the number and part it claims, whatever it is called; what claims none is refused."""
    for named in paths:
        try:
            for path in _files(named):
                try:
                    yield inbox.place_of(path), path
                except StationError as error:
                    outcome.refused.append((path, error))
        except StationError as error:
            outcome.refused.append((named, error))


def _files(named: Path) -> list[Path]:
    if not named.is_dir():
        return [named]
    try:
        found = sorted(path for path in named.glob(ON_A_STICK) if path.is_file())
    except OSError as error:
        raise CannotReadError(path=named, reason=reason(error)) from None
    if not found:
        raise NoBundlesError(path=named)
    return found


def problem_json(problem: Problem) -> dict[str, object]:
    """One item that is still sealed."""
    return {
        "channel": problem.channel,
        "day": problem.day,
        "item": problem.item.hex(),
        "problem": problem.kind,
    }


def problem_lines(sealed: list[Problem]) -> list[str]:
    """How many items are still sealed, and why."""
    counts = Counter(problem.kind for problem in sealed)
    return [
        "  " + n_("{count} item: ", "{count} items: ", counts[kind]) + _(text)
        for kind, text in PROBLEMS.items()
        if counts[kind]
    ]


def _json(outcome: Outcome, found: list[arrivals.Arrival], sealed: list[Problem]) -> dict[str, object]:
    return {
        "arrivals": [arrival_json(arrival) for arrival in found],
        "bundles": [
            {
                "already_imported": imported.already,
                "bundle": imported.bundle.hex(),
                "cases": sorted(imported.opened.cases),
                "day": imported.day,
                "duplicates": imported.duplicates,
                "evidence_files": imported.blobs,
                "items": imported.items,
                "mended": imported.mended,
                "messages": imported.opened.messages,
                "missing_numbers": list(imported.missing or ()),
                "new_cases": sorted(imported.opened.new_cases),
                "number": imported.number,
                "oversized": imported.oversized,
                "part": imported.part,
                "parts": imported.parts,
                "waiting_slices": imported.waiting,
            }
            for imported in outcome.done
        ],
        "refused": [
            {"error": type(error).__name__, "path": str(path), "says": str(error)}
            for path, error in outcome.refused
        ],
        "sealed": [problem_json(problem) for problem in sealed],
    }


def _lines(
    station: Station, done: list[Imported], found: list[arrivals.Arrival], sealed: list[Problem]
) -> list[str]:
    lines = [line for imported in done for line in bundle_lines(imported)]
    lines += [arrival_line(arrival) for arrival in found if arrival.parts > 1]
    if sealed:
        lines += [_("Still sealed for {reviewer}:").format(reviewer=station.reviewer), *problem_lines(sealed)]
    if any(imported.opened.messages for imported in done):
        lines.append(
            _("To see the cases: peluit station cases --as {reviewer}").format(reviewer=station.reviewer)
        )
    return lines


def bundle_lines(imported: Imported) -> list[str]:
    """What the import of one part brought, in words."""
    name = _("Bundle {number}").format(number=imported.number)
    if imported.parts > 1:
        name = _("Bundle {number}, part {part} of {parts}").format(
            number=imported.number, part=imported.part, parts=imported.parts
        )
    if imported.mended is not None:
        return [_mended_line(name, imported.mended)]
    if imported.already and imported.opened.messages:
        text = _("{bundle}: here already; opening it was cut off, and went on now.")
        return [text.format(bundle=name), *_filed_lines(imported.opened)]
    if imported.already:
        return [_("{bundle}: already imported, nothing changed.").format(bundle=name)]
    lines = [
        _("{bundle}, {day}: {items}, {files}.").format(
            bundle=name,
            day=imported.day,
            items=n_("{count} new item", "{count} new items", imported.items),
            files=n_("{count} evidence file", "{count} evidence files", imported.blobs),
        )
    ]
    if imported.waiting:
        lines.append(
            "  "
            + n_(
                "{count} large file is not whole yet: the rest is in other parts.",
                "{count} large files are not whole yet: the rest is in other parts.",
                imported.waiting,
            )
        )
    if imported.duplicates:
        lines.append(
            "  " + n_("{count} was here already.", "{count} were here already.", imported.duplicates)
        )
    if imported.oversized:
        lines.append(
            "  " + n_("{count} not kept: too large.", "{count} not kept: too large.", imported.oversized)
        )
    return lines + _filed_lines(imported.opened)


def _filed_lines(opened: Opened) -> list[str]:
    if not opened.messages:
        return []
    numbers = [f"{number}*" if number in opened.new_cases else str(number) for number in sorted(opened.cases)]
    text = n_(
        "{count} message filed: case {cases}",
        "{count} messages filed: case {cases}",
        opened.messages,
        cases=", ".join(numbers[:_MOST_NAMED]),
    )
    if len(numbers) > _MOST_NAMED:
        text += _(" and {count} more").format(count=len(numbers) - _MOST_NAMED)
    return ["  " + text + (_(" (* new)") if opened.new_cases else "")]


def _mended_line(bundle: str, count: int) -> str:
    if not count:
        return _("{bundle}: all its evidence files are as they came.").format(bundle=bundle)
    return n_(
        "{bundle}: {count} evidence file was put back as it came.",
        "{bundle}: {count} evidence files were put back as they came.",
        count,
        bundle=bundle,
    )


def gap_lines(imported: Imported) -> Iterator[str]:
    """Says which bundles were passed over."""
    if imported.missing is None:
        return
    first, last = imported.missing
    numbers = str(first) if first == last else f"{first}–{last}"
    yield _("Not here yet: bundle {numbers}. Ask for it; then import it with --out-of-order.").format(
        numbers=numbers
    )
