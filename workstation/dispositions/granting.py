"""The right of another office on our server to reply to a reporter itself, for a time (decision 0036).

The sender makes a key for this one thread and office, and certifies it in a grant that the reporter's page
checks. Without a grant, nothing of the thread leaves the case.
"""

from typing import Final

from nacl.signing import SigningKey

from crypto import calendar
from crypto.disposition import ReplyRight
from crypto.errors import ProtocolError
from crypto.fields import Day
from crypto.grant import Grant, peek_grant, sign_grant
from workstation.cases import Case
from workstation.dispositions import kept
from workstation.errors import NoWayBackError
from workstation.offices.office_errors import CannotGrantError, GrantEndedError, NotEnrolledError
from workstation.offices.registry import Office
from workstation.station import Station

DAYS_AFTER_DUE: Final = 60
"""For how long after the day of its answer the office may reply: questions and a last word take time."""


def make(station: Station, case: Case, office: Office, due: Day) -> ReplyRight:
    """A fresh key of which the reporter will read that it is that office's; NoWayBackError,
    NotEnrolledError, CannotGrantError."""
    directory = office.directory
    if directory is None:
        raise NotEnrolledError(office=office.id)
    if not case.head.way_back:
        raise NoWayBackError
    key = SigningKey.generate()
    grant = Grant(
        instance=station.keys.place.instance,
        office=station.keys.place.office,
        reviewer=station.reviewer,
        thread=case.head.thread.verify,
        to=directory.office.id,
        names=directory.office.names,
        key=key.verify_key.encode(),
        expires=calendar.add_days(due, DAYS_AFTER_DUE),
    )
    try:
        return ReplyRight(sign_grant(grant, station.keys.sign), key.encode(), case.head.thread)
    except ProtocolError:
        raise CannotGrantError(office=office.id) from None


def right_of(station: Station, case: Case) -> ReplyRight | None:
    """The right that a case brought along when another office passed it on, None if it brought none."""
    if case.head.arrival != "office":
        return None
    received = kept.received(station, case)
    return None if received is None else received.document.right


def last_day(right: ReplyRight) -> Day:
    """The last day on which it holds."""
    return peek_grant(right.grant).expires


def check_day(right: ReplyRight, on: Day) -> None:
    """GrantEndedError if the right had ended on this day."""
    if on > last_day(right):
        raise GrantEndedError(day=last_day(right))
