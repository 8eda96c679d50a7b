"""How a bundle is cut into parts: the same parts each time, from nothing but what was frozen.

Each part is an archive of its own, so that a part that was damaged or lost can be made and carried again
alone (docs/protocol.md section 10). Items come before all blobs: the first part brings the texts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from tarfile import BLOCKSIZE

from crypto import canonical
from crypto.blob import blob_size
from crypto.constants import HASH_SIZE, ID_SIZE, MAX_BLOB_SIZE
from crypto.errors import MalformedError
from crypto.fields import ChannelId, Day, InstanceId, OfficeId
from crypto.manifest import LARGEST_PART, MAX_PARTS, Entry, Inbound, entry_json, write_manifest

# Manifest and checksums: a header, what fills the last block, and the brackets of the lists; then the end.
_FRAME = 4 * BLOCKSIZE + 2 * BLOCKSIZE
_CHECKSUMS = 512
_DIGEST = 2 * HASH_SIZE + 3  # with quotes and comma


def split(
    instance: InstanceId,
    office: OfficeId,
    bundle: bytes,
    number: int,
    day: Day,
    entries: Iterable[Entry],
    largest: int = LARGEST_PART,
) -> tuple[Inbound, ...]:
    """The manifests of a bundle's parts; no archive is larger than `largest` bytes.

    `entries` are whole: items, then blobs. A blob that does not fit into the room that is left is cut at a
    whole block. MalformedError if `largest` cannot hold an item, or the bundle needs more than MAX_PARTS.
    """
    empty = Inbound(instance, office, bundle, number, MAX_PARTS, MAX_PARTS, day, ())
    room = largest - _FRAME - _CHECKSUMS - len(write_manifest(empty))
    filled = list(_fill(entries, room)) or [()]
    if len(filled) > MAX_PARTS:
        raise MalformedError
    return tuple(
        replace(empty, part=part, parts=len(filled), entries=these) for part, these in enumerate(filled, 1)
    )


def _fill(entries: Iterable[Entry], room: int) -> Iterator[tuple[Entry, ...]]:
    part: list[Entry] = []
    left = room
    for entry in entries:
        rest: Entry | None = entry
        while rest is not None:
            fits = left - _overhead(rest)
            if rest.size <= fits:
                now, later = rest, None
            elif rest.kind == "blob" and fits >= BLOCKSIZE:
                now, later = _cut(rest, fits // BLOCKSIZE * BLOCKSIZE)
            elif part:
                yield tuple(part)
                part, left = [], room
                continue
            else:
                raise MalformedError
            part.append(now)
            left -= _overhead(rest) + now.size
            rest = later
    if part:
        yield tuple(part)


def _cut(blob: Entry, size: int) -> tuple[Entry, Entry]:
    return replace(blob, size=size), replace(blob, start=blob.start + size, size=blob.size - size)


def _overhead(entry: Entry) -> int:
    """At most so many bytes come with an entry: its header, its fill, its lines in both lists."""
    return 2 * BLOCKSIZE + _longest_line(entry.kind, entry.channel) + 1 + _DIGEST


@cache
def _longest_line(kind: str, channel: ChannelId | None) -> int:
    """No line of such an entry is longer. (To spell out 100,000 lines, at each download, takes seconds.)"""
    size = blob_size(MAX_BLOB_SIZE)
    longest = Entry(kind, f"{kind}s/{bytes(ID_SIZE).hex()}", size, channel, Day("2000-01-01"), size, size)
    return len(canonical.dump(entry_json(longest)))
