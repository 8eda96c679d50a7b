"""`station bundles`: which bundles came from the server, and what of them is still to come."""

import argparse
from collections.abc import Iterable

from workstation import arrivals, terminal
from workstation.arrivals import Arrival
from workstation.commands import common
from workstation.texts import _, n_


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "bundles", _("list the bundles from the server and their parts"), run
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        found = arrivals.arrivals(station.vault)
    common.say(args, {"bundles": [arrival_json(arrival) for arrival in found]}, _table(found))
    return 0


def arrival_json(arrival: Arrival) -> dict[str, object]:
    """One bundle and its parts."""
    return {
        "complete": arrival.complete,
        "confirmed_in": arrival.outbound,
        "day": arrival.day,
        "missing_parts": list(arrival.missing),
        "number": arrival.number,
        "parts": arrival.parts,
        "parts_here": list(arrival.here),
    }


def arrival_line(arrival: Arrival) -> str:
    """Which parts of a bundle are here, and which are still to come."""
    if arrival.complete:
        return n_(
            "Bundle {number} is complete: its {count} part is here.",
            "Bundle {number} is complete: all {count} parts are here.",
            arrival.parts,
            number=arrival.number,
        )
    here = _named(arrival.here)
    line = n_(
        "Bundle {number}: part {here} of {parts} is here.",
        "Bundle {number}: parts {here} of {parts} are here.",
        len(arrival.here),
        number=arrival.number,
        here=here,
        parts=arrival.parts,
    )
    return line + " " + _("Still to come: {parts}.").format(parts=", ".join(_runs(arrival.missing)))


def _table(found: list[Arrival]) -> list[str]:
    if not found:
        return [_("No bundle has been imported yet.")]
    head = (_("Bundle"), _("Day"), _("Parts here"), _("Still to come"), _("Confirmed"))
    rows = [
        (
            str(arrival.number),
            arrival.day,
            _("{here} of {parts}").format(here=len(arrival.here), parts=arrival.parts),
            terminal.fit(", ".join(_runs(arrival.missing)) or "–", 30),
            _("in bundle {number}").format(number=arrival.outbound) if arrival.outbound else _("not yet"),
        )
        for arrival in found
    ]
    return terminal.table(head, rows, right=(0,))


def _named(numbers: Iterable[int]) -> str:
    """`1, 3–5 and 8`."""
    *first, last = _runs(numbers)
    return _("{some} and {last}").format(some=", ".join(first), last=last) if first else last


def _runs(numbers: Iterable[int]) -> list[str]:
    """Rising numbers, those of a run of three or more drawn together."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [
        text
        for run in runs
        for text in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(number) for number in run])
    ]
