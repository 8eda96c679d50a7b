"""v3 onion addresses (Tor's rend-spec-v3, section 6): 56 letters of key, checksum and version."""

import base64
import hashlib
import re
from typing import Final, NewType

from hardening.deploy.tor.errors import AddressRefusedError

OnionAddress = NewType("OnionAddress", str)
"""`….onion`, 62 characters, without http://."""

_FORM: Final = re.compile(r"([a-z2-7]{56})\.onion")
_VERSION: Final = b"\x03"


def read_address(untrusted_address: str) -> OnionAddress:
    """An address whose checksum holds, so that no letter of it is wrong; AddressRefusedError."""
    match = _FORM.fullmatch(untrusted_address)
    if match is None:
        raise AddressRefusedError
    raw = base64.b32decode(match[1].upper())
    key, checksum, version = raw[:32], raw[32:34], raw[34:]
    if version != _VERSION or hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2] != checksum:
        raise AddressRefusedError
    return OnionAddress(untrusted_address)
