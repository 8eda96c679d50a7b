"""What the accounts take in: names of periods, and statements that somebody brings to be checked."""

from base64 import urlsafe_b64decode

from crypto.binding import b64
from crypto.fields import Day
from tests.fuzz.target import Target, signed, text
from tests.fuzz.targets.station import STATION
from tests.vectors.office import DAY, SIGN
from workstation.errors import StationError
from workstation.recap import as_text, papers, periods, statement
from workstation.recap.names import Titles
from workstation.recap.performance import Passed, Performance
from workstation.review import categories
from workstation.timing.clock import Pause

PAUSES = (Pause("awaiting-budget", DAY, None), Pause("incomplete", DAY, DAY))
PASSED = Passed("dinas-pu", Day("2026-06-01"), Day("2026-06-15"), DAY, 11, 1, PAUSES)
NAMED = Titles(categories.load(categories.DEFAULT), {})


def _line() -> str:
    return statement.sign(STATION, "2026-Q3", [Performance("dinas-pu", (PASSED, PASSED))], DAY)


def _period(data: bytes) -> None:
    found = periods.read(text(data))
    assert all(periods.is_quarter(quarter) for quarter in found.quarters)
    assert found.ends[:4] == found.name[:4]


def _statement(data: bytes) -> None:
    statement.read(STATION, text(data))


def _signed_statement(data: bytes) -> None:
    """A statement with a right signature, around anything."""
    line = statement.PREFIX + b64(signed(data, "performance", SIGN))
    found = statement.read(STATION, f"words\n{line}\n")
    assert all(line.isprintable() for line in as_text.lines(papers.stated(found, NAMED), 80))
    assert statement.sign(STATION, found.period, found.offices, found.day).startswith(statement.PREFIX)


def _body() -> bytes:
    line = _line().removeprefix(statement.PREFIX)
    return urlsafe_b64decode(line + "=" * (-len(line) % 4))[64:]


TARGETS = (
    Target("period", _period, (StationError,), lambda: [b"2026", b"2026-Q3"]),
    Target("performance", _statement, (StationError,), lambda: [f"words\n{_line()}\n".encode()]),
    Target("performance-signed", _signed_statement, (StationError,), lambda: [_body()], json=True),
)
