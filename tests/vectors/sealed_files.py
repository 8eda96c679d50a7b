"""Vectors of sealed files: heads that are read, and what hostile ones are refused as."""

from collections.abc import Iterator
from typing import Any

from crypto import canonical
from crypto.binding import b64
from crypto.constants import MAX_ITEM_SIZE, SEALED_MAGIC
from tests.vectors.office import INSTANCE, Vector, vector

_Entry = dict[str, Any]


def _token(number: int) -> str:
    return b64(bytes([1]) * 28 + number.to_bytes(4))


def _item(number: int = 0, **other: object) -> _Entry:
    entry: _Entry = {"channel": "aduan", "kind": "item", "size": 11_757, "token": _token(number)}
    return entry | other


def _blob(number: int = 0, **other: object) -> _Entry:
    blob = b64(number.to_bytes(16))
    entry: _Entry = {"blob": blob, "kind": "blob", "size": 1_310_720, "token": _token(1_000 + number)}
    return entry | other


def _head(entries: object, **other: object) -> bytes:
    return canonical.dump(
        {"entries": entries, "instance": b64(INSTANCE), "office": "inspektorat", "suite": "peluit/1"} | other  # type: ignore[dict-item]
    )


def _file(head: bytes) -> bytes:
    return SEALED_MAGIC + len(head).to_bytes(4) + head


_THREE = [_item(0), _blob(), _item(1)]
_MOST = [_item(0)] + [entry for i in range(1, 257) for entry in (_blob(i), _item(i))]


def vectors() -> Iterator[Vector]:
    """Heads that are read and written, starts and heads that are refused."""
    yield from _good()
    yield from _starts()
    yield from _heads()


def _good() -> Iterator[Vector]:
    good = {
        "item": ([_item()], [11_757]),
        "items": ([_item(0), _item(1)], [11_757, 11_757]),
        "three": (_THREE, [11_757, 1_310_720 + 2 * 16, 11_757]),
        "most": (_MOST, [11_757] + 256 * [1_310_720 + 2 * 16, 11_757]),
        "largest": (
            [_item(size=MAX_ITEM_SIZE), _blob(size=2**40), _item(1)],
            [168_509, 2**40 + 2**24, 11_757],
        ),
    }
    for name, (entries, lengths) in good.items():
        head = _head(entries)
        out = {"length": len(head), "lengths": lengths, "office": "inspektorat", "written": _file(head).hex()}
        given = {"file": _file(head).hex(), "instance": INSTANCE.hex()}
        yield vector(f"sealed-file-{name}", name, "read-sealed-file", given, output=out)


def _starts() -> Iterator[Vector]:
    head = _head(_THREE)
    start = _file(head)[:20]
    bad = {
        "nothing": b"",
        "start-cut": start[:19],
        "magic": b"P" + start[1:] + head,
        "magic-version": SEALED_MAGIC.replace(b"1", b"2") + start[16:] + head,
        "length-short": SEALED_MAGIC + (len(head) - 1).to_bytes(4) + head,
        "length-none": SEALED_MAGIC + bytes(4) + head,
        "length-huge": SEALED_MAGIC + (2**18 + 1).to_bytes(4) + head,
        "length-most": SEALED_MAGIC + b"\xff\xff\xff\xff" + head,
        "head-cut": start + head[:-1],
    }
    for name, data in bad.items():
        yield _refused(name, data)


def _heads() -> Iterator[Vector]:
    heads: dict[str, object] = {
        "no-entries": [],
        "entries-object": {},
        "entry-text": ["item"],
        "too-many": [*_MOST, _item(300)],
        "blob-first": [_blob(), _item()],
        "blob-alone": [_blob()],
        "blob-last": [_item(), _blob()],
        "blobs": [_item(), _blob(0), _blob(1), _item(1)],
        "blob-twice": [_item(0), _blob(0), _item(1), _blob(1, blob=_blob(0)["blob"]), _item(2)],
        "token-twice": [_item(0), _item(0)],
        "token-of-blob": [_item(0), _blob(token=_token(0)), _item(1)],
        "kind": [_item(kind="report")],
        "no-kind": [{key: value for key, value in _item().items() if key != "kind"}],
        "key-more": [_item(name="file.pdf")],
        "blob-channel": [_item(), _blob(channel="aduan"), _item(1)],
        "channel": [_item(channel="../aduan")],
        "token-short": [_item(token=b64(bytes(31)))],
        "token-number": [_item(token=7)],
        "blob-id": [_item(), _blob(blob=b64(bytes(15))), _item(1)],
        "item-0": [_item(size=0)],
        "item-negative": [_item(size=-1)],
        "item-huge": [_item(size=MAX_ITEM_SIZE + 1)],
        "item-text": [_item(size="1")],
        "item-true": [_item(size=True)],
        "blob-0": [_item(), _blob(size=0), _item(1)],
        "blob-small": [_item(), _blob(size=65_535), _item(1)],
        "blob-not-padded": [_item(), _blob(size=1_310_721), _item(1)],
        "blob-huge": [_item(), _blob(size=2**40 + 2**34), _item(1)],
        "blob-most": [_item(), _blob(size=2**53 - 1), _item(1)],
    }
    for name, entries in heads.items():
        yield _refused(name, _file(_head(entries)))
    spaced = _head(_THREE).replace(b":", b": ", 1)
    yield _refused("spaced", _file(spaced), "not-canonical")
    yield _refused("not-json", _file(b"peluit"))
    yield _refused("list", _file(b"[]"))
    yield _refused("suite", _file(_head(_THREE, suite="peluit/2")), "wrong-version")
    yield _refused("office", _file(_head(_THREE, office="Inspektorat")))
    yield _refused("extra", _file(_head(_THREE, day="2026-01-01")))
    yield _refused("instance-short", _file(_head(_THREE, instance=b64(bytes(15)))))
    yield _refused("instance", _file(_head(_THREE, instance=b64(bytes(16)))), "wrong-context")


def _refused(name: str, data: bytes, kind: str = "malformed") -> Vector:
    given = {"file": data.hex(), "instance": INSTANCE.hex()}
    return vector(f"sealed-file-bad-{name}", name, "read-sealed-file", given, error=kind)
