"""The backup key: a key pair whose secret exists only on paper, split with SLIP-39.

The station keeps the public half, so that every later backup is sealed to the same papers without anybody
bringing them. The secret is 32 random bytes; `threshold` of the shares give it back.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from crypto.binding import b64, bind, derive
from crypto.canonical import Json
from crypto.constants import KEM_PUBLIC_SIZE
from crypto.errors import ProtocolError
from crypto.fields import Fields
from crypto.kem import RecipientKey
from crypto.keypairs import KemKeyPair
from workstation import settings
from workstation.errors import BadPlanError, NotAShareError, OtherSharesError, VaultDamagedError
from workstation.station import Station
from workstation.texts import _
from workstation.vault import Vault

_SETTING: Final = "backup-key"
_MOST: Final = 16  # SLIP-39's own limit


@dataclass(frozen=True)
class BackupKey:
    """The public half, and how it is split."""

    public: RecipientKey
    shares: int
    threshold: int


def generate(shares: int, threshold: int) -> tuple[BackupKey, list[str]]:
    """A new key and its shares, 33 words each, which exist nowhere else; BadPlanError."""
    if not 2 <= threshold <= shares <= _MOST:
        raise BadPlanError(what=_("of 2 to 16 shares, at least 2 and at most all give the key back"))
    secret = secrets.token_bytes(32)
    (words,) = generate_mnemonics(1, [(threshold, shares)], secret)
    return BackupKey(_pair(secret).public, shares, threshold), words


def combine(shares: Collection[str]) -> KemKeyPair:
    """The key pair that enough shares of one set give back; OtherSharesError."""
    try:
        return _pair(combine_mnemonics(shares))
    except MnemonicError:
        raise OtherSharesError from None


def check(untrusted_share: str, known: Sequence[str]) -> int:
    """How many shares are needed in all; NotAShareError, OtherSharesError if it does not fit the others."""
    share = _read(untrusted_share)
    for other in map(_read, known):
        if share.common_parameters() != other.common_parameters() or share.index == other.index:
            raise OtherSharesError
    return int(share.member_threshold)


def load(vault: Vault) -> BackupKey | None:
    """The key that backups are sealed to, if there is one; VaultDamagedError."""
    found = settings.read(vault, _SETTING)
    if found is None:
        return None
    try:
        fields = Fields(found)
        key = BackupKey(
            RecipientKey(fields.data("public", KEM_PUBLIC_SIZE)),
            fields.integer("shares", 2, _MOST),
            fields.integer("threshold", 2, _MOST),
        )
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return key


def save(station: Station, key: BackupKey) -> None:
    """From now on, backups are sealed to this key."""
    with station.vault.transaction():
        value: Json = {"public": b64(key.public), "shares": key.shares, "threshold": key.threshold}
        settings.write(station.vault, _SETTING, value)
        station.log("settings-changed", _SETTING)


def _pair(secret: bytes) -> KemKeyPair:
    return KemKeyPair.from_seed(derive(secret, "vault", bind("vault", b"backup-key")))


def _read(untrusted_share: str) -> Share:
    try:
        return Share.from_mnemonic(" ".join(untrusted_share.lower().split()))
    except MnemonicError:
        raise NotAShareError from None
