"""Bundles in both directions, and backups: changed byte by byte, and whole ones around strange documents."""

import hashlib
import io
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from crypto import bundle, canonical
from crypto.bundle import BundleReader
from crypto.canonical import Json
from crypto.constants import SUITE
from crypto.directory import sign_directory, sign_slice
from crypto.errors import MalformedError, ProtocolError
from crypto.keypairs import KemKeyPair
from crypto.manifest import Outbound, read_manifest, write_manifest
from crypto.statistics import sign_statistics
from journalist_app import outbound
from journalist_app.errors import BundleRefusedError
from store.directories import Directories
from store.errors import StoreError
from store.layout import Layout
from store.site import Site, SiteOffice
from tests.fuzz.target import Target, signed
from tests.fuzz.targets.documents import FIRST, QUARTER, SLOTS
from tests.vectors import bundles
from tests.vectors.office import DAY, DIRECTORY, EPOCH, INSTANCE, NAMES, OFFICE, ROOT, SIGN
from workstation import backup, sealedfile
from workstation.errors import StationError

Contents = Mapping[str, bytes]

KEY = KemKeyPair.from_seed(bytes(32))
SITE = Site(INSTANCE, (SiteOffice(OFFICE.id, NAMES, OFFICE.root),))
DOCUMENTS: Contents = {
    "directory": sign_directory(DIRECTORY, ROOT),
    f"slices/{EPOCH}": sign_slice(DIRECTORY, EPOCH, ROOT),
    "slots": SLOTS,
    "statistics/2026-Q3": sign_statistics(QUARTER, SIGN),
    **{entry.path: b"sealed" for entry in FIRST.entries if entry.office is not None},
}
_LARGEST = 2**18


def _inbound(data: bytes) -> None:
    reader = BundleReader(io.BytesIO(data))
    contents = {entry.path: b"".join(pieces) for entry, pieces in reader.entries()}
    manifest = read_manifest(_text_of(data))
    assert (
        b"".join(bundle.write(manifest, lambda e, skip: iter([contents[e.path][skip:]]), canonical.dump))
        == data
    )


def _text_of(archive: bytes) -> bytes:
    return archive[512:][: int(archive[124:135], 8)]


def _parts() -> Iterator[bytes]:
    for part in bundles.SPLIT[:2]:
        contents = {entry.path: bytes(entry.size) for entry in part.entries}
        yield packed(write_manifest(part), contents)


def packed(manifest: bytes, contents: Contents, signs: bool = False) -> bytes:
    """An archive around any manifest, its checksums right, and signed if it is to go to the server."""
    try:
        entries = canonical.parse(manifest)["entries"]  # type: ignore[call-overload, index]
        paths = [str(entry["path"]) for entry in entries]
        sizes = [int(entry["size"]) for entry in entries]
    except (ProtocolError, KeyError, TypeError, ValueError):
        paths, sizes = [], []
    if any(len(path) > 100 or not path.isascii() for path in paths) or any(
        not 0 <= s < _LARGEST for s in sizes
    ):
        raise MalformedError
    bodies = [
        contents.get(path, b"")[:size].ljust(size, b"\0") for path, size in zip(paths, sizes, strict=True)
    ]
    sums: Json = {
        "entries": [hashlib.sha256(body).hexdigest() for body in bodies],
        "kind": "checksums",
        "manifest": hashlib.sha256(manifest).hexdigest(),
        "suite": SUITE,
    }
    checksums = signed(canonical.dump(sums), "bundle", SIGN) if signs else canonical.dump(sums)
    members = [("manifest.json", manifest), *zip(paths, bodies, strict=True), ("checksums", checksums)]
    return b"".join(bundle._member(*member) for member in members) + bytes(1_024)


def _outbound(data: bytes) -> None:
    """All that the server checks before it takes anything."""
    found = outbound.read(io.BytesIO(data))
    outbound.check_place(found, SITE, SITE.offices[0])
    assert outbound.first_site(found) == SITE
    outbound.check_signatures(found, _directories())
    assert len(found.slots) % 16 == 0


def _around(data: bytes) -> None:
    """`data`: a manifest, and contents in base64 by path."""
    try:
        given: Any = json.loads(data)
        contents = {path: b64decode(body) for path, body in given["contents"].items()}
        manifest = canonical.dump(given["manifest"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raise MalformedError from None
    _outbound(packed(manifest, contents, signs=True))


@cache
def _directories() -> Directories:
    """Of a server that has published nothing yet."""
    return Directories(Layout(Path("/nonexistent")), SITE)


def _first() -> Outbound:
    sized = tuple(replace(entry, size=len(DOCUMENTS[entry.path])) for entry in FIRST.entries)
    return replace(FIRST, entries=sized)


def _first_as_json() -> bytes:
    contents = {path: b64encode(body).decode() for path, body in DOCUMENTS.items()}
    return canonical.dump({"manifest": canonical.parse(write_manifest(_first())), "contents": dict(contents)})


def _backup(data: bytes) -> None:
    def take(_name: str, _size: int, pieces: Iterator[bytes]) -> None:
        for piece in pieces:
            assert len(piece) <= 2**20

    backup.read(io.BytesIO(data), KEY, take)


def _inside(data: bytes) -> None:
    """A backup that opens, around anything."""
    _backup(b"".join(sealedfile.seal(KEY.public, [data])))


def _archive() -> bytes:
    about: Json = {"day": DAY, "instance": "A" * 22, "kind": "backup", "office": OFFICE.id, "suite": SUITE}
    files = {"office.key": b"sealed", "evidence/aa": bytes(700), "reviewers/r1.key": b"sealed too"}
    sums: Json = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    members = {backup.ABOUT: canonical.dump(about), **files, backup.CONTENTS: canonical.dump(sums)}
    return b"".join(piece for member in members.items() for piece in backup._entry(*member)) + bytes(1_024)


TARGETS = (
    Target("bundle-inbound", _inbound, (ProtocolError,), _parts),
    Target(
        "bundle-outbound",
        _outbound,
        (BundleRefusedError,),
        lambda: [packed(write_manifest(_first()), DOCUMENTS, signs=True)],
        runs=300,
    ),
    Target(
        "bundle-around",
        _around,
        (BundleRefusedError, ProtocolError, StoreError),
        lambda: [_first_as_json()],
        json=True,
        runs=500,
    ),
    Target(
        "backup",
        _backup,
        (StationError,),
        lambda: [b"".join(sealedfile.seal(KEY.public, [_archive()]))],
        runs=300,
    ),
    Target("backup-inside", _inside, (StationError,), lambda: [_archive()], runs=1_000),
)
