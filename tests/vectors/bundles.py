"""The vectors of `bundles/`, which the Python implementation alone runs: the browser never sees a bundle.

Made like the others by `python -m tests.vectors.generate`; README.md beside this file lists the calls.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from crypto import bundle, canonical, parts
from crypto.fields import ChannelId, Day, InstanceId, OfficeId
from crypto.manifest import LARGEST_PART, MAX_PARTS, Entry, Inbound, read_manifest, write_manifest
from tests.vectors import server_backups

Vector = tuple[str, dict[str, Any]]

DAY = Day("2026-11-23")
PLACE = (InstanceId(bytes(range(16))), OfficeId("kota-contoh"), bytes(16), 4, DAY)
LARGEST = 12_000
ITEM = Entry("item", "items/" + "0" * 32, 700, ChannelId("aduan"), DAY)
BLOBS = tuple(
    Entry("blob", "blobs/" + digit * 32, size, None, DAY, 0, size)
    for digit, size in (("1", 20_000), ("2", 5_000))
)
SPLIT = parts.split(*PLACE, [ITEM, *BLOBS], LARGEST)


def _contents(entry: Entry, skip: int) -> Iterator[bytes]:
    """Bytes that say where they belong: SHAKE-128 of the path, from the slice's place on."""
    yield hashlib.shake_128(entry.path.encode()).digest(entry.whole or entry.size)[entry.start + skip :][
        : entry.size - skip
    ]


def _read_manifest(given: dict[str, Any]) -> dict[str, Any]:
    found = read_manifest(bytes.fromhex(given["manifest"]))
    assert isinstance(found, Inbound)
    slices = [
        [entry.name, entry.start, entry.size, entry.whole] for entry in found.entries if entry.kind == "blob"
    ]
    return {"number": found.number, "part": found.part, "parts": found.parts, "slices": slices}


def _read_part(given: dict[str, Any]) -> dict[str, Any]:
    reader = bundle.BundleReader(io.BytesIO(bytes.fromhex(given["part"])))
    for _entry, pieces in reader.entries():
        for _piece in pieces:
            pass
    return {"entries": [digest.hex() for digest in reader.digests]}


def _split(given: dict[str, Any]) -> dict[str, Any]:
    whole = read_manifest(bytes.fromhex(given["manifest"]))
    assert isinstance(whole, Inbound)
    found = parts.split(*PLACE, whole.entries, given["largest"])
    return {"manifests": [write_manifest(part).hex() for part in found]}


CALLS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "read-manifest": _read_manifest,
    "read-part": _read_part,
    "split-bundle": _split,
    **server_backups.CALLS,
}


def vectors() -> Iterator[Vector]:
    """Every vector of `bundles/`, with its file's name."""
    yield from _manifests()
    yield from _archives()
    yield from server_backups.vectors()
    whole = parts.split(*PLACE, [ITEM, *BLOBS])[0]
    given = {"manifest": write_manifest(whole).hex(), "largest": LARGEST}
    yield _vector(
        "split", f"cut into parts of at most {LARGEST} bytes", "split-bundle", given, output=_split(given)
    )


def _manifests() -> Iterator[Vector]:
    first = SPLIT[0]
    slice_ = first.entries[-1]
    item = first.entries[0]
    for part in SPLIT:
        given = {"manifest": write_manifest(part).hex()}
        about = f"part {part.part} of {part.parts}"
        yield _vector(f"manifest-{part.part}", about, "read-manifest", given, output=_read_manifest(given))
    wrong = {
        "part-0": ("part 0", replace(first, part=0)),
        "part-beyond": ("more than there are", replace(first, part=first.parts + 1)),
        "parts-0": ("no parts", replace(first, parts=0)),
        "parts-huge": ("more parts than a bundle may have", replace(first, parts=MAX_PARTS + 1)),
        "alone-with-slice": ("a slice in a bundle of one part", replace(first, parts=1)),
        "blob-first": ("an item behind a blob", replace(first, entries=(slice_, item))),
        "twice": (
            "the same path twice",
            replace(first, entries=(slice_, replace(slice_, start=slice_.size, size=1))),
        ),
        "from-negative": ("a slice from -1", replace(first, entries=(replace(slice_, start=-1),))),
        "beyond-the-end": (
            "a slice that ends behind its blob",
            replace(first, entries=(replace(slice_, start=slice_.whole - slice_.size + 1),)),
        ),
        "of-too-small": ("a slice larger than its blob", replace(first, entries=(replace(slice_, whole=1),))),
        "of-too-large": ("a blob larger than any", replace(first, entries=(replace(slice_, whole=2**41),))),
        "empty": ("a slice of no bytes", replace(first, entries=(replace(slice_, size=0),))),
        "part-too-large": (
            "2 GiB of entries in one part",
            replace(first, entries=tuple(replace(e, size=LARGEST_PART, whole=LARGEST_PART) for e in BLOBS)),
        ),
    }
    for name, (about, part) in wrong.items():
        given = {"manifest": write_manifest(part).hex()}
        yield _vector(f"manifest-{name}", about, "read-manifest", given, error="malformed")
    text = write_manifest(first)
    for name, about, old, new in (
        ("item-from", "a slice of an item", b'"kind":"item"', b'"from":0,"kind":"item","of":700'),
        ("blob-without-of", "a blob that does not say how large it is", b',"of":20000', b""),
        ("no-parts", "no count of parts", f',"parts":{first.parts}'.encode(), b""),
    ):
        assert old in text
        given = {"manifest": text.replace(old, new).hex()}
        yield _vector(f"manifest-{name}", about, "read-manifest", given, error="malformed")


def _archives() -> Iterator[Vector]:
    first, second = (b"".join(bundle.write(part, _contents, canonical.dump)) for part in SPLIT[:2])
    given = {"part": first.hex()}
    yield _vector("part", "a whole part", "read-part", given, output=_read_part(given))
    body = first.index(next(_contents(SPLIT[0].entries[-1], 0))[:64])
    wrong = {
        "cut": ("cut in the middle", first[: len(first) // 2], "malformed"),
        "cut-at-the-end": ("the last block is missing", first[:-512], "malformed"),
        "lengthened": ("something behind the end", first + bytes(512), "malformed"),
        "flip": (
            "one bit of a blob",
            first[:body] + bytes([first[body] ^ 1]) + first[body + 1 :],
            "wrong-checksum",
        ),
        "two-parts": ("the rest of another part", first[:body] + second[body:], "malformed"),
    }
    for name, (about, data, error) in wrong.items():
        yield _vector(f"part-{name}", about, "read-part", {"part": data.hex()}, error=error)


def _vector(name: str, about: str, call: str, given: dict[str, Any], **result: Any) -> Vector:
    return name, {"about": about, "call": call, "input": given, **result}
