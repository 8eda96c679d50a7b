"""What goes to other offices of the same server: sealed to their keys, and carried by the next bundle.

A package is a sealed item and the sealed blobs that it tells of. It is sealed when it is queued, so that any
reviewer can carry it out later, also one who must not read the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto import calendar
from crypto.fields import ChannelId, Day, OfficeId
from crypto.item import item_id
from crypto.manifest import MAX_PACKAGE_SIZE, MOST_PACKAGES, MOST_SEALED
from workstation import terminal
from workstation.offices import addressing
from workstation.offices.office_errors import NotEnrolledError, PackageTooLargeError
from workstation.offices.registry import Office
from workstation.station import Station
from workstation.vault import Vault


@dataclass(frozen=True)
class Package:
    """An item for a channel of an office, with its id, and its blobs as (id, sealed bytes)."""

    id: bytes
    office: OfficeId
    channel: ChannelId
    item: bytes
    blobs: tuple[tuple[bytes, bytes], ...]

    @property
    def size(self) -> int:
        """Bytes in all."""
        return len(self.item) + sum(len(sealed) for _id, sealed in self.blobs)


def queue(
    station: Station,
    office: Office,
    document: bytes,
    blobs: Sequence[tuple[bytes, bytes]],
    on: Day | None = None,
) -> None:
    """Seals a signed document for a connected office, to the keys of a day (today), and queues it with its
    blobs, each (id, sealed bytes); inside a transaction of the caller.

    NotEnrolledError, OldKeysError, PackageTooLargeError.
    """
    directory = office.directory
    if directory is None or office.state != "connected":
        raise NotEnrolledError(office=office.id)
    channel, item = addressing.seal(office.id, directory, document, on or calendar.today())
    package = Package(item_id(item), directory.office.id, channel, item, tuple(blobs))
    if package.size > MAX_PACKAGE_SIZE or len(blobs) >= MOST_SEALED:
        size, limit = terminal.size(package.size), terminal.size(MAX_PACKAGE_SIZE)
        raise PackageTooLargeError(size=size, limit=limit)
    station.vault.rows(
        "INSERT INTO packages (id, office, channel, item) VALUES (?, ?, ?, ?)",
        package.id,
        package.office,
        package.channel,
        package.item,
    )
    for name, sealed in package.blobs:
        station.vault.rows(
            "INSERT INTO enclosures (id, package, blob) VALUES (?, ?, ?)", name, package.id, sealed
        )


def waiting(vault: Vault) -> int:
    """How many packages wait for the next bundle."""
    return int(vault.value("SELECT count(*) FROM packages"))


def take(vault: Vault, room: int) -> list[Package]:
    """Takes packages of up to `room` bytes together off the queue, as many as a bundle may carry; what does
    not fit waits. Inside a transaction of the caller."""
    taken: list[Package] = []
    most = MOST_SEALED
    for (name,) in vault.rows("SELECT id FROM packages ORDER BY id LIMIT ?", MOST_PACKAGES):
        found = _read(vault, name)
        if found.size <= room and 1 + len(found.blobs) <= most:
            room, most = room - found.size, most - 1 - len(found.blobs)
            taken.append(found)
            vault.rows("DELETE FROM packages WHERE id = ?", name)
    return taken


def _read(vault: Vault, name: bytes) -> Package:
    office, channel, item = vault.rows("SELECT office, channel, item FROM packages WHERE id = ?", name)[0]
    blobs = vault.rows("SELECT id, blob FROM enclosures WHERE package = ? ORDER BY id", name)
    return Package(
        name, OfficeId(office), ChannelId(channel), item, tuple((id_, blob) for id_, blob in blobs)
    )
