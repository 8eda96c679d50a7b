"""A bundle's manifest: what is inside, for whom, in which order (docs/protocol.md section 10)."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from crypto import canonical
from crypto.binding import b64
from crypto.blob import blob_size
from crypto.canonical import Json
from crypto.constants import (
    HINT_SIZE,
    ID_SIZE,
    INSTANCE_SIZE,
    MAX_BLOB_SIZE,
    MAX_DIRECTORY_SIZE,
    MAX_EPOCHS,
    MAX_ITEM_SIZE,
    MAX_SLICE_SIZE,
    MAX_U32,
    PAGE_SLOTS,
    SLOT_SIZE,
    SUITE,
)
from crypto.errors import MalformedError, WrongContextError
from crypto.fields import ChannelId, Day, Fields, InstanceId, OfficeId, ReviewerId, day, identifier
from crypto.statistics import LARGEST as LARGEST_STATISTICS

# FAT32 takes files of up to 4 GiB - 1, but many programs and adapters on the way of a stick still count in
# signed 32 bits. This is the largest archive (whole blocks of 512 bytes) that they all can carry.
LARGEST_PART: Final = 2**31 - 512
MAX_PARTS: Final = 2**16
MAX_ENTRIES: Final = 2**20
MAX_PACKAGE_SIZE: Final = 32 * 2**20
"""Bytes of what goes to another office together: an item and the blobs that it tells of."""
MOST_SEALED: Final = 256
"""Items and blobs for other offices in one outbound bundle."""
MOST_PACKAGES: Final = 128
"""Items among them."""
MOST_STATISTICS: Final = 8
"""Publications of statistics in one outbound bundle."""
_PATHS: Final = {
    "slice": re.compile(r"slices/(0|[1-9][0-9]{0,9})\Z"),
    "statistics": re.compile(r"statistics/[12][0-9]{3}(-Q[1-4])?\Z"),
}
"""Of the kinds that may stand in a bundle more than once; of the others, the path is the kind."""
_MAX_SEALED_BLOB = blob_size(MAX_BLOB_SIZE)
_MAX_SLOTS_SIZE = (HINT_SIZE + SLOT_SIZE) * PAGE_SLOTS * 4_096
_OUTBOUND: Final = {
    "directory": MAX_DIRECTORY_SIZE,
    "slice": MAX_SLICE_SIZE,
    "slots": _MAX_SLOTS_SIZE,
    "statistics": LARGEST_STATISTICS,
    "blob": MAX_PACKAGE_SIZE,
    "item": MAX_ITEM_SIZE,
}
"""The kinds of an outbound bundle's entries in the order in which they stand, with the largest of each."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a bundle. `channel` and `day` only for what reporters sent; a blob has no channel.

    Outbound, items and blobs are for another office of the server and have its id as `office`, and no day.
    Inbound, a blob's entry holds its bytes from `start` on, `size` of them, out of `whole`; the other
    entries are always whole, and for them both are 0.
    """

    kind: str
    path: str
    size: int
    channel: ChannelId | None = None
    day: Day | None = None
    start: int = 0
    whole: int = 0
    office: OfficeId | None = None

    @property
    def name(self) -> str:
        """The path's last part: an id in hex, or an epoch."""
        return self.path.rpartition("/")[2]

    @property
    def is_slice(self) -> bool:
        """Whether the rest of this blob comes in other parts."""
        return self.size < self.whole


@dataclass(frozen=True)
class Inbound:
    """One part of a bundle from the server to the station; the parts count from 1."""

    instance: InstanceId
    office: OfficeId
    bundle: bytes
    number: int
    part: int
    parts: int
    day: Day
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Outbound:
    """From the station to the server. `received` names inbound bundles that are wholly in the vault."""

    instance: InstanceId
    office: OfficeId
    bundle: bytes
    number: int
    day: Day
    entries: tuple[Entry, ...]
    reviewer: ReviewerId
    received: tuple[bytes, ...]


Manifest: TypeAlias = Inbound | Outbound


def write_manifest(manifest: Manifest) -> bytes:
    """The text of `manifest.json`."""
    return canonical.dump(_manifest_json(manifest))


def read_manifest(untrusted_text: bytes) -> Manifest:
    """The manifest in `manifest.json`; any ProtocolError about its form."""
    fields = Fields(canonical.parse(untrusted_text))
    kind = fields.suite_and_kind("inbound", "outbound")
    instance = InstanceId(fields.data("instance", INSTANCE_SIZE))
    office = OfficeId(fields.id("office"))
    bundle = fields.data("bundle", ID_SIZE)
    number = fields.integer("number", 1, MAX_U32)
    on = fields.day("day")
    manifest: Manifest
    if kind == "inbound":
        parts = fields.integer("parts", 1, MAX_PARTS)
        part = fields.integer("part", 1, parts)
        entries = fields.list_of("entries", _read_inbound_entry, 0, MAX_ENTRIES)
        _check_order(entries, alone=parts == 1)
        manifest = Inbound(instance, office, bundle, number, part, parts, on, entries)
    else:
        entries = fields.list_of(
            "entries", _read_outbound_entry, 0, len(_OUTBOUND) + MAX_EPOCHS + MOST_STATISTICS + MOST_SEALED
        )
        packages = sum(entry.kind == "item" for entry in entries)
        if packages > MOST_PACKAGES or any(entry.office == office for entry in entries):
            raise MalformedError
        reviewer = ReviewerId(fields.id("reviewer"))
        received = fields.list_of("received", _bundle_id, 0, MAX_ENTRIES)
        manifest = Outbound(instance, office, bundle, number, on, entries, reviewer, received)
    fields.end()
    if len({entry.path for entry in entries}) != len(entries):
        raise MalformedError
    return manifest


def check_office(manifest: Manifest, instance: InstanceId, office: OfficeId) -> None:
    """WrongContextError unless the bundle is for this office of this instance."""
    if manifest.instance != instance or manifest.office != office:
        raise WrongContextError


def _check_order(entries: tuple[Entry, ...], alone: bool) -> None:
    """Items before blobs; together no larger than a part may be; no slices in a bundle of one part."""
    kinds = [entry.kind for entry in entries]
    if "blob" in kinds and "item" in kinds[kinds.index("blob") :]:
        raise MalformedError
    if sum(entry.size for entry in entries) > LARGEST_PART:
        raise MalformedError
    if alone and any(entry.is_slice for entry in entries):
        raise MalformedError


def _read_inbound_entry(untrusted_value: object) -> Entry:
    fields = Fields(untrusted_value)
    kind = fields.one_of("kind", ("item", "blob"))
    path, size = fields.text("path"), fields.integer("size", 1, LARGEST_PART)
    on = day(fields.take("day"))
    if kind == "item":
        entry = Entry(kind, path, size, ChannelId(identifier(fields.take("channel"))), on)
    else:
        whole = fields.integer("of", size, _MAX_SEALED_BLOB)
        start = fields.integer("from", 0, whole - size)
        entry = Entry(kind, path, size, None, on, start, whole)
    fields.end()
    if entry.path != f"{kind}s/{entry.name}" or not _is_hex_id(entry.name):
        raise MalformedError
    return entry


def in_order(manifest: Outbound) -> bool:
    """Whether the entries stand in the order of their kinds."""
    kinds = [entry.kind for entry in manifest.entries]
    return kinds == sorted(kinds, key=list(_OUTBOUND).index)


def _read_outbound_entry(untrusted_value: object) -> Entry:
    fields = Fields(untrusted_value)
    kind = fields.one_of("kind", tuple(_OUTBOUND))
    path, size = fields.text("path"), fields.integer("size", 1, _OUTBOUND[kind])
    entry = Entry(kind, path, size)
    if kind in ("item", "blob"):
        channel = ChannelId(fields.id("channel")) if kind == "item" else None
        entry = Entry(kind, path, size, channel, office=OfficeId(fields.id("office")))
        good = path == f"{kind}s/{entry.name}" and _is_hex_id(entry.name)
    else:
        good = bool(_PATHS[kind].match(path)) if kind in _PATHS else path == kind
    fields.end()
    if not good:
        raise MalformedError
    return entry


def _bundle_id(untrusted_value: object) -> bytes:
    return Fields({"id": untrusted_value}).data("id", ID_SIZE)


def _is_hex_id(untrusted_name: str) -> bool:
    return len(untrusted_name) == 2 * ID_SIZE and not untrusted_name.strip("0123456789abcdef")


def _manifest_json(manifest: Manifest) -> Json:
    common: dict[str, Json] = {
        "bundle": b64(manifest.bundle),
        "day": manifest.day,
        "entries": [entry_json(entry) for entry in manifest.entries],
        "instance": b64(manifest.instance),
        "number": manifest.number,
        "office": manifest.office,
        "suite": SUITE,
    }
    if isinstance(manifest, Inbound):
        return common | {"kind": "inbound", "part": manifest.part, "parts": manifest.parts}
    received: list[Json] = [b64(bundle) for bundle in manifest.received]
    return common | {"kind": "outbound", "received": received, "reviewer": manifest.reviewer}


def entry_json(entry: Entry) -> Json:
    """An entry's line in its manifest."""
    body: dict[str, Json] = {"kind": entry.kind, "path": entry.path, "size": entry.size}
    if entry.office is not None:
        body["office"] = entry.office
    elif entry.kind == "blob":
        body |= {"from": entry.start, "of": entry.whole}
    if entry.channel is not None:
        body["channel"] = entry.channel
    if entry.day is not None:
        body["day"] = entry.day
    return body
