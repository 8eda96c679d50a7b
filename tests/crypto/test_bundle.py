"""Bundles: written and read back, and refused whole when anything in them is not as it should be."""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto import bundle, canonical, signed
from crypto.binding import b64
from crypto.errors import BadSignatureError, MalformedError, ProtocolError, WrongChecksumError
from crypto.fields import ChannelId, Day, InstanceId, OfficeId, ReviewerId
from crypto.manifest import Entry, Inbound, Manifest, Outbound, read_manifest, write_manifest

INSTANCE, OFFICE, DAY = InstanceId(bytes(16)), OfficeId("kota"), Day("2026-11-23")
KEY = SigningKey(bytes(32))
BODIES = {"items/" + "0" * 32: b"item" * 300, "blobs/" + "1" * 32: bytes(70_000)}
ENTRIES = (
    Entry("item", "items/" + "0" * 32, 1200, ChannelId("aduan"), DAY),
    Entry("blob", "blobs/" + "1" * 32, 70_000, None, DAY, 0, 70_000),
)
INBOUND = Inbound(INSTANCE, OFFICE, bytes(16), 1, 1, 1, DAY, ENTRIES)
OUTBOUND = Outbound(
    INSTANCE, OFFICE, bytes(16), 1, DAY, (Entry("slots", "slots", 66_048),), ReviewerId("r1"), (bytes(16),)
)


def body(entry: Entry, skip: int) -> Iterator[bytes]:
    data = BODIES.get(entry.path, bytes(entry.size))[skip:]
    yield data[:100]
    yield data[100:]


def write(manifest: Manifest) -> bytes:
    def seal(value: canonical.Json) -> bytes:
        return signed.sign(value, "bundle", KEY) if isinstance(manifest, Outbound) else canonical.dump(value)

    return b"".join(bundle.write(manifest, body, seal))


def read(untrusted: bytes) -> tuple[Manifest, dict[str, bytes], bytes]:
    reader = bundle.BundleReader(io.BytesIO(untrusted))
    found = {entry.path: b"".join(pieces) for entry, pieces in reader.entries()}
    return reader.manifest, found, reader.checksums


def test_inbound_round_trip_and_ordinary_tar_reads_it() -> None:
    data = write(INBOUND)
    assert len(data) == bundle.size_of(INBOUND, signed=False)
    assert read(data)[:2] == (INBOUND, BODIES)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert archive.getnames() == ["manifest.json", *BODIES, "checksums"]


def test_outbound_round_trip_and_signature() -> None:
    data = write(OUTBOUND)
    assert len(data) == bundle.size_of(OUTBOUND, signed=True)
    manifest, _, checksums = read(data)
    assert manifest == OUTBOUND
    signed.check_signature(checksums, "bundle", KEY.verify_key.encode())
    with pytest.raises(BadSignatureError):
        signed.check_signature(checksums, "bundle", SigningKey(bytes([1]) * 32).verify_key.encode())


def test_an_entry_of_another_size_than_promised_is_not_written() -> None:
    wrong = replace(INBOUND, entries=(replace(ENTRIES[0], size=1_201),))
    with pytest.raises(MalformedError):
        write(wrong)


WHOLE = write(INBOUND)


@settings(deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_a_truncated_bundle_is_refused(size: int) -> None:
    with pytest.raises(ProtocolError):
        read(WHOLE[:size])


@settings(deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 7))
def test_a_changed_bit_is_refused(at: int, bit: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[at] ^= 1 << bit
    with pytest.raises(ProtocolError):
        read(bytes(damaged))


def test_bytes_behind_the_end_are_refused() -> None:
    with pytest.raises(MalformedError):
        read(WHOLE + b"\0")


def test_a_damaged_entry_is_a_wrong_checksum() -> None:
    damaged = bytearray(WHOLE)
    damaged[WHOLE.index(b"itemitem")] ^= 1
    with pytest.raises(WrongChecksumError):
        read(bytes(damaged))


EVIL = [
    "../items/" + "0" * 32,
    "/etc/passwd",
    "items/../../x",
    "items/" + "0" * 31,
    "items/" + "G" * 32,
    "blobs/" + "0" * 32,
    "items/" + "0" * 32 + "/x",
    "items/\u202e" + "0" * 31,
    "",
    "items/",
    "directory",
]


@pytest.mark.parametrize("path", EVIL)
def test_path_tricks_in_the_manifest_are_refused(path: str) -> None:
    evil = replace(INBOUND, entries=(Entry("item", path, 5, ChannelId("aduan"), DAY),))
    with pytest.raises(ProtocolError):
        read(b"".join(bundle.write(evil, lambda entry, skip: iter([bytes(5)]), canonical.dump)))


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../escape"},
        {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
        {"type": tarfile.LNKTYPE, "linkname": "x"},
        {"mode": 0o4755},
        {"mtime": 1},
        {"uid": 1},
        {"uname": "root"},
        {"type": tarfile.DIRTYPE},
        {"type": tarfile.CHRTYPE},
    ],
)
def test_tricks_in_a_header_are_refused(change: dict[str, object]) -> None:
    info = tarfile.TarInfo(ENTRIES[0].path)
    info.size, info.mode = 1200, 0o600
    good = info.tobuf(tarfile.USTAR_FORMAT)
    for name, value in change.items():
        setattr(info, name, value)
    assert WHOLE.count(good) == 1
    with pytest.raises(MalformedError):
        read(WHOLE.replace(good, info.tobuf(tarfile.USTAR_FORMAT)))


@pytest.mark.parametrize("kind", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_extension_headers_are_refused(kind: int) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
        info = tarfile.TarInfo("manifest.json" + "x" * 200)
        info.size = 2
        archive.addfile(info, io.BytesIO(b"{}"))
    with pytest.raises(MalformedError):
        read(out.getvalue())


def test_a_manifest_that_claims_gigabytes_is_refused_at_once() -> None:
    info = tarfile.TarInfo("manifest.json")
    info.size, info.mode = 7 * 2**30, 0o600
    with pytest.raises(MalformedError):
        bundle.BundleReader(io.BytesIO(info.tobuf(tarfile.USTAR_FORMAT)))


def manifest_text(**change: canonical.Json) -> bytes:
    base: dict[str, canonical.Json] = {
        "bundle": b64(bytes(16)),
        "day": DAY,
        "entries": [],
        "instance": b64(INSTANCE),
        "kind": "inbound",
        "number": 1,
        "office": OFFICE,
        "part": 1,
        "parts": 1,
        "suite": "peluit/1",
    }
    return canonical.dump({name: value for name, value in (base | change).items() if value != "gone"})


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "sideways"},
        {"number": 0},
        {"number": "1"},
        {"office": "../x"},
        {"day": "2026-13-01"},
        {"bundle": "AA"},
        {"suite": "peluit/2"},
        {"extra": 1},
        {"entries": "gone"},
        {
            "entries": [
                {"kind": "item", "path": "items/" + "0" * 32, "size": -1, "channel": "aduan", "day": DAY}
            ]
        },
        {"part": 0},
        {"part": 2},
        {"parts": "gone"},
    ],
)
def test_manifests_that_are_refused(change: dict[str, canonical.Json]) -> None:
    text = manifest_text(**change)
    info = tarfile.TarInfo("manifest.json")
    info.size, info.mode = len(text), 0o600
    data = info.tobuf(tarfile.USTAR_FORMAT) + text + bytes(-len(text) % 512)
    with pytest.raises(ProtocolError):
        bundle.BundleReader(io.BytesIO(data))


@pytest.mark.parametrize(
    "path", ["slice", "slices", "slices/", "slices/01", "slices/-1", "slices/x", "slices/٣"]
)
def test_a_slice_is_named_by_its_epoch(path: str) -> None:
    slice_ = Entry("slice", "slices/2969", 9)
    read(write(replace(OUTBOUND, entries=(slice_,))))
    with pytest.raises(MalformedError):
        read_manifest(write_manifest(replace(OUTBOUND, entries=(replace(slice_, path=path),))))
