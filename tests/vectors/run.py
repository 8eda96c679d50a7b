"""Runs one vector with the Python implementation (README.md beside this file lists the calls)."""

import io
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from nacl.signing import SigningKey

from crypto import board, canonical, codename, deletion, directory, fingerprint, hints, signed
from crypto.authorship import read_authorship, sign_authorship
from crypto.binding import bind, derive, unb64
from crypto.blob import BlobId
from crypto.constants import CHUNK_SIZE, SEALED_START, TAG_SIZE
from crypto.custodians import CustodianId
from crypto.evidence import blob_identity
from crypto.fields import ChannelId, Day, InstanceId, OfficeId, ReviewerId
from crypto.item import Context, read_shape
from crypto.kem import RecipientKey, wrap
from crypto.keypairs import KemKeyPair
from crypto.message import Evidence, Identity, Rating, Report, Text, read_message
from crypto.open.blob import open_blob
from crypto.open.identity import open_identity
from crypto.open.item import open_item
from crypto.open.kem import unwrap
from crypto.open.reply import open_reply
from crypto.padding import padme
from crypto.seal.blob import BlobSealer
from crypto.sealed_file import head_length, read_head, write_head
from crypto.sealed_identity import Owner, read_sealed

Given = dict[str, Any]
Out = dict[str, Any]
_hex = bytes.fromhex


def make_file(file: Given) -> io.BytesIO:
    """The file that `{"repeat", "size"}` describes."""
    repeat, size = _hex(file["repeat"]), file["size"]
    return io.BytesIO((repeat * (size // len(repeat) + 1))[:size])


def _codename_keys(given: Given) -> Out:
    seed = codename.stretch(codename.read(given["text"]), InstanceId(_hex(given["instance"])))
    keys = codename.keys(seed)
    found = {
        "seed": seed,
        "sign": keys.verify,
        "reply": keys.reply.public,
        "hint": keys.hint,
        "deletion": keys.deletion,
        "upload": keys.upload,
        "thread": codename.thread_id(keys.verify),
    }
    return {name: value.hex() for name, value in found.items()}


def _fingerprint(given: Given) -> Out:
    root = _hex(given["root"])
    spoken = {language: list(fingerprint.spoken(root, language)) for language in ("en", "id")}
    return {"digits": list(fingerprint.digits(root)), **spoken}


def _check_slice(given: Given) -> Out:
    found = directory.read_slice(_hex(given["slice"]), _hex(given["root"]))
    directory.check_slice(
        found, InstanceId(_hex(given["instance"])), OfficeId(given["office"]), Day(given["day"])
    )
    asked = {form.id: [field.id for field in form.fields] for form in found.office.forms}
    office = found.office
    keepers = {"custodians": [one.id for one in office.custodians], "needed": office.needed}
    return {"epoch": found.epoch, "forms": asked, "serial": office.serial, **keepers}


def _verify_signed(given: Given) -> Out:
    signed.verify(_hex(given["document"]), given["purpose"], _hex(given["key"]), 2**22)
    return {}


def _parse_canonical(given: Given) -> Out:
    canonical.parse(_hex(given["data"]))
    return {}


def _sign_message(given: Given) -> Out:
    message = canonical.parse(_hex(given["message"]))
    return {"document": signed.sign(message, "message", SigningKey(_hex(given["seed"]))).hex()}


def _context(given: Given) -> Context:
    return Context(
        InstanceId(_hex(given["instance"])), OfficeId(given["office"]), ChannelId(given["channel"])
    )


def _read_message(given: Given) -> Out:
    recipients = tuple(map(ReviewerId, given["recipients"]))
    content = read_message(_hex(given["document"]), _context(given), recipients).content
    match content:
        case Report(answers):
            return {"kind": "report", "answers": answers}
        case Rating(reply, stars, text):
            return {"kind": "rating", "reply": reply, "stars": stars, "text": text}
        case Text(text, kind):
            return {"kind": kind, "text": text}
        case Evidence() | Identity():
            return {"kind": "evidence" if isinstance(content, Evidence) else "identity"}


def _open_identity(given: Given) -> Out:
    owner = Owner(InstanceId(_hex(given["instance"])), OfficeId(given["office"]), _hex(given["verify"]))
    keys = {CustodianId(one): KemKeyPair.from_seed(_hex(seed)) for one, seed in given["keys"].items()}
    sealed = read_sealed(canonical.parse(_hex(given["sealed"])))
    return {"text": open_identity(sealed, owner, keys)}


def _sign_authorship(given: Given) -> Out:
    key = SigningKey(_hex(given["seed"]))
    instance, office = InstanceId(_hex(given["instance"])), OfficeId(given["office"])
    return {"text": sign_authorship(instance, office, Day(given["day"]), given["statement"], key)}


def _read_authorship(given: Given) -> Out:
    instance, office = InstanceId(_hex(given["instance"])), OfficeId(given["office"])
    found = read_authorship(given["text"], instance, office)
    return {"day": found.day, "statement": found.statement, "verify": found.verify.hex()}


def _read_sealed_file(given: Given) -> Out:
    data = _hex(given["file"])
    length = head_length(data[:SEALED_START])
    head = read_head(data[SEALED_START : SEALED_START + length], InstanceId(_hex(given["instance"])))
    lengths = [entry.length for entry in head.entries]
    return {"length": length, "lengths": lengths, "office": head.office, "written": write_head(head).hex()}


def _item_shape(given: Given) -> Out:
    shape = read_shape(_hex(given["item"]))
    return {
        "epoch": shape.epoch,
        "stanzas": len(shape.stanzas),
        "payload": len(shape.ciphertext) - TAG_SIZE,
    }


def _open_item(given: Given) -> Out:
    key = KemKeyPair.from_seed(_hex(given["seed"]))
    return {"document": open_item(_hex(given["item"]), key, _context(given)).hex()}


def _seal(given: Given) -> tuple[list[bytes], bytes]:
    sealer = BlobSealer(BlobId(_hex(given["id"])), _hex(given["key"]), given["file"]["size"])
    return list(sealer.chunks(make_file(given["file"]))), sealer.chunk_list_hash


def _seal_blob(given: Given) -> Out:
    chunks, listed = _seal(given)
    return {"blob": sha256(b"".join(chunks)).hexdigest(), "chunks": listed.hex()}


def _edited(blob: bytes, edit: list[Any]) -> bytes:
    step = CHUNK_SIZE + TAG_SIZE
    chunks = [blob[i : i + step] for i in range(0, len(blob), step)]
    match edit:
        case ["swap", i, j]:
            chunks[i], chunks[j] = chunks[j], chunks[i]
        case ["drop", i]:
            del chunks[i]
        case ["double", i]:
            chunks.insert(i + 1, chunks[i])
        case ["truncate", n]:
            return blob[:n]
        case ["flip", at]:
            return blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]
        case ["append", data]:
            return blob + _hex(data)
    return b"".join(chunks)


def _open_blob(given: Given) -> Out:
    blob = b"".join(_seal(given)[0])
    for edit in given["edits"]:
        blob = _edited(blob, edit)
    evidence = Evidence(
        _hex(given["id"]), _hex(given["key"]), "name", "", given["size"], _hex(given["chunks"])
    )
    return {"file": sha256(b"".join(open_blob(evidence, io.BytesIO(blob)))).hexdigest()}


def _blob_identity(given: Given) -> Out:
    found = blob_identity(_hex(given["secret"]), OfficeId(given["office"]), _hex(given["chunks"]))
    return {"id": found.blob.hex(), "key": found.key.hex()}


def _deletion_token(given: Given) -> Out:
    token = deletion.deletion_token(_hex(given["secret"]), Day(given["day"]), given["number"])
    return {"token": token.hex(), "hash": deletion.token_hash(token).hex()}


def _read_index(given: Given) -> Out:
    version, found = board.read_index(_hex(given["index"]))
    return {"version": version.hex(), "count": len(found)}


def _open_reply(given: Given) -> Out:
    opened = open_reply(
        _hex(given["slot"]),
        codename.keys(_hex(given["seed"])),
        InstanceId(_hex(given["instance"])),
        OfficeId(given["office"]),
        {ReviewerId(name): _hex(key) for name, key in given["reviewers"].items()},
    )
    part, grant = opened.part, opened.grant
    return {
        "number": part.number,
        "other": None if grant is None else grant.names,
        "reviewer": part.reviewer,
        "status": part.status,
        "text": part.text,
    }


CALLS: dict[str, Callable[[Given], Out]] = {
    "bind": lambda g: {"bytes": bind(g["purpose"], *map(_hex, g["parts"])).hex()},
    "derive": lambda g: {"bytes": derive(_hex(g["key"]), g["purpose"], _hex(g["salt"])).hex()},
    "unb64": lambda g: {"bytes": unb64(g["text"], g["size"]).hex()},
    "parse-canonical": _parse_canonical,
    "verify-signed": _verify_signed,
    "read-codename": lambda g: {"canonical": codename.read(g["text"])},
    "codename-keys": _codename_keys,
    "fingerprint": _fingerprint,
    "check-slice": _check_slice,
    "wrap": lambda g: {
        "size": len(wrap(RecipientKey(_hex(g["key"])), _hex(g["info"]), _hex(g["plaintext"])))
    },
    "unwrap": lambda g: {
        "plaintext": unwrap(KemKeyPair.from_seed(_hex(g["seed"])), _hex(g["info"]), _hex(g["wrapped"])).hex()
    },
    "sign-message": _sign_message,
    "read-message": _read_message,
    "open-identity": _open_identity,
    "sign-authorship": _sign_authorship,
    "read-authorship": _read_authorship,
    "read-sealed-file": _read_sealed_file,
    "item-shape": _item_shape,
    "open-item": _open_item,
    "padme": lambda g: {"padded": padme(g["size"])},
    "seal-blob": _seal_blob,
    "open-blob": _open_blob,
    "blob-identity": _blob_identity,
    "hint": lambda g: {"hint": hints.make_hint(_hex(g["key"]), _hex(g["nonce"])).hex()},
    "deletion-token": _deletion_token,
    "read-index": _read_index,
    "open-reply": _open_reply,
}
