"""Open a sealed identity with the keys of enough custodians (docs/protocol.md section 6.1)."""

import hmac
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.binding import bind
from crypto.constants import ITEM_KEY_SIZE
from crypto.custodians import CustodianId
from crypto.errors import CannotOpenError, CommitmentError, MalformedError
from crypto.item import PAYLOAD_NONCE
from crypto.keypairs import KemKeyPair
from crypto.open.kem import unwrap
from crypto.padding import strip_length
from crypto.sealed_identity import Owner, SealedIdentity, box_bound, box_key, content_keys, salt_of, sets


def open_identity(sealed: SealedIdentity, owner: Owner, keys: Mapping[CustodianId, KemKeyPair]) -> str:
    """What the reporter wrote, with the keys of exactly as many custodians as are needed.

    CannotOpenError (also if they are others, or too few), CommitmentError, MalformedError.
    """
    every = sets(sealed.stanzas, sealed.needed)
    members = tuple(sorted(keys))
    if members not in every:
        raise CannotOpenError
    secrets = [unwrap(keys[one], owner.info(one), sealed.stanzas[one]) for one in members]
    if any(len(secret) != ITEM_KEY_SIZE for secret in secrets):
        raise CannotOpenError
    salt = salt_of(owner, sealed.needed, sealed.stanzas)
    box = sealed.boxes[every.index(members)]
    identity_key = _decrypt(box_key(secrets, salt), box, box_bound(members))
    content_key, commitment = content_keys(identity_key, salt)
    if not hmac.compare_digest(commitment, sealed.commitment):
        raise CommitmentError
    text = strip_length(_decrypt(content_key, sealed.ciphertext, bind("identity-content")), 2)
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError from None


def _decrypt(key: bytes, untrusted_ciphertext: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(PAYLOAD_NONCE, untrusted_ciphertext, bound)
    except InvalidTag:
        raise CannotOpenError from None
