"""Sealed identities: opened by every set of custodians that suffices, and by nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto import canonical
from crypto.binding import b64, bind
from crypto.custodians import Custodian, CustodianId, custodians_json
from crypto.kem import wrap
from crypto.keypairs import KemKeyPair
from crypto.message import Identity, Message, sign_message
from crypto.padding import add_length
from crypto.seal.identity import seal_identity
from crypto.sealed_identity import (
    Owner,
    SealedIdentity,
    box_bound,
    box_key,
    content_keys,
    salt_of,
    sealed_json,
    sets,
)
from tests.vectors.forms import Change
from tests.vectors.office import CONTEXT, DAY, MESSAGE, REPORTER, SIGN, THREAD, TITLES, Vector, vector

KEYS = {CustodianId(f"c{n}"): KemKeyPair.from_seed(bytes([n]) * 32) for n in (4, 5, 6, 7, 8)}
TEXT = "Siti Contoh\n0812-0000-0000 “é” 😀"
_NONCE = bytes(11) + b"\x01"


def custodians(count: int) -> list[Custodian]:
    return [Custodian(one, TITLES, KEYS[one].public) for one in list(KEYS)[:count]]


def slices() -> Iterator[tuple[str, str, Change, dict[str, Any] | None]]:
    """Name, what it shows, the change, and the custodians that are read; None if it is malformed."""
    three: list[Any] = list(custodians_json(custodians(3)))

    def said(listed: list[Any], needed: int) -> dict[str, Any]:
        return {"custodians": listed, "needed": needed}

    for count, needed in ((2, 2), (3, 2), (3, 3), (5, 3)):
        listed = list(custodians_json(custodians(count)))
        read = {"custodians": [one.id for one in custodians(count)], "needed": needed}
        yield f"{needed}-of-{count}", f"{needed} of {count} custodians", said(listed, needed), read
    bad = {
        "one": said(three[:1], 1),
        "one-of-three": said(three, 1),
        "none-of-three": said(three, 0),
        "more-than-there-are": said(three[:2], 3),
        "some-of-none": said([], 2),
        "four-of-four": said(list(custodians_json(custodians(4))), 4),
        "six": said([three[0] | {"id": f"c{n}"} for n in range(6)], 2),
        "twice": said([three[0], three[0], three[1]], 2),
        "short-key": said([three[0] | {"key": b64(bytes(1215))}, three[1]], 2),
        "extra": said([three[0] | {"sign": "x"}, three[1]], 2),
        "no-titles": said([{name: three[0][name] for name in ("id", "key")}, three[1]], 2),
        "no-list": {"custodians": ...},
        "no-number": {"needed": ...},
        "true": said(three, True),
    }
    for name, change in bad.items():
        yield name, name, change, None


def messages() -> Iterator[Vector]:
    sealed = seal_identity(TEXT, MESSAGE.owner, custodians(3), 2)
    for name, content in (("identity", Identity(sealed)), ("identity-back", Identity(None))):
        document = sign_message(Message(CONTEXT, DAY, 1, "en", (), THREAD, content), REPORTER.sign)
        given = {"message": document[64:].hex(), "seed": REPORTER.sign.encode().hex()}
        yield vector(f"message-{name}", name, "sign-message", given, output={"document": document.hex()})


def identities() -> Iterator[Vector]:
    owner = MESSAGE.owner

    def case(
        name: str,
        about: str,
        sealed: SealedIdentity | dict[str, Any],
        who: tuple[str, ...] = ("c4", "c5"),
        owner: Owner = owner,
        **result: Any,
    ) -> Vector:
        shown = sealed_json(sealed) if isinstance(sealed, SealedIdentity) else sealed
        given = {
            "sealed": canonical.dump(shown).hex(),
            "instance": owner.instance.hex(),
            "office": owner.office,
            "verify": owner.verify.hex(),
            "keys": {one: KEYS[CustodianId(one)].seed.hex() for one in who},
        }
        return vector(f"identity-{name}", about, "open-identity", given, **result)

    for count, needed in ((2, 2), (3, 2), (3, 3), (5, 3)):
        every = seal_identity(TEXT, owner, custodians(count), needed)
        for members in sets(every.stanzas, needed)[:: count - 1 if count == 5 else 1]:
            about = f"{needed} of {count}: {', '.join(members)}"
            name = f"{needed}-of-{count}-{'-'.join(members)}"
            yield case(name, about, every, members, output={"text": TEXT})
    yield case("empty", "no words", seal_identity("", owner, custodians(3), 2), output={"text": ""})
    longest = "x" * 510
    yield case(
        "longest", "510 bytes", seal_identity(longest, owner, custodians(3), 2), output={"text": longest}
    )

    sealed = seal_identity(TEXT, owner, custodians(3), 2)
    shown = canonical.parse(canonical.dump(sealed_json(sealed)))
    assert isinstance(shown, dict)
    yield case("one", "one custodian alone", sealed, ("c4",), error="cannot-open")
    yield case("all", "more custodians than needed", sealed, ("c4", "c5", "c6"), error="cannot-open")
    yield case("stranger", "a custodian who is not among them", sealed, ("c4", "c7"), error="cannot-open")
    two_of_three = seal_identity(TEXT, owner, custodians(3), 3)
    yield case("two-of-three-needed", "one too few", two_of_three, ("c4", "c5"), error="cannot-open")

    swapped = dict(
        zip(
            sealed.stanzas,
            (*list(sealed.stanzas.values())[1::-1], sealed.stanzas[CustodianId("c6")]),
            strict=True,
        )
    )
    yield case(
        "stanzas-swapped", "two stanzas swapped", replace(sealed, stanzas=swapped), error="cannot-open"
    )
    boxes = (sealed.boxes[1], sealed.boxes[0], sealed.boxes[2])
    yield case("boxes-swapped", "two boxes swapped", replace(sealed, boxes=boxes), error="cannot-open")
    other = seal_identity(TEXT, owner, custodians(3), 2)
    mixed = dict(sealed.stanzas) | {CustodianId("c6"): other.stanzas[CustodianId("c6")]}
    yield case(
        "stanza-of-another",
        "a stanza of another sealing",
        replace(sealed, stanzas=mixed),
        error="cannot-open",
    )
    yield case(
        "boxes-of-another",
        "boxes of another sealing",
        replace(sealed, boxes=other.boxes),
        error="cannot-open",
    )
    content = replace(sealed, ciphertext=other.ciphertext)
    yield case("content-of-another", "content of another sealing", content, error="cannot-open")
    commitment = replace(sealed, commitment=other.commitment)
    yield case("commitment", "the commitment of another sealing", commitment, error="commitment")
    threes = seal_identity(TEXT, owner, custodians(3), 3)
    fewer = replace(threes, needed=2, boxes=threes.boxes * 3)
    yield case("fewer-needed", "three needed, two said", fewer, error="cannot-open")
    places = {
        "thread": replace(owner, verify=SIGN.verify_key.encode()),
        "office": replace(owner, office=type(owner.office)("kota-lain")),
        "instance": replace(owner, instance=type(owner.instance)(bytes(16))),
    }
    for name, place in places.items():
        yield case(f"other-{name}", f"of another {name}", sealed, owner=place, error="cannot-open")

    yield case(
        "two-identities",
        "a set that opens to another identity",
        _two_faced(),
        ("c4", "c6"),
        error="commitment",
    )
    yield case(
        "padding", "padding is not zero", _handmade(add_length(b"hi", 2, 512)[:-1] + b"\1"), error="malformed"
    )
    yield case(
        "length", "the length goes past the end", _handmade((511).to_bytes(2) + bytes(510)), error="malformed"
    )
    yield case("utf8", "the text is no UTF-8", _handmade(add_length(b"\xff", 2, 512)), error="malformed")

    stanzas: Any = shown["stanzas"]
    listed: Any = shown["boxes"]
    malformed: dict[str, dict[str, Any]] = {
        "needed-1": shown | {"needed": 1, "boxes": listed},
        "needed-true": shown | {"needed": True},
        "needed-4": shown | {"needed": 4},
        "one-stanza": shown | {"needed": 2, "stanzas": {"c4": stanzas["c4"]}, "boxes": []},
        "no-stanzas": shown | {"stanzas": {}},
        "six-stanzas": shown | {"stanzas": {f"c{n}": stanzas["c4"] for n in range(6)}, "boxes": listed * 5},
        "stanza-short": shown | {"stanzas": stanzas | {"c4": b64(bytes(1167))}},
        "stanza-id": shown | {"stanzas": {"C4": stanzas["c4"], "c5": stanzas["c5"], "c6": stanzas["c6"]}},
        "box-missing": shown | {"boxes": listed[:2]},
        "box-more": shown | {"boxes": [*listed, listed[0]]},
        "box-short": shown | {"boxes": [b64(bytes(47)), *listed[1:]]},
        "commitment-short": shown | {"commitment": b64(bytes(31))},
        "content-short": shown | {"content": b64(bytes(527))},
        "content-long": shown | {"content": b64(bytes(529))},
        "extra": shown | {"name": "x"},
        "no-content": {name: value for name, value in shown.items() if name != "content"},
    }
    for name, bad in malformed.items():
        yield case(f"bad-{name}", name, bad, error="malformed")


def _handmade(padded: bytes) -> SealedIdentity:
    """Two custodians, every key known."""
    owner, secret = MESSAGE.owner, bytes(32)
    stanzas = {one.id: wrap(one.key, owner.info(one.id), secret) for one in custodians(2)}
    salt = salt_of(owner, 2, stanzas)
    (members,) = sets(stanzas, 2)
    box = AESGCM(box_key([secret, secret], salt)).encrypt(_NONCE, secret, box_bound(members))
    content_key, commitment = content_keys(secret, salt)
    content = AESGCM(content_key).encrypt(_NONCE, padded, bind("identity-content"))
    return SealedIdentity(2, stanzas, (box,), commitment, content)


def _two_faced() -> SealedIdentity:
    """Made by a reporter who wants another set of custodians to find another name."""
    owner, secret = MESSAGE.owner, bytes(32)
    stanzas = {one.id: wrap(one.key, owner.info(one.id), secret) for one in custodians(3)}
    salt = salt_of(owner, 2, stanzas)
    key = box_key([secret, secret], salt)
    boxes = tuple(
        AESGCM(key).encrypt(_NONCE, bytes([n]) * 32, box_bound(members))
        for n, members in enumerate(sets(stanzas, 2))
    )
    content_key, commitment = content_keys(bytes(32), salt)
    content = AESGCM(content_key).encrypt(_NONCE, add_length(b"hi", 2, 512), bind("identity-content"))
    return SealedIdentity(2, stanzas, boxes, commitment, content)
