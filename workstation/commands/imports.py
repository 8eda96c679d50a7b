"""`station import`: take in bundles from the server."""

import argparse
from collections import Counter
from pathlib import Path

from workstation import inbox
from workstation.commands import common
from workstation.errors import StationError
from workstation.inbox import Imported
from workstation.opening import Problem, problems
from workstation.station import Station
from workstation.texts import PROBLEMS, _, n_


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "import", _("take in bundles that came from the server"), run)
    parser.add_argument("bundles", metavar="BUNDLE", nargs="+", type=Path, help=_("a bundle file"))
    common.add_unlocking(parser)
    common.add_progress(parser)
    parser.add_argument(
        "--out-of-order", action="store_true", help=_("also take a bundle that is older than the last")
    )


def run(args: argparse.Namespace) -> int:
    """Several bundles are taken in the order of their numbers; the first that is refused ends the command."""
    done: list[Imported] = []
    with common.unlocked(args) as station:
        failure: StationError | None = None
        try:
            for path in sorted(args.bundles, key=inbox.number_of):
                done.append(inbox.import_bundle(station, path, args.out_of_order, common.progress_for(args)))
        except StationError as error:
            failure = error
        sealed = problems(station)
        if done or failure is None:
            common.say(args, _json(done, sealed), _lines(station, done, sealed))
        for imported in done:
            _warn_of_gap(imported)
    if failure is not None:
        raise failure
    return 0


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


def _json(done: list[Imported], sealed: list[Problem]) -> dict[str, object]:
    return {
        "bundles": [
            {
                "already_imported": imported.already,
                "bundle": imported.bundle.hex(),
                "cases": sorted(imported.opened.cases),
                "day": imported.day,
                "duplicates": imported.duplicates,
                "evidence_files": imported.blobs,
                "items": imported.items,
                "messages": imported.opened.messages,
                "missing_numbers": list(imported.missing or ()),
                "new_cases": sorted(imported.opened.new_cases),
                "number": imported.number,
                "oversized": imported.oversized,
            }
            for imported in done
        ],
        "sealed": [problem_json(problem) for problem in sealed],
    }


def _lines(station: Station, done: list[Imported], sealed: list[Problem]) -> list[str]:
    lines = [line for imported in done for line in _bundle_lines(imported)]
    if sealed:
        lines += [_("Still sealed for {reviewer}:").format(reviewer=station.reviewer), *problem_lines(sealed)]
    if any(imported.opened.messages for imported in done):
        lines.append(
            _("To see the cases: peluit station cases --as {reviewer}").format(reviewer=station.reviewer)
        )
    return lines


def _bundle_lines(imported: Imported) -> list[str]:
    if imported.already:
        return [_("Bundle {number}: already imported, nothing changed.").format(number=imported.number)]
    lines = [
        _("Bundle {number} of {day}: {items}, {files}.").format(
            number=imported.number,
            day=imported.day,
            items=n_("{count} new item", "{count} new items", imported.items),
            files=n_("{count} evidence file", "{count} evidence files", imported.blobs),
        )
    ]
    opened = imported.opened
    if imported.duplicates:
        lines.append(
            "  " + n_("{count} was here already.", "{count} were here already.", imported.duplicates)
        )
    if imported.oversized:
        lines.append(
            "  " + n_("{count} not kept: too large.", "{count} not kept: too large.", imported.oversized)
        )
    if opened.messages:
        numbers = [
            f"{number}*" if number in opened.new_cases else str(number) for number in sorted(opened.cases)
        ]
        text = n_(
            "{count} message filed: case {cases}",
            "{count} messages filed: case {cases}",
            opened.messages,
            cases=", ".join(numbers),
        )
        lines.append("  " + text + (_(" (* new)") if opened.new_cases else ""))
    return lines


def _warn_of_gap(imported: Imported) -> None:
    if imported.missing is None:
        return
    first, last = imported.missing
    numbers = str(first) if first == last else f"{first}–{last}"
    common.warn(
        _("Not here yet: bundle {numbers}. Ask for it; then import it with --out-of-order.").format(
            numbers=numbers
        )
    )
