"""Feeds every parser with strange input: `python -m tests.fuzz --help`.

Prints one line for each target, with the processor time it took. Exit code 1 if one broke; the input that
broke it lies in FOLDER/TARGET/crash-….
"""

import argparse
import os
import sys
from pathlib import Path

from tests.fuzz.running import Bounds, found, load, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=int, default=0, help="time for each target")
    parser.add_argument("--runs", type=int, default=0, help="inputs for each target; 0: as in the tests")
    parser.add_argument("--folder", type=Path, default=Path("artefacts/fuzz"))
    parser.add_argument("targets", nargs="*")
    given = parser.parse_args()
    broken = 0
    for target in load(given.targets):
        began = _children_seconds()
        folder = given.folder.absolute() / target.name
        code = run(target, folder, Bounds(given.runs, given.seconds))
        said = "ok" if code == 0 else "BROKEN"
        print(f"{target.name:<20} {said}  {_children_seconds() - began:.1f} s", flush=True)
        if code:
            broken = 1
            print(found(folder), file=sys.stderr)
    return broken


def _children_seconds() -> float:
    """Processor time of the children that have ended."""
    return os.times().children_user + os.times().children_system


if __name__ == "__main__":
    sys.exit(main())
