"""What the station says to whoever unlocks it: keys that end, keys due to go, a copy that is too old, cases
that a conflict of interest concerns."""

from collections.abc import Collection, Iterator
from typing import Final

from crypto import calendar
from crypto.fields import Day
from workstation import destruction, witness
from workstation.review import conflict
from workstation.station import Station
from workstation.texts import _, n_

SOON_DAYS: Final = 28
"""So long before the keys for new reports end, everybody is told."""


def reminders(station: Station, on: Day) -> list[str]:
    """Sentences in the language in use, the most usual first; none if all is well."""
    return [*_of_days(station, on), *_of_replay(station), *of_conflicts(conflict.still_read(station))]


def _of_days(station: Station, on: Day) -> Iterator[str]:
    """Says when reporters will have no keys left, when old keys are due to go, and when the date is wrong."""
    newest: Day | None = station.vault.value("SELECT max(day) FROM bundles")
    if newest is not None and newest > calendar.add_days(on, 1):
        yield _("This computer's date is {on}, but a bundle is of {newest}. Set the date.").format(
            on=on, newest=newest
        )
    until = station.directory.office.expires
    if until < on:
        yield _("The keys for new reports ended on {day}: reporters cannot send anything.").format(day=until)
    elif until < calendar.add_days(on, SOON_DAYS):
        yield _("The keys for new reports end on {day}; before that: peluit station renew").format(day=until)
    if due := destruction.due(station, on):
        yield n_(
            "Your key of {count} week is due to be destroyed: peluit station destroy-keys",
            "Your keys of {count} weeks are due to be destroyed: peluit station destroy-keys",
            len(due),
        )


def _of_replay(station: Station) -> Iterator[str]:
    """Says when this station was copied back from an old backup, and what is older than what was sent."""
    seen = witness.read(station.layout.folder)
    last: int = station.vault.value("SELECT coalesce(max(number), 0) FROM outbound")
    serial = station.directory.office.serial
    if last < seen.outbound:
        yield _(
            "This station is older than what was already sent: it has bundles up to {last}, and {sent} "
            "went to the server. Cases and replies of the time between are not in it."
        ).format(last=last, sent=seen.outbound)
    if serial < seen.directory:
        yield _(
            "Its directory is number {serial}, and {sent} was made: what is sealed with newer keys does "
            "not open here. Make new keys at once with: peluit station renew"
        ).format(serial=serial, sent=seen.directory)


def of_conflicts(alone: Collection[int]) -> Iterator[str]:
    """Names the cases that the reviewer should not read, and that nobody else can."""
    if alone:
        yield n_(
            "{count} case concerns your conflict of interest, and you alone read it: hand it to a colleague, "
            "and your key goes with it: {numbers}",
            "{count} cases concern your conflict of interest, and you alone read them: hand them to a "
            "colleague, and your keys go with them: {numbers}",
            len(alone),
            numbers=", ".join(map(str, alone)),
        )
