"""Seal an item to the recipients of a channel (docs/protocol.md section 5)."""

import secrets
from collections.abc import Collection, Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.binding import bind
from crypto.constants import ITEM_KEY_SIZE, PAYLOAD_SIZES
from crypto.errors import MalformedError
from crypto.fields import Epoch, ReviewerId
from crypto.item import PAYLOAD_NONCE, Context, SealedItem, header, payload_keys
from crypto.kem import RecipientKey, wrap
from crypto.keypairs import KemKeyPair
from crypto.padding import add_length


def seal_item(
    document: bytes,
    context: Context,
    epoch: Epoch,
    recipients: Mapping[ReviewerId, RecipientKey],
    excluded: Collection[ReviewerId] = (),
) -> SealedItem:
    """A new item with one stanza for each recipient; an excluded one's goes to a throw-away key.

    `document` is a signed message. MalformedError: nobody is left to read it, or it is too large.
    """
    if not set(excluded) < set(recipients):
        raise MalformedError
    item_key = secrets.token_bytes(ITEM_KEY_SIZE)
    info = context.info(epoch)
    stanzas = [
        wrap(KemKeyPair.generate().public, info, secrets.token_bytes(ITEM_KEY_SIZE))
        if reviewer in excluded
        else wrap(key, info, item_key)
        for reviewer, key in recipients.items()
    ]
    secrets.SystemRandom().shuffle(stanzas)
    head = header(epoch, stanzas)
    payload_key, commitment = payload_keys(item_key, head)
    ciphertext = AESGCM(payload_key).encrypt(PAYLOAD_NONCE, pad_payload(document), bind("payload"))
    return SealedItem(head + commitment + ciphertext)


def pad_payload(document: bytes) -> bytes:
    """The document in the smallest payload size that holds it; MalformedError if none does."""
    size = next((s for s in PAYLOAD_SIZES if len(document) + 4 <= s), None)
    if size is None:
        raise MalformedError
    return add_length(document, 4, size)
