"""The protocol's documents: what is accepted is written back as the same bytes."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import replace

from crypto import canonical, signed
from crypto.authorship import read_authorship, sign_authorship
from crypto.binding import b64
from crypto.blob import BlobId
from crypto.board import Slot, index, read_index, read_slots, write_slots
from crypto.constants import (
    AUTHORSHIP_PREFIX,
    HINT_SIZE,
    MAX_DIRECTORY_SIZE,
    PAGE_SLOTS,
    SEALED_START,
    SLOT_SIZE,
)
from crypto.directory import (
    Directory,
    check_slice,
    read_directory,
    read_slice,
    root_of,
    sign_directory,
    sign_slice,
)
from crypto.disposition import is_disposition, read_disposition, sender_of, sign_disposition
from crypto.errors import MalformedError, ProtocolError
from crypto.grant import peek_grant, read_grant, sign_grant
from crypto.manifest import Entry as BundleEntry
from crypto.manifest import Outbound, read_manifest, write_manifest
from crypto.message import (
    TEXT_KINDS,
    Content,
    Evidence,
    Identity,
    Rating,
    Text,
    read_message,
    sign_message,
)
from crypto.reply import ReplyPart, read_reply, sign_reply
from crypto.seal.identity import seal_identity
from crypto.sealed_file import BlobEntry, ItemEntry, SealedHead, head_length, read_head, write_head
from crypto.statistics import Row, Stars, Statistics, Table, read_statistics, sign_statistics
from crypto.statistics import check as check_statistics
from hardening.limits import BadJsonError, read_json
from tests.fuzz.target import Target, text
from tests.fuzz.target import signed as signed_bytes
from tests.vectors import bundles
from tests.vectors.identities import custodians
from tests.vectors.office import (
    CONTEXT,
    DAY,
    DIRECTORY,
    EPOCH,
    INSTANCE,
    KEYS,
    MESSAGE,
    OFFICE,
    REPORTER,
    ROOT,
    SIGN,
)
from tests.vectors.replies import ANSWER, GRANTED, OTHER, OTHERS, RECEIPT, WHOLE

SIGN_KEYS = {reviewer: SIGN.verify_key.encode() for reviewer in KEYS}
ROOT_KEY = ROOT.verify_key.encode()
CONTENTS: tuple[Content, ...] = (
    MESSAGE.content,
    Evidence(bytes(16), bytes(32), "foto.jpg", "image/jpeg", 5, bytes(32)),
    Rating(2, 5, "Jelas"),
    Identity(seal_identity("Siti", MESSAGE.owner, custodians(3), 2)),
    Identity(None),
    *(Text("Satu\ndua 😀", kind) for kind in TEXT_KINDS),
)
MESSAGES = tuple(sign_message(replace(MESSAGE, content=content), REPORTER.sign) for content in CONTENTS)
REPLY = ReplyPart(
    INSTANCE, CONTEXT.office, REPORTER.verify, next(iter(KEYS)), 2, 1, 3, DAY, "answered", "Baik. 😀"
)
REPLIES = tuple(sign_reply(replace(REPLY, status=status), SIGN) for status in (None, "answered"))
SLICE = sign_slice(DIRECTORY, EPOCH, ROOT)
KEPT = replace(DIRECTORY, office=replace(OFFICE, custodians=tuple(custodians(2)), needed=2))
"""With identity custodians."""
FIRST = Outbound(
    INSTANCE,
    OFFICE.id,
    bytes(16),
    1,
    DAY,
    (
        BundleEntry("directory", "directory", 9),
        BundleEntry("slice", f"slices/{EPOCH}", 9),
        BundleEntry("slots", "slots", 9),
        BundleEntry("statistics", "statistics/2026-Q3", 9),
        BundleEntry("blob", "blobs/" + "0f" * 16, 9, office=OTHER),
        BundleEntry("item", "items/" + "0f" * 16, 9, CONTEXT.channel, office=OTHER),
    ),
    OFFICE.reviewers[0].id,
    (bytes(16),),
)
NAMES = {"en": "Other", "id": "Lainnya"}
STATISTICS = Statistics(
    INSTANCE,
    CONTEXT.office,
    next(iter(KEYS)),
    "2026",
    ("2026-Q1", "2026-Q3"),
    12,
    (
        Table("kind", None, (Row(NAMES, 5), Row(NAMES, 7))),
        Table("category", NAMES, (Row(NAMES, None), Row(NAMES, None), Row(NAMES, 5))),
    ),
    Stars(5, 42),
)
QUARTER = replace(STATISTICS, period="2026-Q3", quarters=("2026-Q3",))
HIDDEN = replace(STATISTICS, period="2026-Q2", quarters=("2026-Q2",), total=None, tables=(), stars=None)
STATEMENT = sign_authorship(INSTANCE, CONTEXT.office, DAY, "Saya yang menulis.\n“é” 😀", REPORTER.sign)

SLOTS = write_slots([Slot(bytes([n]) * HINT_SIZE, bytes([n]) * SLOT_SIZE) for n in range(PAGE_SLOTS)])


def _bodies(*documents: bytes) -> Iterator[bytes]:
    return (document[64:] for document in documents)


def _canonical(data: bytes) -> None:
    assert canonical.dump(canonical.parse(data)) == data


def _json(data: bytes) -> None:
    json.dumps(read_json(data))


def _unsigned(data: bytes) -> None:
    """No document holds without its signature, whatever it says."""
    assert len(root_of(data)) == 32
    assert signed.peek(data, MAX_DIRECTORY_SIZE)
    document = data[:64] + spoilt(data[64:])
    for read in (
        lambda: read_directory(document, ROOT_KEY),
        lambda: read_slice(document, ROOT_KEY),
        lambda: read_message(document, CONTEXT, tuple(KEYS)),
        lambda: read_reply(document, SIGN_KEYS, INSTANCE, CONTEXT.office, REPORTER.verify),
    ):
        try:
            read()
        except ProtocolError:
            continue
        raise AssertionError


def spoilt(text: bytes) -> bytes:
    """Another text."""
    return text.replace(b'"', b'" ', 1)


def _directory(data: bytes) -> None:
    document = signed_bytes(data, "directory", ROOT)
    assert sign_directory(read_directory(document, ROOT_KEY), ROOT) == document


def _slice(data: bytes) -> None:
    document = signed_bytes(data, "slice", ROOT)
    found = read_slice(document, ROOT_KEY)
    assert sign_slice(Directory(found.office, DAY, {found.epoch: found.keys}), found.epoch, ROOT) == document
    check_slice(found, INSTANCE, CONTEXT.office, DAY)


def _message(data: bytes) -> None:
    document = signed_bytes(data, "message", REPORTER.sign)
    assert sign_message(read_message(document, CONTEXT, tuple(KEYS)), REPORTER.sign) == document


def _reply(data: bytes) -> None:
    document = signed_bytes(data, "reply-document", SIGN)
    found = read_reply(document, SIGN_KEYS, INSTANCE, CONTEXT.office, REPORTER.verify)
    assert sign_reply(found.part, SIGN) == document


def _granted_reply(data: bytes) -> None:
    document = signed_bytes(data, "reply-document", GRANTED)
    found = read_reply(document, SIGN_KEYS, INSTANCE, CONTEXT.office, REPORTER.verify)
    assert sign_reply(found.part, GRANTED) == document
    assert found.grant is not None and found.part.day <= found.grant.expires


def _grant(data: bytes) -> None:
    document = signed_bytes(data, "grant", SIGN)
    found = read_grant(document, SIGN_KEYS, INSTANCE, CONTEXT.office, REPORTER.verify)
    assert found == peek_grant(document)
    assert sign_grant(found, SIGN) == document


def _disposition(data: bytes) -> None:
    document = signed_bytes(data, "disposition", SIGN)
    found = read_disposition(document, SIGN_KEYS, INSTANCE, CONTEXT.office, OTHER)
    assert is_disposition(document) and sender_of(document) == CONTEXT.office
    assert sign_disposition(found, SIGN) == document


def _statistics(data: bytes) -> None:
    document = signed_bytes(data, "statistics", SIGN)
    check_statistics(document, SIGN.verify_key.encode())
    found = read_statistics(document)
    assert sign_statistics(found, SIGN) == document
    for table in found.tables:
        counts = [row.count for row in table.rows]
        assert counts.count(None) != 1 and all(count is None or count >= 5 for count in counts)


def _statement(data: bytes) -> None:
    text = AUTHORSHIP_PREFIX + b64(signed_bytes(data, "authorship", REPORTER.sign))
    found = read_authorship(text, INSTANCE, CONTEXT.office)
    assert sign_authorship(INSTANCE, CONTEXT.office, found.day, found.statement, REPORTER.sign) == text


def _typed_statement(data: bytes) -> None:
    read_authorship(text(data), INSTANCE, CONTEXT.office)


def _head(data: bytes) -> None:
    head = read_head(data, INSTANCE)
    assert write_head(head)[SEALED_START:] == data


def _sealed_file(data: bytes) -> None:
    length = head_length(data[:SEALED_START])
    whole = data[: SEALED_START + length]
    if len(whole) < SEALED_START + length:  # who reads a file compares its size
        raise MalformedError
    assert write_head(read_head(data[SEALED_START:][:length], INSTANCE)) == whole


def _heads() -> Iterator[bytes]:
    item, other = (ItemEntry(CONTEXT.channel, 11_757, bytes([number]) * 32) for number in (1, 2))
    blob = BlobEntry(BlobId(bytes(16)), 1_310_720, bytes(32))
    for entries in ((item,), (item, blob, other)):
        yield write_head(SealedHead(INSTANCE, CONTEXT.office, entries))


def _index(data: bytes) -> None:
    version, hints = read_index(data)
    slots = [Slot(hint, b"") for hint in hints]
    assert index(slots) == data
    assert len(version) == 16


def _slots(data: bytes) -> None:
    assert write_slots(read_slots(data)) == data


def _manifest(data: bytes) -> None:
    found = read_manifest(data)
    assert write_manifest(found) == data
    for entry in found.entries:
        assert entry.name.isascii()
        assert entry.name.isdigit() if entry.kind == "slice" else entry.name.replace("-", "").isalnum()


TARGETS = (
    Target(
        "canonical",
        _canonical,
        (ProtocolError,),
        lambda: [b'{"a":[1,"\xc3\xa9",null,true]}', *_bodies(*MESSAGES, SLICE)],
    ),
    Target(
        "json-body",
        _json,
        (BadJsonError,),
        lambda: [b'{"blob":"AAAAAAAAAAAAAAAAAAAAAA","size":65536}', b"[[1]]"],
    ),
    Target("unsigned", _unsigned, (ProtocolError,), lambda: [sign_directory(DIRECTORY, ROOT), SLICE]),
    Target(
        "directory", _directory, (ProtocolError,), lambda: _bodies(sign_directory(DIRECTORY, ROOT)), json=True
    ),
    Target(
        "slice", _slice, (ProtocolError,), lambda: _bodies(SLICE, sign_slice(KEPT, EPOCH, ROOT)), json=True
    ),
    Target("message", _message, (ProtocolError,), lambda: _bodies(*MESSAGES), json=True),
    Target(
        "statistics",
        _statistics,
        (ProtocolError,),
        lambda: _bodies(*(sign_statistics(each, SIGN) for each in (STATISTICS, HIDDEN))),
        json=True,
    ),
    Target("reply", _reply, (ProtocolError,), lambda: _bodies(*REPLIES), json=True),
    Target(
        "granted-reply",
        _granted_reply,
        (ProtocolError,),
        lambda: _bodies(sign_reply(OTHERS, GRANTED)),
        json=True,
    ),
    Target("grant", _grant, (ProtocolError,), lambda: _bodies(OTHERS.grant), json=True),
    Target(
        "disposition",
        _disposition,
        (ProtocolError,),
        lambda: _bodies(*(sign_disposition(each, SIGN) for each in (WHOLE, ANSWER, RECEIPT))),
        json=True,
    ),
    Target(
        "authorship",
        _statement,
        (ProtocolError,),
        lambda: _bodies(urlsafe_b64decode(STATEMENT.removeprefix(AUTHORSHIP_PREFIX) + "==")),
        json=True,
    ),
    Target("authorship-typed", _typed_statement, (ProtocolError,), lambda: [STATEMENT.encode()]),
    Target("sealed-file", _sealed_file, (ProtocolError,), _heads),
    Target(
        "sealed-file-head",
        _head,
        (ProtocolError,),
        lambda: (head[SEALED_START:] for head in _heads()),
        json=True,
    ),
    Target("board-index", _index, (ProtocolError,), lambda: [index(read_slots(SLOTS))]),
    Target("board-slots", _slots, (ProtocolError,), lambda: [SLOTS], runs=200),
    Target(
        "manifest",
        _manifest,
        (ProtocolError,),
        lambda: map(write_manifest, (*bundles.SPLIT, FIRST)),
        json=True,
        runs=4_000,
    ),
)
