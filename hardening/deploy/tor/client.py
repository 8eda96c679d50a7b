"""A person's key for the reviewers' onion service: x25519, as tor reads and writes it.

tor takes a file whose text is anything but exactly one good line for no client at all, and a service without
clients is open to everybody: so nothing but the exact form counts here.
"""

import base64
import re
from dataclasses import dataclass, field
from typing import Final, NewType

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from hardening.deploy.tor.errors import ClientRefusedError, MalformedClientError

ClientName = NewType("ClientName", str)

SUFFIX: Final = ".auth"
SENTINEL: Final = ClientName("nobody")
"""A client whose private key was thrown away: with it there, a service never is without clients."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
# 32 bytes are 51.2 letters: the last stands for one bit of the key and four that are none.
_LINE: Final = re.compile(rb"descriptor:x25519:([A-Z2-7]{51}[AQ])\n")
LINE_SIZE: Final = 71


@dataclass(frozen=True)
class ClientKey:
    """Both halves of a person's key; the private one (base32) is shown once and kept nowhere."""

    public: bytes
    private: str = field(repr=False)


def new_key() -> ClientKey:
    """A fresh one."""
    key = X25519PrivateKey.generate()
    return ClientKey(key.public_key().public_bytes_raw(), _base32(key.private_bytes_raw()))


def line(public: bytes) -> bytes:
    """What stands in `NAME.auth`: 71 bytes."""
    return f"descriptor:x25519:{_base32(public)}\n".encode()


def read_line(untrusted_text: bytes) -> bytes:
    """The public key (32 bytes) in the text of a `.auth` file; MalformedClientError."""
    match = _LINE.fullmatch(untrusted_text)
    if match is None:
        raise MalformedClientError
    public = base64.b32decode(match[1] + b"====")
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:  # a point of small order: with it, anybody could tell the shared secret
        raise MalformedClientError from None
    return public


def read_name(untrusted_name: str) -> ClientName:
    """A person's name as part of a file's name; ClientRefusedError, also for the sentinel's."""
    if not _NAME.fullmatch(untrusted_name) or untrusted_name == SENTINEL:
        raise ClientRefusedError
    return ClientName(untrusted_name)


def for_browser(onion: str, private: str) -> str:
    """The line for a `.auth_private` file of a tor client. `onion`: the address, `….onion`."""
    return f"{onion.removesuffix('.onion')}:descriptor:x25519:{private}"


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")
