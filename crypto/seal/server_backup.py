"""Seal a backup of a server (docs/protocol.md section 16)."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.constants import CHUNK_SIZE
from crypto.directory import EpochKeys
from crypto.fields import Day, Epoch, InstanceId, OfficeId
from crypto.kem import wrap
from crypto.server_backup import ASSOCIATED, CODE_SIZE, ForOffice, info, keys, nonce, write_head


@dataclass(frozen=True)
class Recipients:
    """The reviewers of an office, by their keys of an epoch; any of them opens the backup."""

    epoch: Epoch
    keys: EpochKeys


def seal(
    instance: InstanceId, day: Day, offices: Mapping[OfficeId, Recipients], pieces: Iterable[bytes]
) -> Iterator[bytes]:
    """The backup, piece by piece, in memory of a few MiB; MalformedError for a key that is none.

    The opening code is drawn here and is nowhere but in the stanzas.
    """
    code = secrets.token_bytes(CODE_SIZE)
    listed = tuple(
        ForOffice(
            office,
            found.epoch,
            {
                reviewer: wrap(key, info(instance, office, found.epoch, reviewer), code)
                for reviewer, key in found.keys.items()
            },
        )
        for office, found in sorted(offices.items())
    )
    head = write_head(instance, day, listed)
    key, commitment = keys(code, head)
    yield head + commitment
    yield from _chunks(key, pieces)


def _chunks(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    cipher, waiting, number = AESGCM(key), bytearray(), 0
    for piece in pieces:
        waiting += piece
        while len(waiting) > CHUNK_SIZE:  # the last is not known to be the last before the end
            chunk = bytes(waiting[:CHUNK_SIZE])
            del waiting[:CHUNK_SIZE]
            yield cipher.encrypt(nonce(number, False), chunk, ASSOCIATED)
            number += 1
    yield cipher.encrypt(nonce(number, True), bytes(waiting), ASSOCIATED)
