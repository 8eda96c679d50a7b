"""Seal an identity to the office's custodians (docs/protocol.md section 6.1)."""

import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.binding import bind
from crypto.constants import IDENTITY_SIZE, ITEM_KEY_SIZE
from crypto.custodians import Custodian, may_need
from crypto.errors import MalformedError
from crypto.item import PAYLOAD_NONCE
from crypto.kem import wrap
from crypto.padding import add_length
from crypto.sealed_identity import Owner, SealedIdentity, box_bound, box_key, content_keys, salt_of, sets


def seal_identity(text: str, owner: Owner, custodians: Sequence[Custodian], needed: int) -> SealedIdentity:
    """What `needed` of these custodians open together, and fewer never.

    MalformedError: the text is too long, or the office offers no such thing.
    """
    if not may_need(len(custodians), needed) or not custodians:
        raise MalformedError
    own = {one.id: secrets.token_bytes(ITEM_KEY_SIZE) for one in custodians}
    stanzas = {one.id: wrap(one.key, owner.info(one.id), own[one.id]) for one in custodians}
    salt = salt_of(owner, needed, stanzas)
    identity_key = secrets.token_bytes(ITEM_KEY_SIZE)
    boxes = tuple(
        AESGCM(box_key([own[custodian] for custodian in members], salt)).encrypt(
            PAYLOAD_NONCE, identity_key, box_bound(members)
        )
        for members in sets(own, needed)
    )
    content_key, commitment = content_keys(identity_key, salt)
    padded = add_length(text.encode(), 2, IDENTITY_SIZE)
    return SealedIdentity(
        needed,
        stanzas,
        boxes,
        commitment,
        AESGCM(content_key).encrypt(PAYLOAD_NONCE, padded, bind("identity-content")),
    )
