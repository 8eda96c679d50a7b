"""The sealed identities that reporters have left in a case, and what becomes of those that are taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto.fields import Day
from crypto.message import Identity
from crypto.sealed_identity import Owner, SealedIdentity
from workstation import caselog, thread
from workstation.cases import Case
from workstation.station import Station
from workstation.thread import Entry


@dataclass(frozen=True)
class Deposit:
    """An identity that nobody here can read. `day` is the reporter's."""

    day: Day
    received: Day
    owner: Owner
    sealed: SealedIdentity


def latest(entries: Sequence[Entry]) -> Deposit | None:
    """The one that counts among a case's messages; a newer one replaces an older, and both stay."""
    found = [
        Deposit(entry.message.day, entry.meta.received, entry.message.owner, entry.message.content.sealed)
        for entry in entries
        if isinstance(entry.message.content, Identity) and entry.message.content.sealed is not None
    ]
    return found[-1] if found else None


def destroy_taken_back(station: Station, case: Case) -> None:
    """Deletes what the reporter has taken back; inside a transaction of the caller.

    That is everything of the day of the taking back and of the days before, whichever came here first: the
    orders of two visits on one day cannot be compared, and the name must not survive by chance.
    """
    entries = [
        entry for entry in thread.messages(station, case) if isinstance(entry.message.content, Identity)
    ]
    until = max(
        (entry.message.day for entry in entries if entry.message.content == Identity(None)), default=""
    )
    for entry in entries:
        if entry.message.content != Identity(None) and entry.message.day <= until:
            station.vault.rows("DELETE FROM messages WHERE item = ?", entry.item)
            caselog.write(station, case.key, "identity-destroyed", entry.meta.sequence)
