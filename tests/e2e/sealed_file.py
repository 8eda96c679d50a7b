"""Reads a sealed file as a station would: every entry opened with a reviewer's own key."""

import io
from dataclasses import dataclass
from pathlib import Path

from crypto.constants import SEALED_START
from crypto.item import Context
from crypto.message import Evidence, Message
from crypto.open.blob import open_blob
from crypto.open.item import open_message
from crypto.sealed_file import BlobEntry, SealedHead, head_length, read_head
from tests.store.installation import INSTANCE, KEYS, OFFICE, REVIEWERS


@dataclass(frozen=True)
class Opened:
    """What a sealed file holds: its head, the messages in their order, each file's content by its name."""

    head: SealedHead
    messages: list[Message]
    files: dict[str, bytes]


def opened(path: Path, reviewer: str = "r1") -> Opened:
    """Any ProtocolError of an entry that does not open; AssertionError if something is left over."""
    stream = io.BytesIO(path.read_bytes())
    head = read_head(stream.read(head_length(stream.read(SEALED_START))), INSTANCE)
    assert head.office == OFFICE
    blobs: dict[bytes, bytes] = {}
    messages: list[Message] = []
    files: dict[str, bytes] = {}
    for entry in head.entries:
        data = stream.read(entry.length)
        assert len(data) == entry.length
        if isinstance(entry, BlobEntry):
            blobs[entry.blob] = data
            continue
        context = Context(INSTANCE, OFFICE, entry.channel)
        messages.append(open_message(data, KEYS[reviewer], context, REVIEWERS, reviewer))
        content = messages[-1].content
        if isinstance(content, Evidence):
            files[content.untrusted_name] = b"".join(open_blob(content, io.BytesIO(blobs[content.blob])))
    assert stream.read() == b""
    return Opened(head, messages, files)
