"""A bundle's manifest: what is inside, for whom, in which order (docs/protocol.md section 10)."""

from dataclasses import dataclass
from typing import TypeAlias

from crypto import canonical
from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import (
    HINT_SIZE,
    ID_SIZE,
    INSTANCE_SIZE,
    MAX_DIRECTORY_SIZE,
    MAX_EPOCHS,
    MAX_SLICE_SIZE,
    MAX_U32,
    PAGE_SLOTS,
    SLOT_SIZE,
    SUITE,
)
from crypto.errors import MalformedError, WrongContextError
from crypto.fields import ChannelId, Day, Fields, InstanceId, OfficeId, ReviewerId, day, identifier

_MAX_ENTRIES = 2**20
_MAX_ENTRY = 8 * 2**30 - 1
_MAX_SLOTS_SIZE = (HINT_SIZE + SLOT_SIZE) * PAGE_SLOTS * 4_096


@dataclass(frozen=True)
class Entry:
    """One file of a bundle. `channel` and `day` only for what reporters sent; a blob has no channel."""

    kind: str
    path: str
    size: int
    channel: ChannelId | None = None
    day: Day | None = None

    @property
    def name(self) -> str:
        """The path's last part: an id in hex, or an epoch."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Inbound:
    """From the server to the station."""

    instance: InstanceId
    office: OfficeId
    bundle: bytes
    number: int
    day: Day
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Outbound:
    """From the station to the server. `received` names inbound bundles that are safe in the vault."""

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
        entries = fields.list_of("entries", _read_inbound_entry, 0, _MAX_ENTRIES)
        manifest = Inbound(instance, office, bundle, number, on, entries)
    else:
        entries = fields.list_of("entries", _read_outbound_entry, 0, 2 + MAX_EPOCHS)
        reviewer = ReviewerId(fields.id("reviewer"))
        received = fields.list_of("received", _bundle_id, 0, _MAX_ENTRIES)
        manifest = Outbound(instance, office, bundle, number, on, entries, reviewer, received)
    fields.end()
    if len({entry.path for entry in entries}) != len(entries):
        raise MalformedError
    return manifest


def check_office(manifest: Manifest, instance: InstanceId, office: OfficeId) -> None:
    """WrongContextError unless the bundle is for this office of this instance."""
    if manifest.instance != instance or manifest.office != office:
        raise WrongContextError


def _read_inbound_entry(untrusted_value: object) -> Entry:
    fields = Fields(untrusted_value)
    kind = fields.one_of("kind", ("item", "blob"))
    entry = Entry(
        kind,
        fields.text("path"),
        fields.integer("size", 1, _MAX_ENTRY),
        ChannelId(identifier(fields.take("channel"))) if kind == "item" else None,
        day(fields.take("day")),
    )
    fields.end()
    if entry.path != f"{kind}s/{entry.name}" or not _is_hex_id(entry.name):
        raise MalformedError
    return entry


def _read_outbound_entry(untrusted_value: object) -> Entry:
    fields = Fields(untrusted_value)
    kind = fields.one_of("kind", ("directory", "slice", "slots"))
    largest = {"directory": MAX_DIRECTORY_SIZE, "slice": MAX_SLICE_SIZE, "slots": _MAX_SLOTS_SIZE}[kind]
    entry = Entry(kind, fields.text("path"), fields.integer("size", 1, largest))
    fields.end()
    epoch = entry.name if entry.name.isascii() and entry.name.isdigit() and len(entry.name) <= 10 else ""
    expected = f"slices/{int(epoch)}" if kind == "slice" and epoch else kind
    if entry.path != expected:
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
        "entries": [_entry_json(entry) for entry in manifest.entries],
        "instance": b64(manifest.instance),
        "number": manifest.number,
        "office": manifest.office,
        "suite": SUITE,
    }
    if isinstance(manifest, Inbound):
        return common | {"kind": "inbound"}
    received: list[Json] = [b64(bundle) for bundle in manifest.received]
    return common | {"kind": "outbound", "received": received, "reviewer": manifest.reviewer}


def _entry_json(entry: Entry) -> Json:
    body: dict[str, Json] = {"kind": entry.kind, "path": entry.path, "size": entry.size}
    if entry.channel is not None:
        body["channel"] = entry.channel
    if entry.day is not None:
        body["day"] = entry.day
    return body
