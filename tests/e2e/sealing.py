"""Sealed files as the sealing page makes them, for the office of a data folder (docs/protocol.md 9.2)."""

import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from crypto import calendar, codename
from crypto.blob import BlobId
from crypto.constants import ID_SIZE, ITEM_KEY_SIZE
from crypto.deletion import deletion_token, token_hash
from crypto.directory import read_slice
from crypto.fields import ChannelId, Day, OfficeId
from crypto.item import Context
from crypto.message import Content, Evidence, Message, Report, Thread, sign_message
from crypto.seal.blob import BlobSealer
from crypto.seal.item import seal_item
from crypto.sealed_file import BlobEntry, ItemEntry, SealedEntry, SealedHead, write_head
from store import site
from store.directories import Directories
from store.layout import Layout


@dataclass(frozen=True)
class Sealed:
    codename: str
    head: SealedHead
    data: bytes

    @property
    def seams(self) -> list[int]:
        """Where the entries begin in the file, and where the last one ends."""
        begin = len(self.data) - sum(entry.length for entry in self.head.entries)
        return list(accumulate((entry.length for entry in self.head.entries), initial=begin))


def seal(
    layout: Layout,
    office: OfficeId,
    channel: ChannelId,
    answers: Mapping[str, str],
    files: Mapping[str, bytes],
    on: Day | None = None,
) -> Sealed:
    """A report and files (name: content), sealed to this week's keys; with `on` to those of another day."""
    known, on = site.read(layout), on or calendar.today()
    root = next(one.root for one in known.offices if one.id == office)
    found = read_slice(Directories(layout, known).slice(office, on), root)
    recipients = next(one for one in found.office.channels if one.id == channel).recipients
    words = " ".join(codename.make("id"))
    keys = codename.keys(codename.stretch(codename.read(words), known.instance))
    thread = Thread(keys.verify, keys.reply.public, keys.hint)
    context = Context(known.instance, office, channel)
    entries: list[SealedEntry] = []
    parts: list[bytes] = []

    def token() -> bytes:
        return token_hash(deletion_token(keys.deletion, on, len(entries)))

    def add_item(content: Content, order: int) -> None:
        message = Message(context, on, order, "id", (), thread, content)
        document = sign_message(message, keys.sign)
        item = seal_item(document, context, found.epoch, {name: found.keys[name] for name in recipients})
        entries.append(ItemEntry(channel, len(item), token()))
        parts.append(item)

    add_item(Report(dict(answers)), 0)
    for order, (name, data) in enumerate(files.items(), 1):
        blob, key = BlobId(secrets.token_bytes(ID_SIZE)), secrets.token_bytes(ITEM_KEY_SIZE)
        sealer = BlobSealer(blob, key, len(data))
        parts.extend(sealer.chunks(io.BytesIO(data)))
        entries.append(BlobEntry(blob, sealer.padded, token()))
        add_item(Evidence(blob, key, name, "", len(data), sealer.chunk_list_hash), order)
    head = SealedHead(known.instance, office, tuple(entries))
    return Sealed(words, head, write_head(head) + b"".join(parts))
