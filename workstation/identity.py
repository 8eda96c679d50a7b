"""Who can unlock what: the keys of reviewers, custodians and the office, and their form in a key file."""

from collections.abc import Mapping
from dataclasses import dataclass

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import INSTANCE_SIZE, KEM_SEED_SIZE, MAX_U32
from crypto.custodians import CustodianId
from crypto.errors import ProtocolError
from crypto.fields import Epoch, Fields, InstanceId, OfficeId, ReviewerId
from crypto.keypairs import KemKeyPair
from workstation import keyfile
from workstation.errors import KeyFileError
from workstation.keyfile import DEFAULT_COST, OFFICE, Cost

_MOST_EPOCHS = 4_096
"""Weeks that nobody destroyed pile up."""


@dataclass(frozen=True, repr=False)
class Place:
    """The office whose station this is; `root` is its Ed25519 public key, which all else hangs on."""

    instance: InstanceId
    office: OfficeId
    root: bytes


@dataclass(frozen=True, repr=False)
class ReviewerKeys:
    """Everything that one reviewer's passphrase gives; no repr, so that no log shows it.

    `vault` is SQLCipher's raw key (32 bytes), the same for all reviewers; `box` opens case keys; `epochs`
    holds the X-Wing seeds (32 bytes each) of the weeks that are not destroyed.
    """

    reviewer: ReviewerId
    place: Place
    vault: bytes
    box: PrivateKey
    sign: SigningKey
    epochs: Mapping[Epoch, bytes]

    def epoch_key(self, epoch: Epoch) -> KemKeyPair | None:
        """The key pair of a week, or None if it is not held."""
        seed = self.epochs.get(epoch)
        return None if seed is None else KemKeyPair.from_seed(seed)


@dataclass(frozen=True, repr=False)
class OfficeKey:
    """The office's root key; needed only for ceremonies."""

    place: Place
    root: SigningKey


@dataclass(frozen=True, repr=False)
class CustodianKey:
    """What opens, with those of others, the identities that reporters seal; it opens nothing else."""

    custodian: CustodianId
    place: Place
    pair: KemKeyPair


def seal_reviewer(keys: ReviewerKeys, passphrase: str, cost: Cost = DEFAULT_COST) -> bytes:
    """The bytes of `reviewers/<id>.key`."""
    body = _place_json(keys.place) | {
        "box": b64(bytes(keys.box)),
        "epochs": epochs_json(keys.epochs),
        "sign": b64(bytes(keys.sign)),
        "vault": b64(keys.vault),
    }
    return keyfile.seal(body, keys.reviewer, passphrase, cost)


def open_reviewer(untrusted_file: bytes, reviewer: ReviewerId, passphrase: str) -> ReviewerKeys:
    """The keys in `reviewers/<id>.key`; WrongPassphraseError, KeyFileError."""
    body = keyfile.open_(untrusted_file, reviewer, passphrase)
    try:
        fields = Fields(body)
        keys = ReviewerKeys(
            reviewer=reviewer,
            place=_read_place(fields),
            vault=fields.data("vault", 32),
            box=PrivateKey(fields.data("box", 32)),
            sign=SigningKey(fields.data("sign", 32)),
            epochs=dict(fields.list_of("epochs", read_epoch, 0, _MOST_EPOCHS)),
        )
        fields.end()
    except ProtocolError:
        raise KeyFileError(owner=reviewer) from None
    return keys


def seal_office(key: OfficeKey, passphrase: str, cost: Cost = DEFAULT_COST) -> bytes:
    """The bytes of `office.key`."""
    return keyfile.seal(_place_json(key.place) | {"seed": b64(bytes(key.root))}, OFFICE, passphrase, cost)


def open_office(untrusted_file: bytes, passphrase: str) -> OfficeKey:
    """The key in `office.key`; WrongPassphraseError, KeyFileError."""
    body = keyfile.open_(untrusted_file, OFFICE, passphrase)
    try:
        fields = Fields(body)
        key = OfficeKey(_read_place(fields), SigningKey(fields.data("seed", 32)))
        fields.end()
    except ProtocolError:
        raise KeyFileError(owner=OFFICE) from None
    return key


def seal_custodian(key: CustodianKey, passphrase: str, cost: Cost = DEFAULT_COST) -> bytes:
    """The bytes of `custodians/<id>.key`."""
    body = _place_json(key.place) | {"identities": b64(key.pair.seed)}
    return keyfile.seal(body, key.custodian, passphrase, cost)


def open_custodian(untrusted_file: bytes, custodian: CustodianId, passphrase: str) -> CustodianKey:
    """The key in `custodians/<id>.key`; WrongPassphraseError, KeyFileError."""
    body = keyfile.open_(untrusted_file, custodian, passphrase)
    try:
        fields = Fields(body)
        place, seed = _read_place(fields), fields.data("identities", KEM_SEED_SIZE)
        fields.end()
    except ProtocolError:
        raise KeyFileError(owner=custodian) from None
    return CustodianKey(custodian, place, KemKeyPair.from_seed(seed))


def epochs_json(epochs: Mapping[Epoch, bytes]) -> list[Json]:
    """Seeds by week, in order."""
    return [{"epoch": epoch, "seed": b64(seed)} for epoch, seed in sorted(epochs.items())]


def read_epoch(untrusted_value: object) -> tuple[Epoch, bytes]:
    """One of `epochs_json`; MalformedError."""
    fields = Fields(untrusted_value)
    pair = Epoch(fields.integer("epoch", 0, MAX_U32)), fields.data("seed", KEM_SEED_SIZE)
    fields.end()
    return pair


def _place_json(place: Place) -> dict[str, Json]:
    return {"instance": b64(place.instance), "office": place.office, "root": b64(place.root)}


def _read_place(fields: Fields) -> Place:
    instance = InstanceId(fields.data("instance", INSTANCE_SIZE))
    return Place(instance, OfficeId(fields.id("office")), fields.data("root", 32))
