"""The roster: the reviewers' X25519 keys, to which case keys are sealed; signed by the office's root key.

Signed document (docs/protocol.md section 1.1), purpose `vault`:

```
{"boxes": {reviewer id: b64(32)}, "instance": b64(16), "kind": "roster", "office": id, "serial": n,
 "suite": "peluit/1"}
```

Without the signature, a reviewer whom a reporter excludes could put an own key in a colleague's place.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nacl.public import PublicKey
from nacl.signing import SigningKey

from crypto import signed
from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import INSTANCE_SIZE, MAX_SLICE_SIZE, MAX_U32, SUITE
from crypto.errors import ProtocolError
from crypto.fields import Fields, ReviewerId, identifier
from workstation.errors import DirectoryError
from workstation.identity import Place


@dataclass(frozen=True)
class Roster:
    """Who can be made a reader of a case. `serial` is that of the directory it was made with."""

    serial: int
    boxes: Mapping[ReviewerId, PublicKey]


def sign_roster(roster: Roster, place: Place, root: SigningKey) -> bytes:
    """The bytes of `rosters/<serial>`."""
    boxes: Json = {reviewer: b64(bytes(key)) for reviewer, key in roster.boxes.items()}
    body: Json = {
        "boxes": boxes,
        "instance": b64(place.instance),
        "kind": "roster",
        "office": place.office,
        "serial": roster.serial,
        "suite": SUITE,
    }
    return signed.sign(body, "vault", root)


def read_roster(untrusted_document: bytes, place: Place) -> Roster:
    """The roster that this office signed; DirectoryError."""
    try:
        fields = Fields(signed.verify(untrusted_document, "vault", place.root, MAX_SLICE_SIZE))
        fields.suite_and_kind("roster")
        boxes = Fields(fields.take("boxes"))
        names = [ReviewerId(identifier(name)) for name in boxes.names()]
        roster = Roster(
            serial=fields.integer("serial", 1, MAX_U32),
            boxes={name: PublicKey(boxes.data(name, 32)) for name in names},
        )
        here = (
            fields.data("instance", INSTANCE_SIZE) == place.instance and fields.id("office") == place.office
        )
        fields.end()
    except ProtocolError:
        raise DirectoryError from None
    if not here:
        raise DirectoryError
    return roster
