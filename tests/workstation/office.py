"""An office for the tests: a real ceremony's station, reporters who seal, a server that only bundles."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from crypto import bundle, calendar, canonical, codename, parts
from crypto.blob import BlobId
from crypto.board import Slot, read_slots
from crypto.bundle import BundleReader
from crypto.codename import ReporterKeys
from crypto.directory import Directory
from crypto.fields import ChannelId, Day, Epoch, InstanceId, OfficeId, ReviewerId
from crypto.hints import is_mine
from crypto.item import Context, item_id
from crypto.manifest import Entry, Inbound
from crypto.message import Content, Evidence, Message, Report, Text, Thread, sign_message
from crypto.open.reply import open_reply
from crypto.reply import ReplyPart
from crypto.seal.blob import BlobSealer
from crypto.seal.item import seal_item
from workstation import ceremony
from workstation.ceremony import Held, Passphrases
from workstation.keyfile import Cost
from workstation.plan import Plan, new_instance
from workstation.station import unlock

CHEAP = Cost(memory=8, passes=1)
TODAY = calendar.today()
PASSPHRASE = "a passphrase for {}"
OFFICE = "inspektorat-kota"
ADUAN = ChannelId("aduan-integritas")
SMALL_PART = 100_000
"""Small enough that a blob of 200 KB comes in three parts."""


def sealed_file(data: bytes, name: str) -> tuple[Evidence, bytes]:
    """What the reporter says of a file, and its blob."""
    blob_id, key = secrets.token_bytes(16), secrets.token_bytes(32)
    sealer = BlobSealer(BlobId(blob_id), key, len(data))
    blob = b"".join(sealer.chunks(BytesIO(data)))
    return Evidence(blob_id, key, name, "image/jpeg", len(data), sealer.chunk_list_hash), blob


@dataclass
class Reporter:
    """Somebody with a codename; the keys come from random bytes instead of stretched words."""

    directory: Directory
    channel: ChannelId = ADUAN
    keys: ReporterKeys = field(default_factory=lambda: codename.keys(secrets.token_bytes(32)))
    order: int = 0

    @property
    def thread(self) -> Thread:
        return Thread(self.keys.verify, self.keys.reply.public, self.keys.hint)

    def message(self, content: Content, excluded: Sequence[str] = (), on: Day = TODAY) -> Message:
        office = self.directory.office
        self.order += 1
        return Message(
            context=Context(office.instance, office.id, self.channel),
            day=on,
            order=self.order - 1,
            language="id",
            excluded=tuple(ReviewerId(reviewer) for reviewer in sorted(excluded)),
            thread=self.thread,
            content=content,
        )

    def seal(self, content: Content, excluded: Sequence[str] = (), epoch: Epoch | None = None) -> bytes:
        message = self.message(content, excluded)
        return self.seal_document(sign_message(message, self.keys.sign), message.excluded, epoch)

    def seal_document(
        self, document: bytes, excluded: Sequence[ReviewerId] = (), epoch: Epoch | None = None
    ) -> bytes:
        office = self.directory.office
        channel = office.channel(self.channel)
        assert channel is not None
        week = calendar.epoch_of(TODAY) if epoch is None else epoch
        known = self.directory.epochs.get(week) or next(iter(self.directory.epochs.values()))
        recipients = {reviewer: known[reviewer] for reviewer in channel.recipients}
        return seal_item(
            document, Context(office.instance, office.id, self.channel), week, recipients, excluded
        )

    def report(self, what: str = "uang perjalanan dinas", excluded: Sequence[str] = ()) -> bytes:
        return self.seal(Report({"what": what, "who": "bendahara"}), excluded)

    def text(self, text: str, excluded: Sequence[str] = ()) -> bytes:
        return self.seal(Text(text), excluded)

    def evidence(
        self, data: bytes, name: str = "foto.jpg", excluded: Sequence[str] = ()
    ) -> tuple[bytes, bytes, bytes]:
        """(item, blob id, blob)."""
        content, blob = sealed_file(data, name)
        return self.seal(content, excluded), content.blob, blob

    def replies(self, slots: Iterable[Slot]) -> list[ReplyPart]:
        office = self.directory.office
        reviewers = {reviewer.id: reviewer.sign for reviewer in office.reviewers}
        return [
            open_reply(slot.body, self.keys, office.instance, office.id, reviewers).part
            for slot in slots
            if is_mine(self.keys.hint, slot.hint)
        ]


def manifest_of(
    held: Held,
    number: int,
    items: Sequence[bytes],
    blobs: Sequence[tuple[bytes, bytes]] = (),
    instance: InstanceId | None = None,
    bundle_id: bytes | None = None,
    on: Day = TODAY,
    channel: ChannelId = ADUAN,
) -> tuple[Inbound, dict[str, bytes]]:
    """The manifest of an inbound bundle, and its contents by path."""
    office = held.directory.office
    contents = {f"items/{item_id(item).hex()}": item for item in items}
    contents |= {f"blobs/{name.hex()}": blob for name, blob in blobs}
    entries = tuple(
        Entry("item", path, len(data), channel, on)
        if path.startswith("items/")
        else Entry("blob", path, len(data), None, on, 0, len(data))
        for path, data in contents.items()
    )
    name = secrets.token_bytes(16) if bundle_id is None else bundle_id
    return Inbound(instance or office.instance, office.id, name, number, 1, 1, on, entries), contents


def inbound(manifest: Inbound, contents: dict[str, bytes]) -> bytes:
    """The bytes of an inbound bundle."""
    return b"".join(
        bundle.write(
            manifest,
            lambda entry, skip: iter([contents[entry.path][entry.start :][: entry.size][skip:]]),
            canonical.dump,
        )
    )


def slots_in(path: Path) -> list[Slot]:
    """The slots that an outbound bundle carries."""
    entries = outbound_entries(path)
    return list(read_slots(entries["slots"]))


def outbound_entries(path: Path) -> dict[str, bytes]:
    with path.open("rb") as file:
        reader = BundleReader(file)
        return {entry.path: b"".join(pieces) for entry, pieces in reader.entries()}


@dataclass
class Desk:
    """A station, its passphrase files, and a stick."""

    folder: Path
    stick: Path
    held: Held

    @property
    def directory(self) -> Directory:
        return self.held.directory

    def reporter(self) -> Reporter:
        return Reporter(self.directory)

    def passphrase_file(self, owner: str) -> Path:
        return self.folder.parent / f"{owner}.txt"

    def deliver(
        self,
        number: int,
        items: Sequence[bytes],
        blobs: Sequence[tuple[bytes, bytes]] = (),
        on: Day = TODAY,
        channel: ChannelId = ADUAN,
    ) -> Path:
        """An inbound bundle on the stick."""
        path = self.stick / f"in-{number}-{secrets.token_hex(4)}.tar"
        path.write_bytes(inbound(*manifest_of(self.held, number, items, blobs, on=on, channel=channel)))
        return path

    def deliver_parts(
        self,
        number: int,
        items: Sequence[bytes],
        blobs: Sequence[tuple[bytes, bytes]] = (),
        largest: int = SMALL_PART,
    ) -> list[Path]:
        """The parts of an inbound bundle on the stick, as the server names them."""
        whole, contents = manifest_of(self.held, number, items, blobs)
        found = parts.split(
            whole.instance, whole.office, whole.bundle, number, whole.day, whole.entries, largest
        )
        paths = [self.stick / f"peluit-in-{OFFICE}-{number}-{p.part}of{p.parts}.tar" for p in found]
        for path, part in zip(paths, found, strict=True):
            path.write_bytes(inbound(part, contents))
        return paths

    def as_(self, reviewer: str) -> list[str]:
        """The options that unlock the station for a reviewer."""
        return [
            "--folder",
            str(self.folder),
            "--as",
            reviewer,
            "--passphrase-file",
            str(self.passphrase_file(reviewer)),
        ]


def plan(reviewers: int = 3, epochs: int = 3) -> Plan:
    names = {
        ReviewerId(f"r{n}"): {"en": f"Reviewer {n}", "id": f"Penelaah {n}"} for n in range(1, reviewers + 1)
    }
    return Plan(
        office=OfficeId(OFFICE),
        names={"en": "Inspectorate of the City", "id": "Inspektorat Kota"},
        reviewers=names,
        instance=new_instance(),
        epochs=epochs,
    )


def passphrases_for(what: Plan) -> Passphrases:
    return Passphrases(
        PASSPHRASE.format("office"), {reviewer: PASSPHRASE.format(reviewer) for reviewer in what.reviewers}
    )


def make_desk(where: Path, reviewers: int = 3, epochs: int = 3, on: Day = TODAY) -> Desk:
    stick = where / "stick"
    stick.mkdir()
    what = plan(reviewers, epochs)
    held = ceremony.hold(where / "station", what, passphrases_for(what), stick, on, CHEAP)
    desk = Desk(where / "station", stick, held)
    for owner in ("office", *what.reviewers):
        desk.passphrase_file(owner).write_text(PASSPHRASE.format(owner) + "\n", "utf-8")
    for reviewer in what.reviewers:  # the first unlocking of a day stands in the log
        with unlock(desk.folder, reviewer, PASSPHRASE.format(reviewer)):
            pass
    return desk


def snapshot(folder: Path) -> dict[str, str]:
    """Every file under a folder with its SHA-256; the lock apart."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }
