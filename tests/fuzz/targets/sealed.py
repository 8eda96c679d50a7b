"""What opens with a key: items, blobs and reply slots, with a hostile inside and with a hostile outside."""

import io
from collections.abc import Iterator
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto import canonical, codename
from crypto.binding import bind
from crypto.blob import BlobId, padded_size
from crypto.constants import ITEM_KEY_SIZE, MAX_BLOB_SIZE
from crypto.errors import MalformedError, ProtocolError, UnknownWordError
from crypto.fields import ReviewerId
from crypto.hints import is_mine, make_hint
from crypto.item import PAYLOAD_NONCE, header, item_id, payload_keys, read_shape
from crypto.kem import wrap
from crypto.message import Evidence
from crypto.open.blob import open_blob
from crypto.open.identity import open_identity
from crypto.open.item import open_item, open_message
from crypto.open.reply import open_reply
from crypto.padding import add_length, padme, strip_length
from crypto.reply import slot_info
from crypto.seal.blob import BlobSealer
from crypto.seal.identity import seal_identity
from crypto.seal.item import pad_payload, seal_item
from crypto.sealed_identity import read_sealed, sealed_json
from tests.fuzz.target import Target, text
from tests.fuzz.targets.documents import MESSAGES, REPLIES, SIGN_KEYS
from tests.vectors.identities import KEYS as CUSTODIANS
from tests.vectors.identities import custodians
from tests.vectors.office import CONTEXT, EPOCH, INSTANCE, KEYS, MESSAGE, REPORTER

READER = ReviewerId("r1")
CONTENT = bytes(range(256)) * 3
BLOB, KEY = BlobId(bytes(16)), bytes(32)


def _shape(data: bytes) -> None:
    shape = read_shape(data)
    assert shape.header + shape.commitment + shape.ciphertext == data
    assert len(item_id(data)) == 16


def _item(data: bytes) -> None:
    open_message(data, KEYS[READER], CONTEXT, tuple(KEYS), READER)


def _items() -> Iterator[bytes]:
    recipients = {reviewer: key.public for reviewer, key in KEYS.items()}
    return (seal_item(document, CONTEXT, EPOCH, recipients) for document in MESSAGES[:2])


def _payload(data: bytes) -> None:
    """An item whose stanza and commitment are right, around any payload."""
    key = bytes(ITEM_KEY_SIZE)
    head = header(EPOCH, [wrap(KEYS[READER].public, CONTEXT.info(EPOCH), key)])
    payload_key, commitment = payload_keys(key, head)
    ciphertext = AESGCM(payload_key).encrypt(PAYLOAD_NONCE, data, bind("payload"))
    document = open_item(head + commitment + ciphertext, KEYS[READER], CONTEXT)
    assert pad_payload(document) == data


def _identity(data: bytes) -> None:
    sealed = read_sealed(canonical.parse(data))
    assert canonical.dump(sealed_json(sealed)) == data
    open_identity(sealed, MESSAGE.owner, {one: CUSTODIANS[one] for one in sorted(CUSTODIANS)[:2]})


def _identities() -> Iterator[bytes]:
    for count in (2, 3):
        yield canonical.dump(sealed_json(seal_identity("Siti", MESSAGE.owner, custodians(count), 2)))


def _slot(data: bytes) -> None:
    open_reply(data, REPORTER, INSTANCE, CONTEXT.office, SIGN_KEYS)


def _reply(data: bytes) -> None:
    """A slot that opens, around anything."""
    _slot(wrap(REPORTER.reply.public, slot_info(INSTANCE, REPORTER.verify), data))


def _slots() -> Iterator[bytes]:
    info = slot_info(INSTANCE, REPORTER.verify)
    return (wrap(REPORTER.reply.public, info, data) for data in _padded_replies())


def _padded_replies() -> Iterator[bytes]:
    return (add_length(reply, 2, 1_024) for reply in REPLIES)


@cache
def sealed_content() -> tuple[bytes, bytes]:
    """(blob, chunk-list hash) of CONTENT."""
    sealer = BlobSealer(BLOB, KEY, len(CONTENT))
    return b"".join(sealer.chunks(io.BytesIO(CONTENT))), sealer.chunk_list_hash


def _blob(data: bytes) -> None:
    """The first five bytes are the size that the message claims."""
    evidence = Evidence(BLOB, KEY, "a", "", int.from_bytes(data[:5]), sealed_content()[1])
    assert b"".join(open_blob(evidence, io.BytesIO(data[5:]))) == CONTENT


def _padding(data: bytes) -> None:
    assert add_length(strip_length(data, 4), 4, len(data)) == data


def _sizes(data: bytes) -> None:
    size = int.from_bytes(data[:6])
    padded = padded_size(size)
    assert padded is None or size - padded == 16 * -(-padded // 2**20)
    assert size <= padme(size) <= max(2**16, size + size // 8) or size > MAX_BLOB_SIZE


def _codename(data: bytes) -> None:
    found = codename.read(text(data))
    assert codename.read(found) == found
    assert found.isascii()


def _codenames() -> Iterator[bytes]:
    for language in ("en", "id"):
        yield " ".join(codename.make(language, lambda below: below // 3)).encode()


def _hint(data: bytes) -> None:
    assert is_mine(REPORTER.hint, data) == (data == make_hint(REPORTER.hint, data[:16]))


TARGETS = (
    Target("item-shape", _shape, (ProtocolError,), _items),
    Target("item", _item, (ProtocolError,), _items, runs=300),
    Target("item-payload", _payload, (ProtocolError,), lambda: map(pad_payload, MESSAGES[:2]), runs=300),
    Target("identity", _identity, (ProtocolError,), _identities, json=True, runs=300),
    Target("reply-slot", _slot, (ProtocolError,), _slots, runs=300),
    Target("reply-inside", _reply, (ProtocolError,), _padded_replies, runs=300),
    Target(
        "blob",
        _blob,
        (ProtocolError,),
        lambda: [len(CONTENT).to_bytes(5) + sealed_content()[0]],
        runs=300,
    ),
    Target("padding", _padding, (MalformedError,), lambda: [bytes(8), add_length(b"words", 4, 32)]),
    Target("sizes", _sizes, (MalformedError,), lambda: [(2**20 + 16).to_bytes(6), (3 * 2**20).to_bytes(6)]),
    Target("codename", _codename, (UnknownWordError,), _codenames),
    Target("hint", _hint, (), lambda: [make_hint(REPORTER.hint, bytes(16))], runs=300),
)
