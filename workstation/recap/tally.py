"""What stays of an erased case: one count for each of its readers, which nobody else can open.

A row of `tallies` is a sealed box (libsodium) to a reader's X25519 key over

    bind("vault", "tally") ‖ canonical JSON of the count and a random id, padded to whole KiB

It names neither the reader nor the case; a reviewer tries their key on every row. The readers of one case get
the same id, so that two of them can put their figures together without counting a case twice.
"""

import secrets
from dataclasses import replace
from typing import Final

from nacl.exceptions import CryptoError
from nacl.public import SealedBox

from crypto import canonical
from crypto.binding import b64, bind
from crypto.constants import ID_SIZE
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields
from crypto.padding import add_length, strip_length
from workstation import cases
from workstation.cases import Case
from workstation.errors import VaultDamagedError
from workstation.recap import counts, line
from workstation.recap.counts import Count
from workstation.station import Station
from workstation.timing import due

_LABEL: Final = bind("vault", b"tally")
_UNIT: Final = 1_024
_WIDTH: Final = 4


def keep(station: Station, case: Case, on: Day) -> None:
    """Keeps the count of a case that is about to be erased; inside the transaction that erases it."""
    found = line.of_case(station, case, due.counting(station), on).count
    if found.open:
        found = replace(found, result="erased")
    body = canonical.dump({"count": dict(counts.write(found)), "id": b64(secrets.token_bytes(ID_SIZE))})
    size = -(-(len(body) + _WIDTH) // _UNIT) * _UNIT
    for reader in cases.readers(station, case):
        if reader in station.roster.boxes:
            sealed = SealedBox(station.box(reader)).encrypt(_LABEL + add_length(body, _WIDTH, size))
            station.vault.rows(
                "INSERT INTO tallies (id, sealed) VALUES (?, ?)", secrets.token_bytes(ID_SIZE), bytes(sealed)
            )


def of_reader(station: Station) -> dict[str, Count]:
    """The counts of erased cases that the reviewer who is here could read, by id; VaultDamagedError."""
    found = {}
    for (sealed,) in station.vault.rows("SELECT sealed FROM tallies"):
        try:
            opened = SealedBox(station.keys.box).decrypt(sealed)
        except CryptoError:
            continue  # another reader's
        if not opened.startswith(_LABEL):
            raise VaultDamagedError
        try:
            fields = Fields(canonical.parse(strip_length(opened[len(_LABEL) :], _WIDTH)))
            found[fields.text("id")] = counts.read(fields.take("count"))
            fields.end()
        except ProtocolError:
            raise VaultDamagedError from None
    return found
