"""What somebody should see to before it stops the work: keys, disk, board, bundles on their way."""

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
WAITS_LONG: Final = 7
"""Days after which what waits for a bundle is pointed out."""
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
    if space.room(parts.layout.root, space.DEFAULT_RESERVE) <= 0:
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


def of_bundles(parts: Parts, office: SiteOffice) -> Iterator[Notice]:
    """What has waited long on this side, and what was carried away and never confirmed."""
    today, waiting = parts.today(), overview.waiting(parts.database, office.id)
    oldest = age(min(waiting), today) if waiting else 0
    if oldest >= WAITS_LONG:
        text = ngettext(
            "Something has waited for %(num)s day. Carry a bundle to the station.",
            "Something has waited for %(num)s days. Carry a bundle to the station.",
            oldest,
        )
        yield Notice("waits", text % {"num": oldest}, False, oldest)
    for bundle in parts.inbox.bundles(office.id):
        days = age(bundle.day, today)
        if days >= UNCONFIRMED_LONG:
            text = gettext(
                "Bundle %(number)s was made %(days)s days ago, and no station has confirmed it. Import it "
                "there, or bring back what the station wrote."
            )
            yield Notice("unconfirmed", text % {"number": bundle.number, "days": days}, False, days)
