"""What the station reads from sticks, from its own disk and from paper."""

import tempfile
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nacl.public import PrivateKey, SealedBox

from crypto import canonical
from crypto.binding import b64
from crypto.custodians import CustodianId
from crypto.errors import MalformedError, ProtocolError
from crypto.fields import ReviewerId
from crypto.keypairs import KemKeyPair
from tests.fuzz.target import Target, signed, text
from tests.fuzz.targets.documents import STATEMENT
from tests.vectors.office import DAY, DIRECTORY, EPOCH, INSTANCE, OFFICE, ROOT, SIGN, THREAD
from workstation import (
    caselock,
    custody,
    head,
    identity,
    keyfile,
    meta,
    office_data,
    parcels,
    reply_templates,
    replybody,
    roster,
    shares,
    witness,
)
from workstation.caselock import CaseKey
from workstation.commands import authorship
from workstation.commands.custody import prove as prove_note
from workstation.custody import Custody
from workstation.damage import Damage
from workstation.errors import StationError
from workstation.head import Head
from workstation.identity import CustodianKey, OfficeKey, Place, ReviewerKeys
from workstation.keyfile import Cost
from workstation.layout import Layout
from workstation.meta import Meta
from workstation.parcels import Parcel
from workstation.replybody import ReplyBody
from workstation.roster import Roster
from workstation.unsealing import Unsealed
from workstation.witness import Seen

CHEAP = Cost(memory=8, passes=1)
R1 = ReviewerId("r1")
PLACE = Place(INSTANCE, OFFICE.id, OFFICE.root)
C1, PAIR = CustodianId("c1"), KemKeyPair.from_seed(bytes([4]) * 32)
BOX = PrivateKey(bytes([5]) * 32)
KEYS = ReviewerKeys(R1, PLACE, bytes(32), BOX, SIGN, {EPOCH: bytes(32)})
SHARES = shares.generate(3, 2)[1]
CASE = CaseKey(7, bytes(32))
STATION: Any = SimpleNamespace(keys=KEYS, reviewer=R1, directories=lambda: iter([DIRECTORY]))
"""As much of an unlocked station as reading a note or a statement needs."""


@cache
def _folder() -> Path:
    """For readers that take a path."""
    return Path(tempfile.mkdtemp())


def _file(data: bytes, name: str = "file") -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


def _body(document: bytes) -> bytes:
    return document[64:]


def _key_file(data: bytes) -> None:
    """Opened only if it says that this costs little: a gibibyte is allowed, and would take seconds."""
    cost = keyfile.cost_of(data, "r1")
    if cost.memory <= 64 and cost.passes <= 4:
        keyfile.open_(data, "r1", "words")


def _reviewer(data: bytes) -> None:
    """A key file that opens, around anything."""
    keys = identity.open_reviewer(_sealed(data, "r1"), R1, "words")
    assert keys.reviewer == R1


def _office(data: bytes) -> None:
    identity.open_office(_sealed(data, "office"), "words")


def _custodian(data: bytes) -> None:
    identity.open_custodian(_sealed(data, C1), C1, "words")


def _sealed(data: bytes, owner: str) -> bytes:
    return keyfile.seal(canonical.parse(data), owner, "words", CHEAP)


def _inside(key_file: bytes, owner: str) -> bytes:
    return canonical.dump(keyfile.open_(key_file, owner, "words"))


def _roster(data: bytes) -> None:
    document = signed(data, "vault", ROOT)
    assert roster.sign_roster(roster.read_roster(document, PLACE), PLACE, ROOT) == document


def _parcel(data: bytes) -> None:
    """`data`: the document, with what is to be sealed into it in place of `sealed`."""
    body = canonical.parse(data)
    if not isinstance(body, dict):
        raise MalformedError
    if "inside" in body:
        body["sealed"] = b64(SealedBox(BOX.public_key).encrypt(canonical.dump(body.pop("inside"))))
    layout = Layout(_folder())
    layout.parcels_of(R1).mkdir(parents=True, exist_ok=True)
    (layout.parcels_of(R1) / "3").write_bytes(signed(canonical.dump(body), "vault", ROOT))
    assert parcels.open_all(layout, KEYS).reviewer == R1


def _parcel_seed() -> bytes:
    whole = parcels.seal(Parcel(3, R1, bytes(32), {EPOCH: bytes(32)}), PLACE, BOX.public_key, ROOT)
    body: Any = canonical.parse(_body(whole))
    opened = SealedBox(BOX).decrypt(urlsafe_b64decode(body.pop("sealed") + "=="))
    return canonical.dump(body | {"inside": canonical.parse(opened)})


def _note(data: bytes) -> None:
    prove_note(STATION, text(data), None)


def _signed_note(data: bytes) -> None:
    """A note with a right signature, around anything."""
    found = custody.read(STATION, f"words\npeluit-custody-1:{b64(signed(data, 'custody', SIGN))}\n")
    assert all(line.isprintable() for line in custody.describe(found))


def _custody() -> bytes:
    return custody._sign(STATION, Custody(7, 1, "fo\u202eto.jpg", 5, bytes(32), R1, DAY))


_EXPORTED = Unsealed(Damage(5, 1, 1), 5, bytes(32))


def _statement_file(data: bytes) -> None:
    assert "\ufeff" not in authorship.read_text(str(_file(data)))[:1]


def _office_data(data: bytes) -> None:
    found = office_data.load(_file(data), [R1])
    assert all(channel.recipients == (R1,) for channel in found.channels)


def _templates(data: bytes) -> None:
    reply_templates.load(_file(data))


def _head(data: bytes) -> None:
    assert head.write_head(head.read_head(data)) == data


def _meta(data: bytes) -> None:
    assert meta.write_meta(meta.read_meta(data)) == data


def _reply_body(data: bytes) -> None:
    assert replybody.write(replybody.read(data)) == data


def _seen(data: bytes) -> None:
    """A damaged note of what was sent is as good as none."""
    station = _folder() / "station"
    witness._path(station).write_bytes(data)
    seen = witness.read(station)
    assert seen == Seen() or max(seen.directory, seen.outbound) > 0


def _locked(data: bytes) -> None:
    CASE.open(data, b"messages", b"1")


def _padded(data: bytes) -> None:
    """A value that opens, around any padding."""
    CASE.open(bytes(CASE._box((b"messages", b"1")).encrypt(data)), b"messages", b"1")


def _wrapped(data: bytes) -> None:
    caselock.unwrap(7, data, BOX)


def _share(data: bytes) -> None:
    assert shares.check(text(data), [SHARES[1]]) == 2


def _forms() -> Iterator[bytes]:
    yield office_data.DEFAULT.read_bytes()


def _a_head() -> bytes:
    return head.write_head(Head(OFFICE.channels[0].id, "id", THREAD, (R1,), DAY, DAY, messages=2, evidence=1))


TARGETS = (
    Target("key-file", _key_file, (StationError,), lambda: [keyfile.seal({"a": 1}, "r1", "words", CHEAP)]),
    Target(
        "key-file-reviewer",
        _reviewer,
        (StationError, ProtocolError),
        lambda: [_inside(identity.seal_reviewer(KEYS, "words", CHEAP), "r1")],
        json=True,
    ),
    Target(
        "key-file-office",
        _office,
        (StationError, ProtocolError),
        lambda: [_inside(identity.seal_office(OfficeKey(PLACE, ROOT), "words", CHEAP), "office")],
        json=True,
    ),
    Target(
        "key-file-custodian",
        _custodian,
        (StationError, ProtocolError),
        lambda: [_inside(identity.seal_custodian(CustodianKey(C1, PLACE, PAIR), "words", CHEAP), C1)],
        json=True,
    ),
    Target(
        "roster",
        _roster,
        (StationError,),
        lambda: [_body(roster.sign_roster(Roster(3, {R1: BOX.public_key}), PLACE, ROOT))],
        json=True,
    ),
    Target("parcel", _parcel, (StationError, ProtocolError), lambda: [_parcel_seed()], json=True),
    Target(
        "custody",
        _note,
        (StationError,),
        lambda: [custody.note(STATION, 7, 1, "fo\u202eto.jpg", _EXPORTED).encode()],
    ),
    Target("custody-signed", _signed_note, (StationError,), lambda: [_body(_custody())], json=True),
    Target("statement-file", _statement_file, (StationError,), lambda: [STATEMENT.encode()], runs=300),
    Target("office-data", _office_data, (StationError,), _forms, json=True, runs=500),
    Target(
        "reply-templates",
        _templates,
        (MalformedError,),
        lambda: [reply_templates.DEFAULT.read_bytes()],
        json=True,
        runs=500,
    ),
    Target("case-head", _head, (StationError,), lambda: [_a_head()], json=True),
    Target(
        "case-meta",
        _meta,
        (StationError,),
        lambda: [meta.write_meta(Meta(DAY, OFFICE.channels[0].id, (R1,), 1, 0, 3))],
        json=True,
    ),
    Target(
        "case-reply",
        _reply_body,
        (StationError,),
        lambda: [replybody.write(ReplyBody(1, DAY, R1, "answered", "Baik", (bytes(16),)))],
        json=True,
    ),
    Target("case-value", _locked, (StationError,), lambda: [CASE.seal(b"words", b"messages", b"1")]),
    Target("case-padding", _padded, (StationError,), lambda: [b"\0\0\0\5words" + bytes(503)]),
    Target("case-key", _wrapped, (StationError,), lambda: [CASE.wrap(BOX.public_key)], runs=300),
    Target("seen", _seen, (), lambda: [b'{"directory":3,"outbound":7}'], runs=500),
    Target("share", _share, (StationError,), lambda: [SHARES[0].encode()], runs=500),
)
