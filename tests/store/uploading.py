"""Blobs in pieces, for tests: the server cannot tell them from sealed ones."""

import io
import secrets
from collections.abc import Iterable
from dataclasses import replace

from crypto.blob import BlobId, blob_size, piece_count, run_size
from crypto.constants import MAX_PIECES, PIECE_SIZE
from crypto.fields import Day
from store.incoming import Upload
from store.uploads import Uploads
from tests.store.installation import OFFICE

DAY, LAST, AFTER = Day("2026-11-23"), Day("2026-11-26"), Day("2026-11-27")
DELETION = bytes(range(32))


def new_upload(padded: int = 65_536, expires: Day = LAST) -> Upload:
    return Upload(OFFICE, BlobId(secrets.token_bytes(16)), padded, expires)


def another(upload: Upload) -> Upload:
    return replace(upload, blob=BlobId(secrets.token_bytes(16)))


def content(upload: Upload) -> bytes:
    """The blob: every piece of it begins with its own number."""
    pieces = (number.to_bytes(4) + upload.blob * 4_097 for number in range(piece_count(upload.padded)))
    return b"".join(piece[:PIECE_SIZE] for piece in pieces)[: blob_size(upload.padded)]


def run(upload: Upload, first: int, count: int = 1) -> bytes:
    """The body of a request that brings these pieces."""
    begin = first * PIECE_SIZE
    return content(upload)[begin : begin + run_size(upload.padded, first, count)]


def put(uploads: Uploads, upload: Upload, first: int, data: bytes, on: Day = DAY) -> None:
    uploads.put(upload, first, io.BytesIO(data).read, len(data), on)


def put_pieces(uploads: Uploads, upload: Upload, numbers: Iterable[int], on: Day = DAY) -> None:
    for number in numbers:
        put(uploads, upload, number, run(upload, number), on)


def put_all(uploads: Uploads, upload: Upload, on: Day = DAY) -> None:
    whole = content(upload)
    for at in range(0, len(whole), MAX_PIECES * PIECE_SIZE):
        put(uploads, upload, at // PIECE_SIZE, whole[at : at + MAX_PIECES * PIECE_SIZE], on)
