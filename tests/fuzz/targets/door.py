"""What browsers send to the no-script door: forms, files, sealed files."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Flask, g

from crypto import codename
from crypto.blob import blob_size
from crypto.constants import MAX_NAME_LENGTH, MAX_TYPE_LENGTH, MIN_BLOB_SIZE
from crypto.message import Evidence, read_message, sign_message
from crypto.sealed_file import BlobEntry, ItemEntry, SealedHead, write_head
from source_app.answers import Refusal
from source_app.noscript import checking, sealed_intake
from source_app.noscript.errors import BadFormError
from source_app.noscript.multipart import FileForm
from source_app.noscript.typed import Typed, read_form
from store.errors import BadPieceError
from store.pieces import read_whole
from tests.fuzz.target import Target, text
from tests.fuzz.targets.bundles import SITE
from tests.fuzz.targets.sealed import BLOB
from tests.noscript.visitor import Upload, multipart
from tests.vectors.office import CONTEXT, INSTANCE, KEYS, MESSAGE, OFFICE, REPORTER

BOUNDARY = "----geckoformboundary0123456789abcdef"
_APP = Flask(__name__)


@contextmanager
def _in_english() -> Iterator[None]:
    with _APP.app_context():
        g.language = "en"
        yield


def _form(data: bytes) -> None:
    typed = read_form(io.BytesIO(data).read, len(data))
    problems: dict[str, str] = {}
    for name, _value in parse_qsl(data.decode("ascii"), keep_blank_values=True):
        typed.one(name)
    with _in_english():
        checking.read_excluded(typed, OFFICE.reviewers, OFFICE.channels[0].recipients, problems)


def _codename_field(data: bytes) -> None:
    problems: dict[str, str] = {}
    with _in_english():
        found = checking.read_codename(Typed({checking.CODENAME: [text(data)]}), problems)
    assert (found is None) == bool(problems)


def _multipart(data: bytes) -> None:
    """However the bytes arrive, it is the same form; and the station can read what is said of its file."""
    form, content = _file(data, 65_536)
    other, again = _file(data, 7)
    assert (form.untrusted_name, form.size, content) == (other.untrusted_name, other.size, again)
    name, kind = form.untrusted_name[:MAX_NAME_LENGTH], form.untrusted_type[:MAX_TYPE_LENGTH]
    if name:
        evidence = Evidence(bytes(16), bytes(32), name, kind, form.size, bytes(32))
        document = sign_message(replace(MESSAGE, content=evidence), REPORTER.sign)
        read_message(document, CONTEXT, tuple(KEYS))


def _file(body: bytes, at_once: int) -> tuple[FileForm, bytes]:
    stream = io.BytesIO(body)
    form = FileForm(lambda size: stream.read(min(size, at_once)), len(body), BOUNDARY)
    data = b""
    while piece := form.read(100):
        data += piece
    if len(data) != form.size:
        raise BadFormError
    return form, data


def _multiparts() -> Iterator[bytes]:
    pairs = [("codename", "satu dua"), ("exclude", "r1")]
    yield multipart(BOUNDARY, pairs, Upload("bukti é.jpg", b"\r\n--\r\n" + bytes(range(256))))
    yield multipart(BOUNDARY, pairs)


def _boundary(data: bytes) -> None:
    body = b"--" + data + b'\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--' + data + b"--\r\n"
    assert FileForm(io.BytesIO(body).read, len(body), text(data)).typed.one("a") == "b"


class _Kept:
    """Takes what a sealed file holds, as inbox and uploads of the door do, and checks its bounds."""

    def add_item(self, _office: str, _channel: str, deletion: bytes, item: bytes) -> None:
        assert len(deletion) == 32
        assert item

    def check_room(self, upload: Any) -> None:
        assert upload.padded >= MIN_BLOB_SIZE

    def put(self, upload: Any, first: int, untrusted_read: Any, size: int) -> None:
        assert 0 <= first * (2**16 + 1) < blob_size(upload.padded) + 2**16
        read_whole(untrusted_read, size)

    def finish(self, _upload: Any, deletion: bytes) -> None:
        assert len(deletion) == 32


def _sealed(data: bytes) -> None:
    kept = _Kept()
    services: Any = SimpleNamespace(site=SITE, inbox=kept, uploads=kept)
    stream = io.BytesIO(data)

    def read(size: int) -> bytes:
        """As a form gives its file: so many bytes, or a refusal."""
        return read_whole(stream.read, size)

    head = sealed_intake.read_start(services, read, len(data))
    sealed_intake.store(services, head, read, 2**20)
    assert not stream.read(1)


def _sealed_files() -> Iterator[bytes]:
    first, second = (ItemEntry(CONTEXT.channel, size, bytes([size]) * 32) for size in (3, 4))
    blob = BlobEntry(BLOB, MIN_BLOB_SIZE, bytes(32))
    yield write_head(SealedHead(INSTANCE, OFFICE.id, (first,))) + b"abc"
    body = b"abc" + bytes(blob_size(MIN_BLOB_SIZE)) + b"abcd"
    yield write_head(SealedHead(INSTANCE, OFFICE.id, (first, blob, second))) + body


TARGETS = (
    Target(
        "form",
        _form,
        (BadFormError,),
        lambda: [urlencode([("codename", "satu dua é"), ("exclude", "r1"), ("what", "a\r\nb")]).encode()],
    ),
    Target(
        "codename-field",
        _codename_field,
        (),
        lambda: [" ".join(codename.make("id", lambda below: below // 3)).encode(), b"satu"],
        runs=300,
    ),
    Target("multipart", _multipart, (BadFormError,), _multiparts, runs=2_000),
    Target("boundary", _boundary, (BadFormError,), lambda: [BOUNDARY.encode()]),
    Target("sealed-intake", _sealed, (Refusal, BadPieceError), _sealed_files, runs=500),
)
