"""What somebody should see to in time: keys, disk, board, deadlines, bundles on their way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crypto import calendar
from journalist_app.ages import age, days_until
from journalist_app.changes import term
from journalist_app.parts import Parts
from journalist_app.publishing import due_day
from journalist_app.texts import gettext, ngettext, written_day
from store import overview, space
from store.errors import NoDirectoryError
from store.site import SiteOffice

KEYS_SOON: Final = 28
"""Days before the keys end from which on a notice counts them."""
KEYS_VERY_SOON: Final = 14
"""From here on it is an urgent one."""
UNCONFIRMED_LONG: Final = 14
"""Days after which a bundle that no station has confirmed is pointed out."""


@dataclass(frozen=True)
class Notice:
    """`name` is for tests and styles; `days` is what it is about, where it counts any."""

    name: str
    text: str
    urgent: bool
    days: int = 0


def of_server(parts: Parts) -> Iterator[Notice]:
    """About the disk and the board, which all offices share."""
    if space.room(parts.layout.root, parts.limits.reserve) <= 0:
        text = gettext("The disk is full: new reports are refused. Let the operator make room.")
        yield Notice("disk", text, True)
    if not space.has_inodes(parts.layout.root):
        text = gettext("The disk has almost no room for new files: reports come without evidence.")
        yield Notice("inodes", text, True)
    last, due = parts.board_day.read(), due_day(parts)
    if last is not None and last < calendar.add_days(due, -1):
        text = gettext("The board was published last on %(day)s, though it is due more often.")
        yield Notice("board", text % {"day": written_day(last)}, True, age(last, due))


def of_keys(parts: Parts, office: SiteOffice) -> Iterator[Notice]:
    """When the office's keys end, or its directory does, whichever is first."""
    try:
        found = term(parts.directories.directory(office.id))
    except NoDirectoryError:
        return
    left = days_until(min(found.keys_until, found.expires), parts.today())
    if left < 0:
        text = gettext("The published keys have ended: nobody can write to this office.")
    elif left <= KEYS_SOON:
        text = ngettext(
            "The published keys last %(num)s more day.", "The published keys last %(num)s more days.", left
        ) % {"num": left}
    else:
        return
    text += " " + gettext("Make new ones at the station and import its bundle here.")
    yield Notice("keys", text, left <= KEYS_VERY_SOON, left)


def of_deadline(parts: Parts, office: SiteOffice) -> Iterator[Notice]:
    """What waits on this side and is late, or will be after today."""
    today, deadline = parts.today(), parts.staff.settings.deadline(office.id)
    waiting = overview.waiting(parts.database, office.id)
    over = {day: deadline.late_by(day, today) for day in waiting}
    late = sum(came.count for day, came in waiting.items() if over[day] > 0)
    worst = max(over.values(), default=-1)
    if late:
        text = ngettext(
            "%(num)s sealed thing is late: its deadline is over. Carry a bundle to the station now.",
            "%(num)s sealed things are late: their deadline is over. Carry a bundle to the station now.",
            late,
        )
        yield Notice("late", text % {"num": late}, True, worst)
    elif worst == 0:
        text = gettext("The deadline of the oldest thing ends today. Carry a bundle to the station.")
        yield Notice("due", text, False)


def of_bundles(parts: Parts, office: SiteOffice) -> Iterator[Notice]:
    """What was put together long ago and never confirmed."""
    for bundle in parts.inbox.bundles(office.id):
        days = age(bundle.day, parts.today())
        if days >= UNCONFIRMED_LONG and bundle.leaves is None:
            text = gettext(
                "Bundle %(number)s was made %(days)s days ago, and no station has confirmed it. Import it "
                "there, or bring back what the station wrote."
            )
            yield Notice("unconfirmed", text % {"number": bundle.number, "days": days}, False, days)


def of_retention(parts: Parts, office: SiteOffice) -> Iterator[Notice]:
    """Which bundles will be erased unconfirmed, and what keeps them."""
    for bundle in parts.inbox.bundles(office.id):
        if bundle.leaves is not None:
            text = gettext(
                "Bundle %(number)s will be erased here on %(day)s: it was downloaded, and no station has "
                "confirmed it. Import it at the station and bring back what the station writes. If the stick "
                "is lost, download the bundle again; that puts the erasure off."
            )
            text %= {"number": bundle.number, "day": written_day(bundle.leaves)}
            yield Notice("leaves", text, True, days_until(bundle.leaves, parts.today()))
