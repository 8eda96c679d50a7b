"""The name and key of an evidence blob, from its content and the codename (docs/protocol.md section 7)."""

import hashlib
from dataclasses import dataclass, field

from crypto.binding import bind, derive
from crypto.blob import BlobId
from crypto.constants import HASH_SIZE, ID_SIZE
from crypto.errors import MalformedError
from crypto.fields import OfficeId


@dataclass(frozen=True)
class BlobIdentity:
    blob: BlobId
    key: bytes = field(repr=False)


def blob_identity(upload_secret: bytes, office: OfficeId, chunks: bytes) -> BlobIdentity:
    """Name (16 bytes) and key (32) of the file with this chunk-list hash, for this office and codename.

    The same file has the same name and key at every try, and any other file another key: a nonce cannot meet
    two plaintexts. MalformedError if secret or hash are not 32 bytes long.
    """
    if len(upload_secret) != HASH_SIZE or len(chunks) != HASH_SIZE:
        raise MalformedError
    salt = hashlib.sha256(bind("evidence", office.encode("utf-8"), chunks)).digest()
    name = derive(upload_secret, "blob-id", salt)[:ID_SIZE]
    return BlobIdentity(BlobId(name), derive(upload_secret, "blob-key", salt))
