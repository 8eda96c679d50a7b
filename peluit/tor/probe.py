"""Tries to reach the reviewers' onion service as a stranger does: through a tor that has no key for it."""

import socket
import struct
from typing import Final, Literal

from hardening.deploy.tor.address import OnionAddress

Answer = Literal["open", "closed", "unknown"]

_SECONDS: Final = 60
# SOCKS5 (RFC 1928), no sign-in; then CONNECT to a name.
_GREETING: Final = b"\x05\x01\x00"
_AGREED: Final = b"\x05\x00"
_CONNECT: Final = b"\x05\x01\x00\x03"
_REACHED: Final = 0
# Tor's proposal 304: told where SocksPort has the flag ExtendedErrors, as Tor Browser's has.
_KEY_MISSING: Final = 0xF4


def probe(address: OnionAddress, socks: int) -> Answer:
    """`open`: somebody without a key gets in; `closed`: tor asked for a key; `unknown`: neither was seen.

    `socks` is the port of a tor on this machine.
    """
    try:
        with socket.create_connection(("127.0.0.1", socks), timeout=_SECONDS) as connection:
            stream = connection.makefile("rb")
            connection.sendall(_GREETING)
            if stream.read(2) != _AGREED:
                return "unknown"
            name = address.encode("ascii")
            connection.sendall(_CONNECT + bytes([len(name)]) + name + struct.pack(">H", 80))
            reply = stream.read(2)
    except OSError:
        return "unknown"
    if len(reply) < 2:
        return "unknown"
    return {_REACHED: "open", _KEY_MISSING: "closed"}.get(reply[1], "unknown")  # type: ignore[return-value]
