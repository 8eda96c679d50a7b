"""Asks every check, and puts what is wrong first."""

from collections.abc import Iterable, Sequence
from typing import Final

from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation

ALL_GOOD: Final = 0
SOMETHING_BAD: Final = 1
SOMETHING_UNKNOWN: Final = 3
_ORDER: Final = ("bad", "unknown", "good")


def examine(installation: Installation, checks: Iterable[Check]) -> list[Finding]:
    """What all checks find: bad, unknown, good, each in the order of the checks."""
    found = [finding for check in checks for finding in _ask(check, installation)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.state))


def exit_code(found: Sequence[Finding]) -> int:
    """0: all is good; 1: something is bad; 3: nothing is bad, but something could not be looked at."""
    states = {finding.state for finding in found}
    return SOMETHING_BAD if "bad" in states else SOMETHING_UNKNOWN if "unknown" in states else ALL_GOOD


def _ask(check: Check, installation: Installation) -> list[Finding]:
    name = f"{check.__module__.rpartition('.')[2]}.{check.__name__}"
    found: list[Finding] = []
    try:
        found.extend(check(installation))
    except PermissionError:
        found.append(Finding(name, "unknown", "This account may not look there; root may."))
    except Exception as error:  # noqa: BLE001  a check that fails must not hide what the others find
        found.append(Finding(name, "unknown", f"The check itself failed ({type(error).__name__})."))
    return found
