"""Open a sealed item with one reviewer's epoch key (docs/protocol.md section 5)."""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.binding import bind
from crypto.constants import ITEM_KEY_SIZE, PAYLOAD_SIZES
from crypto.errors import CannotOpenError, CommitmentError, MalformedError, WrongContextError
from crypto.fields import ReviewerId
from crypto.item import PAYLOAD_NONCE, Context, ItemShape, payload_keys, read_shape
from crypto.keypairs import KemKeyPair
from crypto.message import Message, read_message
from crypto.open.kem import unwrap
from crypto.padding import strip_length


def open_item(untrusted_item: bytes, key: KemKeyPair, context: Context) -> bytes:
    """The signed document in an item; MalformedError, WrongVersionError, CannotOpenError, CommitmentError."""
    shape = read_shape(untrusted_item)
    item_key = _item_key(shape, key, context)
    payload_key, commitment = payload_keys(item_key, shape.header)
    if not hmac.compare_digest(commitment, shape.commitment):
        raise CommitmentError
    try:
        padded = AESGCM(payload_key).decrypt(PAYLOAD_NONCE, shape.ciphertext, bind("payload"))
    except InvalidTag:
        raise CannotOpenError from None
    document = strip_length(padded, 4)
    if len(padded) != min(size for size in PAYLOAD_SIZES if size >= len(document) + 4):
        raise MalformedError
    return document


def open_message(
    untrusted_item: bytes,
    key: KemKeyPair,
    context: Context,
    recipients: tuple[ReviewerId, ...],
    reader: ReviewerId,
) -> Message:
    """The message in an item that `reader` opens; WrongContextError too if it says to exclude the reader."""
    message = read_message(open_item(untrusted_item, key, context), context, recipients)
    if reader in message.excluded:
        raise WrongContextError
    return message


def _item_key(shape: ItemShape, key: KemKeyPair, context: Context) -> bytes:
    info = context.info(shape.epoch)
    for stanza in shape.stanzas:
        try:
            item_key = unwrap(key, info, stanza)
        except CannotOpenError:
            continue
        if len(item_key) == ITEM_KEY_SIZE:
            return item_key
    raise CannotOpenError
