"""What a measuring command says: one JSON object a line on standard output, words on standard error."""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One figure. `goal` and `met` are None where there is nothing to reach."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    met: bool | None = None
    bound: str = ""

    def json(self) -> str:
        record: dict[str, Any] = {"name": self.name, "value": self.value, "unit": self.unit}
        return json.dumps(record | {"goal": self.goal, "met": self.met})

    def words(self) -> str:
        said = f"  {self.name:<44} {self.value:>12,} {self.unit}"
        if self.goal is None:
            return said
        return f"{said}  ({self.bound or 'goal'} {self.goal:,}: {'met' if self.met else 'NOT MET'})"


def plain(name: str, value: float, unit: str) -> Line:
    """A figure without a goal."""
    return Line(name, _readable(value), unit)


def at_most(name: str, value: float, unit: str, goal: float) -> Line:
    return Line(name, _readable(value), unit, goal, value <= goal, "at most")


def at_least(name: str, value: float, unit: str, goal: float) -> Line:
    return Line(name, _readable(value), unit, goal, value >= goal, "at least")


def emit(lines: Iterable[Line], keep: Callable[[str], object] = lambda _: None) -> int:
    """Prints each line as it comes, for programs and for people; `keep` gets the former too.

    Gives the exit code: 1 if a goal was missed, else 0.
    """
    missed = []
    for line in lines:
        sys.stdout.write(line.json() + "\n")
        sys.stdout.flush()
        keep(line.json())
        tell(line.words())
        if line.met is False:
            missed.append(line.name)
    tell(f"Goals not met: {', '.join(missed)}." if missed else "All goals are met.")
    return 1 if missed else 0


def tell(words: str) -> None:
    """Something for people."""
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def _readable(value: float) -> float:
    """Three significant digits, whole numbers as they are."""
    return value if isinstance(value, int) else float(f"{value:.3g}")
