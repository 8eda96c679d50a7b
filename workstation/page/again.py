"""The passphrase once more, before an act that cannot be undone: the person here may not be who unlocked."""

from typing import Final

from workstation import keyfile
from workstation.station import Station

LONGEST_PASSPHRASE: Final = 4_096


def prove(station: Station, untrusted_passphrase: str) -> str:
    """The passphrase, if it is that of the reviewer who is here; WrongPassphraseError.

    It takes about a second, as each guess does.
    """
    passphrase = untrusted_passphrase[:LONGEST_PASSPHRASE]
    keyfile.open_(station.layout.reviewer_key(station.reviewer).read_bytes(), station.reviewer, passphrase)
    return passphrase
