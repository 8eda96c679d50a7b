"""A signer's key: an Ed25519 seed in a file that a passphrase opens (libsodium's Argon2id and secret box)."""

import getpass
import sys
from pathlib import Path
from typing import Final

from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.signing import SigningKey
from nacl.utils import random

from peluit.errors import FileThereError
from peluit.manifest.errors import NoSignerKeyError, WeakKeyPassphraseError
from store.errors import WeakPassphraseError
from store.passphrase import check_strength

_HEAD: Final = b"peluit signer 1\n"


def make(to: Path) -> SigningKey:
    """Writes a new key, mode 0600. FileThereError, WeakKeyPassphraseError, OSError."""
    if to.exists():
        raise FileThereError(to)
    passphrase = ask("New passphrase of this key: ")
    try:
        check_strength(passphrase, ())
    except WeakPassphraseError as error:
        raise WeakKeyPassphraseError(error.weakness) from None
    key = SigningKey.generate()
    salt = random(argon2id.SALTBYTES)
    to.touch(mode=0o600, exist_ok=False)
    to.write_bytes(_HEAD + salt + bytes(_box(passphrase, salt).encrypt(key.encode())))
    return key


def read(path: Path) -> SigningKey:
    """NoSignerKeyError, OSError."""
    untrusted_data = path.read_bytes()
    if not untrusted_data.startswith(_HEAD) or len(untrusted_data) > 1_000:
        raise NoSignerKeyError(path)
    rest = untrusted_data[len(_HEAD) :]
    salt, sealed = rest[: argon2id.SALTBYTES], rest[argon2id.SALTBYTES :]
    try:
        return SigningKey(_box(ask("Passphrase of this key: "), salt).decrypt(sealed))
    except (CryptoError, ValueError):
        raise NoSignerKeyError(path) from None


def ask(prompt: str) -> str:
    """What is typed at a terminal that shows nothing, else the first line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\n")


def _box(passphrase: str, salt: bytes) -> SecretBox:
    stretched = argon2id.kdf(
        SecretBox.KEY_SIZE,
        passphrase.encode(),
        salt,
        opslimit=argon2id.OPSLIMIT_MODERATE,
        memlimit=argon2id.MEMLIMIT_MODERATE,
    )
    return SecretBox(stretched)
