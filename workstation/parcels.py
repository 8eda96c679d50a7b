"""Parcels: new keys for a reviewer who need not be there when they are made.

Whoever holds the office's key and one reviewer can renew everybody's keys: what each gets is sealed to that
reviewer's own X25519 key of the roster, and waits in `parcels/<id>/<serial>` until that reviewer unlocks the
station. Signed document (docs/protocol.md section 1.1), purpose `vault`, by the office's root key:

```
{"instance": b64(16), "kind": "parcel", "office": id, "reviewer": id, "sealed": b64(…), "serial": n,
 "suite": "peluit/1"}
sealed = sealed box of canonical JSON {"epochs": [{"epoch": n, "seed": b64(32)}…], "vault": b64(32)}
```

`serial` is that of the directory that was made with it, `vault` the vault's key from then on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox
from nacl.signing import SigningKey

from crypto import canonical, signed
from crypto.binding import b64, unb64
from crypto.canonical import Json
from crypto.constants import INSTANCE_SIZE, MAX_EPOCHS, MAX_SLICE_SIZE, MAX_U32, SUITE
from crypto.errors import ProtocolError
from crypto.fields import Epoch, Fields, ReviewerId
from workstation.errors import ParcelError
from workstation.identity import Place, ReviewerKeys, epochs_json, read_epoch
from workstation.layout import Layout


@dataclass(frozen=True, repr=False)
class Parcel:
    """What a reviewer gets: seeds (32 bytes each) of new weeks, and the vault's key (32 bytes); no repr."""

    serial: int
    reviewer: ReviewerId
    vault: bytes
    epochs: Mapping[Epoch, bytes]


def seal(parcel: Parcel, place: Place, box: PublicKey, root: SigningKey) -> bytes:
    """The bytes of `parcels/<id>/<serial>`."""
    inside = canonical.dump({"epochs": epochs_json(parcel.epochs), "vault": b64(parcel.vault)})
    body: Json = {
        "instance": b64(place.instance),
        "kind": "parcel",
        "office": place.office,
        "reviewer": parcel.reviewer,
        "sealed": b64(SealedBox(box).encrypt(inside)),
        "serial": parcel.serial,
        "suite": SUITE,
    }
    return signed.sign(body, "vault", root)


def waiting(layout: Layout, reviewer: ReviewerId) -> list[Path]:
    """The parcels of a reviewer, in the order in which they were made."""
    folder = layout.parcels_of(reviewer)
    found = [path for path in folder.iterdir() if path.name.isdecimal()] if folder.is_dir() else []
    return sorted(found, key=lambda path: int(path.name))


def open_all(layout: Layout, keys: ReviewerKeys) -> ReviewerKeys:
    """A reviewer's keys with what the waiting parcels bring; ParcelError."""
    for parcel in _opened(layout, keys):
        keys = replace(keys, vault=parcel.vault, epochs={**keys.epochs, **parcel.epochs})
    return keys


def _opened(layout: Layout, keys: ReviewerKeys) -> Iterator[Parcel]:
    for path in waiting(layout, keys.reviewer):
        try:
            parcel = _read(path.read_bytes(), keys)
        except (ProtocolError, CryptoError):
            raise ParcelError(reviewer=keys.reviewer) from None
        if parcel.serial != int(path.name):
            raise ParcelError(reviewer=keys.reviewer)
        yield parcel


def _read(untrusted_document: bytes, keys: ReviewerKeys) -> Parcel:
    fields = Fields(signed.verify(untrusted_document, "vault", keys.place.root, MAX_SLICE_SIZE))
    fields.suite_and_kind("parcel")
    place = fields.data("instance", INSTANCE_SIZE), fields.id("office"), fields.id("reviewer")
    serial = fields.integer("serial", 1, MAX_U32)
    untrusted_sealed = fields.text("sealed")
    fields.end()
    if place != (keys.place.instance, keys.place.office, keys.reviewer):
        raise ParcelError(reviewer=keys.reviewer)
    size = len(untrusted_sealed) * 3 // 4
    inside = Fields(canonical.parse(SealedBox(keys.box).decrypt(unb64(untrusted_sealed, size))))
    epochs = dict(inside.list_of("epochs", read_epoch, 0, MAX_EPOCHS))
    parcel = Parcel(serial, keys.reviewer, inside.data("vault", 32), epochs)
    inside.end()
    return parcel
