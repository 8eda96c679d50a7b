"""`make privacy`: every proof in full, or those that are named; JSON lines on standard output.

Exit code 1 if any goal is missed, 2 for an unknown name.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence

from bench.line import Line, emit, tell
from tests.privacy.proofs.names import PROOFS, proof


def _measure(names: Sequence[str], full: bool) -> Iterator[Line]:
    for name in names:
        tell(name)
        yield from proof(name)(full)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.privacy.proofs", description="Runs the proofs.")
    parser.add_argument("names", nargs="*", metavar="proof", help=f"all if none: {', '.join(PROOFS)}")
    parser.add_argument("--small", action="store_true", help="in the size of the tests")
    options = parser.parse_args()
    if unknown := set(options.names) - set(PROOFS):
        parser.error(f"no such proof: {', '.join(sorted(unknown))}")
    return emit(_measure(options.names or PROOFS, not options.small))


if __name__ == "__main__":
    sys.exit(main())
