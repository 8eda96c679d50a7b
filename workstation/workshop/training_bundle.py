"""A bundle as a server would make it, for the exercise of importing; it fits this training station alone."""

import secrets
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from crypto import bundle, calendar, canonical, codename
from crypto.blob import BlobId
from crypto.constants import ID_SIZE
from crypto.fields import ChannelId, Day
from crypto.item import Context, item_id
from crypto.manifest import Entry, Inbound
from crypto.message import Content, Evidence, Message, Report, Thread, sign_message
from crypto.seal.blob import BlobSealer
from crypto.seal.item import seal_item
from workstation import files
from workstation.ceremony import Held
from workstation.workshop.training_evidence import MAKERS

_KEY_SIZE = 32


def write(held: Held, reports: Sequence[Mapping[str, Any]], to: Path, on: Day) -> Path:
    """Writes bundle 1 into a folder."""
    office = held.directory.office
    entries: list[Entry] = []
    contents: dict[str, bytes] = {}
    for report in reports:
        channel = ChannelId(report["channel"])
        keys = codename.keys(secrets.token_bytes(32))
        thread = Thread(keys.verify, keys.reply.public, keys.hint)
        said: list[Content] = [Report(report["answers"])]
        for kind in report["evidence"]:
            evidence, blob = _seal(kind)
            said.append(evidence)
            path = f"blobs/{evidence.blob.hex()}"
            contents[path] = blob
            entries.append(Entry("blob", path, len(blob), None, on, 0, len(blob)))
        context = Context(office.instance, office.id, channel)
        for order, content in enumerate(said):
            message = Message(context, on, order, "id", (), thread, content)
            item = _item(held, message, sign_message(message, keys.sign), on)
            path = f"items/{item_id(item).hex()}"
            contents[path] = item
            entries.append(Entry("item", path, len(item), channel, on))
    entries.sort(key=lambda entry: (entry.kind != "item", entry.path))
    manifest = Inbound(office.instance, office.id, secrets.token_bytes(ID_SIZE), 1, 1, 1, on, tuple(entries))
    archive = bundle.write(manifest, lambda entry, skip: iter([contents[entry.path][skip:]]), canonical.dump)
    file = to / f"peluit-in-{office.id}-1.tar"
    files.write_new(file, archive)
    return file


def _item(held: Held, message: Message, document: bytes, on: Day) -> bytes:
    week = calendar.epoch_of(on)
    channel = held.directory.office.channel(message.context.channel)
    assert channel is not None
    recipients = {reviewer: held.directory.epochs[week][reviewer] for reviewer in channel.recipients}
    return seal_item(document, message.context, week, recipients)


def _seal(kind: str) -> tuple[Evidence, bytes]:
    name, maker = MAKERS[kind]
    data, blob, key = maker(), secrets.token_bytes(ID_SIZE), secrets.token_bytes(_KEY_SIZE)
    sealer = BlobSealer(BlobId(blob), key, len(data))
    sealed = b"".join(sealer.chunks(BytesIO(data)))
    media = "image/jpeg" if kind == "picture" else "application/pdf"
    return Evidence(blob, key, name, media, len(data), sealer.chunk_list_hash), sealed
