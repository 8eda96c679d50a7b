"""The non-response statement: how offices answered, signed by a reviewer, for people and for a check.

A text whose last line is a signed document (docs/protocol.md section 1.1), purpose `performance`, by the
reviewer's key. Only that line counts; the words above it repeat what it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crypto import signed
from crypto.binding import b64, unb64
from crypto.canonical import Json
from crypto.constants import INSTANCE_SIZE, MAX_U32, SUITE
from crypto.errors import BadSignatureError, ProtocolError
from crypto.fields import Day, Fields, InstanceId, OfficeId, ReviewerId
from workstation.recap import periods
from workstation.recap.errors import NotAStatementError, PeriodError, UnprovenStatementError
from workstation.recap.performance import Passed, Performance
from workstation.station import Station
from workstation.timing.clock import Pause

PREFIX: Final = "peluit-performance-1:"
ENDING: Final = ".statement.txt"
LONGEST: Final = 4 * 2**20
"""Bytes of a whole statement."""
_MOST: Final = 10_000
_LONGEST_REASON: Final = 64


@dataclass(frozen=True)
class Statement:
    """What `reviewer` states on a day about a period (`2026` or `2026-Q3`)."""

    period: str
    reviewer: ReviewerId
    day: Day
    offices: tuple[Performance, ...]


def sign(station: Station, period: str, offices: Sequence[Performance], on: Day) -> str:
    """The line that counts, by the reviewer who is here."""
    place = station.keys.place
    body: Json = {
        "day": on,
        "instance": b64(place.instance),
        "kind": "performance",
        "office": place.office,
        "offices": [
            {"office": each.office, "passed": [_write(one) for one in each.passed]} for each in offices
        ],
        "period": period,
        "reviewer": station.reviewer,
        "suite": SUITE,
    }
    return PREFIX + b64(signed.sign(body, "performance", station.keys.sign))


def read(station: Station, untrusted_text: str) -> Statement:
    """What a text says that a reviewer of this office signed, present or former.

    NotAStatementError, UnprovenStatementError.
    """
    last = untrusted_text.rstrip().rpartition("\n")[2].strip()
    if not last.startswith(PREFIX) or len(untrusted_text) > LONGEST:
        raise NotAStatementError
    try:
        untrusted_document = unb64(last[len(PREFIX) :], (len(last) - len(PREFIX)) * 3 // 4)
        statement, instance, office = _read(untrusted_document)
    except (ProtocolError, PeriodError):
        raise NotAStatementError from None
    place = station.keys.place
    if (instance, office) != (place.instance, place.office):
        raise UnprovenStatementError
    keys = {r.sign for d in station.directories() for r in d.office.reviewers if r.id == statement.reviewer}
    if not any(_signed(untrusted_document, key) for key in keys):
        raise UnprovenStatementError
    return statement


def _signed(untrusted_document: bytes, key: bytes) -> bool:
    try:
        signed.check_signature(untrusted_document, "performance", key)
    except BadSignatureError:
        return False
    return True


def _read(untrusted_document: bytes) -> tuple[Statement, InstanceId, OfficeId]:
    fields = Fields(signed.peek(untrusted_document, LONGEST))
    fields.suite_and_kind("performance")
    found = Statement(
        period=periods.read(fields.text("period")).name,
        reviewer=ReviewerId(fields.id("reviewer")),
        day=fields.day("day"),
        offices=fields.list_of("offices", _read_office, 0, _MOST),
    )
    place = InstanceId(fields.data("instance", INSTANCE_SIZE)), OfficeId(fields.id("office"))
    fields.end()
    return found, *place


def _read_office(value: object) -> Performance:
    fields = Fields(value)
    office = fields.id("office")
    found = Performance(office, fields.list_of("passed", lambda each: _read_passed(each, office), 0, _MOST))
    fields.end()
    return found


def _write(passed: Passed) -> Json:
    return {
        "answered": passed.answered,
        "days": passed.days,
        "due": passed.due,
        "late": passed.late,
        "pauses": [{"reason": p.reason, "since": p.since, "until": p.until} for p in passed.pauses],
        "sent": passed.sent,
    }


def _read_passed(value: object, office: str) -> Passed:
    fields = Fields(value)
    passed = Passed(
        office=office,
        sent=fields.day("sent"),
        due=fields.day("due"),
        answered=_day_or_none(fields, "answered"),
        days=fields.integer("days", 0, MAX_U32),
        late=fields.integer("late", 0, MAX_U32),
        pauses=fields.list_of("pauses", _read_pause, 0, _MOST),
    )
    fields.end()
    return passed


def _read_pause(value: object) -> Pause:
    fields = Fields(value)
    pause = Pause(fields.text("reason", _LONGEST_REASON), fields.day("since"), _day_or_none(fields, "until"))
    fields.end()
    return pause


def _day_or_none(fields: Fields, name: str) -> Day | None:
    value = fields.take(name)
    return None if value is None else Fields({name: value}).day(name)
