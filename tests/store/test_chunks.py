"""Evidence on its way in: whole or not there, repeatable, and safe to cut off anywhere."""

import errno
import os
import secrets
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.blob import BlobId, blob_size, chunk_count, chunk_size
from crypto.fields import Day
from store import assembly
from store import chunks as chunks_module
from store.chunks import Chunks, Holdings
from store.errors import (
    BadChunkError,
    BusyError,
    CompleteError,
    IncompleteError,
    StorageFullError,
    TooLongError,
)
from store.inbox import InboxWriter
from store.incoming import Upload
from store.layout import Layout
from store.reader import InboxReader
from tests.store.installation import OFFICE, OTHER

DAY, LAST, AFTER = Day("2026-11-23"), Day("2026-11-26"), Day("2026-11-27")
DELETION = bytes(range(32))
PADDED = 5 * 2**20 - 2**18


@pytest.fixture
def chunks(layout: Layout, writer: InboxWriter) -> Chunks:
    return Chunks(layout, writer)


@pytest.fixture
def upload() -> Upload:
    return Upload(OFFICE, BlobId(secrets.token_bytes(16)), PADDED, LAST)


def content(upload: Upload) -> list[bytes]:
    pieces = [upload.blob * 65_537 for _ in range(chunk_count(upload.padded))]
    return [(bytes([n]) + piece)[: chunk_size(upload.padded, n)] for n, piece in enumerate(pieces)]


def in_pieces(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 65_536] for at in range(0, len(data), 65_536))


def put_all(chunks: Chunks, upload: Upload) -> None:
    for number, data in enumerate(content(upload)):
        chunks.put(upload, number, in_pieces(data))


def everything(layout: Layout) -> list[Path]:
    return [path for path in layout.incoming.parent.rglob("*") if path.is_file()]


def stored(layout: Layout, upload: Upload) -> bytes:
    return layout.blob(upload.office, upload.blob).read_bytes()


@pytest.mark.parametrize("padded", [65_536, 2**20, 2**20 + 2**16, 3 * 2**20, PADDED])
@pytest.mark.parametrize("order", [1, -1])
def test_a_blob_comes_together_from_chunks_in_any_order(
    layout, chunks, upload, reader, padded, order
) -> None:
    upload = replace(upload, padded=padded)
    numbered = list(enumerate(content(upload)))[::order]
    for number, data in numbered:
        chunks.put(upload, number, in_pieces(data))
    assert chunks.have(upload) == Holdings(tuple(range(chunk_count(padded))), complete=False)
    chunks.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == b"".join(content(upload))
    assert chunks.have(upload).complete
    assert everything(layout) == [layout.blob(OFFICE, upload.blob)]
    (entry,) = reader.page(OFFICE)
    assert (entry.id, entry.kind, entry.size, entry.day) == (upload.blob, "blob", blob_size(padded), DAY)


def test_nothing_is_there_before_the_first_chunk(layout: Layout, chunks: Chunks, upload: Upload) -> None:
    assert chunks.have(upload) == Holdings((), complete=False)
    assert list(layout.incoming.iterdir()) == []
    with pytest.raises(IncompleteError):
        chunks.finish(upload, DELETION, DAY)


def test_what_is_there_is_told(chunks: Chunks, upload: Upload) -> None:
    for number in (3, 0):
        chunks.put(upload, number, [content(upload)[number]])
    assert chunks.have(upload) == Holdings((0, 3), complete=False)


def test_a_chunk_that_is_there_already_stays_as_it_is(layout, chunks, upload) -> None:
    put_all(chunks, upload)

    def never() -> Iterator[bytes]:
        raise AssertionError("nothing is read")
        yield b""

    chunks.put(upload, 2, never())
    chunks.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == b"".join(content(upload))


@pytest.mark.parametrize("number", [-1, chunk_count(PADDED), 10**12])
def test_a_chunk_beyond_the_end_is_refused(layout, chunks, upload, number: int) -> None:
    with pytest.raises(BadChunkError):
        chunks.put(upload, number, [b"x"])
    assert everything(layout) == []


@pytest.mark.parametrize("number", [0, chunk_count(PADDED) - 1])
@pytest.mark.parametrize(
    ("change", "error"), [(-1, BadChunkError), (1, TooLongError), (-(10**9), BadChunkError)]
)
def test_a_chunk_of_another_length_leaves_nothing(layout, chunks, upload, number, change, error) -> None:
    size = max(0, chunk_size(PADDED, number) + change)
    with pytest.raises(error):
        chunks.put(upload, number, in_pieces(bytes(size)))
    assert everything(layout) == []
    assert chunks.have(upload).chunks == ()


def test_a_stream_without_end_is_cut(chunks: Chunks, upload: Upload) -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield bytes(2**16)

    with pytest.raises(TooLongError):
        chunks.put(upload, 0, endless())
    assert len(taken) == 17


def test_a_broken_connection_leaves_nothing(layout: Layout, chunks: Chunks, upload: Upload) -> None:
    def broken() -> Iterator[bytes]:
        yield bytes(500_000)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        chunks.put(upload, 0, broken())
    assert everything(layout) == []


def test_finishing_too_early_changes_nothing(layout: Layout, chunks: Chunks, upload: Upload) -> None:
    for number in (0, 1, 2, 4):
        chunks.put(upload, number, [content(upload)[number]])
    with pytest.raises(IncompleteError):
        chunks.finish(upload, DELETION, DAY)
    assert chunks.have(upload).chunks == (0, 1, 2, 4)
    chunks.put(upload, 3, [content(upload)[3]])
    chunks.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == b"".join(content(upload))


def test_finishing_again_changes_nothing(chunks, upload, reader: InboxReader) -> None:
    put_all(chunks, upload)
    chunks.finish(upload, DELETION, DAY)
    chunks.finish(upload, bytes(32), AFTER)
    assert [entry.day for entry in reader.page(OFFICE)] == [DAY]


def test_a_complete_blob_takes_no_more(chunks: Chunks, upload: Upload) -> None:
    put_all(chunks, upload)
    chunks.finish(upload, DELETION, DAY)
    with pytest.raises(CompleteError):
        chunks.put(upload, 0, [content(upload)[0]])
    with pytest.raises(CompleteError):
        chunks.put(upload, 99, [b""])


def test_a_blob_of_another_size_cannot_take_its_place(layout, chunks, upload) -> None:
    other = replace(upload, padded=65_536)
    put_all(chunks, other)
    put_all(chunks, upload)
    chunks.finish(upload, DELETION, DAY)
    with pytest.raises(IncompleteError):
        chunks.finish(other, DELETION, DAY)
    with pytest.raises(CompleteError):
        chunks.put(other, 0, [b""])
    assert not chunks.have(other).complete
    assert stored(layout, upload) == b"".join(content(upload))


def test_offices_do_not_meet(chunks: Chunks, upload: Upload) -> None:
    foreign = replace(upload, office=OTHER)
    put_all(chunks, upload)
    assert chunks.have(foreign).chunks == ()
    chunks.finish(upload, DELETION, DAY)
    assert not chunks.have(foreign).complete
    chunks.put(foreign, 0, [content(upload)[0]])


def test_no_file_or_folder_tells_when(layout: Layout, chunks: Chunks, upload: Upload) -> None:
    other = replace(upload, blob=BlobId(bytes(16)))
    chunks.put(other, 0, [content(other)[0]])
    put_all(chunks, upload)
    for _ in range(2):
        for path in (layout.incoming, *layout.incoming.rglob("*"), *layout.done.rglob("*")):
            status = path.stat()
            assert status.st_mtime_ns == 0, path
            assert status.st_atime_ns == 0 or path.is_dir(), path
            assert status.st_mode & 0o077 == 0
        chunks.finish(upload, DELETION, DAY)


def test_no_question_leaves_an_access_time(layout: Layout, chunks: Chunks, upload: Upload) -> None:
    chunks.put(upload, 0, [content(upload)[0]])
    chunks.have(upload)
    chunks.expire(DAY)
    within = layout.incoming / LAST / upload.within
    for path in (layout.incoming, layout.incoming / LAST, within.parent, within, within / "0"):
        assert path.stat().st_atime_ns == 0, path


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_disk_that_fills_up_while_a_chunk_comes_leaves_nothing(
    layout, chunks, upload, monkeypatch, call
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(chunks_module.os, call, full)
        with pytest.raises(StorageFullError):
            chunks.put(upload, 0, in_pieces(content(upload)[0]))
    assert everything(layout) == []
    put_all(chunks, upload)
    chunks.finish(upload, DELETION, DAY)


def test_a_disk_that_fills_up_at_the_end_loses_nothing(layout, chunks, upload, monkeypatch) -> None:
    put_all(chunks, upload)
    with monkeypatch.context() as patch:
        patch.setattr(assembly.os, "copy_file_range", full)
        with pytest.raises(StorageFullError):
            chunks.finish(upload, DELETION, DAY)
    assert len(chunks.have(upload).chunks) == chunk_count(PADDED)
    chunks.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == b"".join(content(upload))


def test_the_reserve_of_the_disk_is_left_free(layout: Layout, writer: InboxWriter, upload: Upload) -> None:
    greedy = Chunks(layout, writer, reserve=2**62)
    with pytest.raises(StorageFullError):
        greedy.put(upload, 0, [b""])
    with pytest.raises(StorageFullError):
        greedy.check_room(65_536)


def test_a_new_ticket_prolongs_an_upload(layout: Layout, chunks: Chunks, upload: Upload) -> None:
    chunks.put(upload, 0, [content(upload)[0]])
    later = replace(upload, expires=AFTER)
    assert chunks.have(later).chunks == (0,)
    chunks.put(upload, 1, [content(upload)[1]])
    assert chunks.have(later).chunks == (0, 1)
    chunks.expire(AFTER)
    assert chunks.have(later).chunks == (0, 1)
    assert {path.name for path in layout.incoming.iterdir()} == {AFTER}


def test_what_was_not_finished_in_time_goes(layout: Layout, chunks: Chunks, upload: Upload) -> None:
    chunks.put(upload, 0, [content(upload)[0]])
    chunks.expire(LAST)
    assert chunks.have(upload).chunks == (0,)
    chunks.expire(AFTER)
    assert chunks.have(upload).chunks == ()
    assert list(layout.incoming.iterdir()) == []


def test_an_expiry_in_the_middle_of_a_chunk_is_told(layout: Layout, chunks: Chunks, upload: Upload) -> None:
    def slow() -> Iterator[bytes]:
        yield bytes(2**20)
        chunks.expire(AFTER)
        yield bytes(16)

    with pytest.raises(BusyError):
        chunks.put(upload, 0, slow())
    assert everything(layout) == []


def test_a_leftover_of_a_killed_worker_goes_with_its_blob(
    layout: Layout, chunks: Chunks, upload: Upload
) -> None:
    put_all(chunks, upload)
    (folder,) = layout.incoming.glob("*/*/*")
    (folder / ".0123").write_bytes(b"half a chunk")
    chunks.finish(upload, DELETION, DAY)
    assert everything(layout) == [layout.blob(OFFICE, upload.blob)]


def in_child(action) -> int:
    """Runs `action` in a forked process; its exit code, negative for a signal."""
    child = os.fork()
    if not child:
        try:
            action()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# The system calls between which a finish can be cut, in the modules that make them.
STEPS = ("copy_file_range", "fsync", "unlink", "rename", "link", "ftruncate", "utime", "rmdir")


def killed_at(step: int):
    """Patches every step so that the one with this number kills the process before it is done."""
    left = [step]

    def patched(real):
        def call(*args, **kwargs):
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return real(*args, **kwargs)

        return call

    for name in STEPS:
        setattr(os, name, patched(getattr(os, name)))


def test_a_finish_that_is_killed_at_any_step_can_be_repeated(
    layout, chunks, upload, writer, reader, monkeypatch
):
    monkeypatch.setattr(assembly, "_BATCH", 2)
    codes = []
    for step in range(200):
        current = replace(upload, blob=BlobId(secrets.token_bytes(16)))
        put_all(chunks, current)

        def finish(step=step, current=current) -> None:
            killed_at(step)
            chunks.finish(current, DELETION, DAY)

        codes.append(in_child(finish))
        assert len(chunks.have(current).chunks) == chunk_count(PADDED)
        chunks.finish(current, DELETION, DAY)
        assert stored(layout, current) == b"".join(content(current))
        layout.blob(OFFICE, current.blob).unlink()
        if codes[-1] == 0:
            break
    assert set(codes[:-1]) == {-signal.SIGKILL}
    assert codes[-1] == 0
    assert len(codes) > 20
    assert reader.counts(OFFICE).blobs == len(codes)
    assert everything(layout) == []


def test_a_complete_blob_is_recorded_even_if_nobody_asks_again(chunks, upload, layout, reader) -> None:
    put_all(chunks, upload)

    def finish() -> None:
        chunks._record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        chunks.finish(upload, DELETION, DAY)

    assert in_child(finish) == -signal.SIGKILL
    assert layout.blob(OFFICE, upload.blob).exists()
    assert reader.page(OFFICE) == ()
    chunks.expire(AFTER)
    assert [entry.id for entry in reader.page(OFFICE)] == [upload.blob]
    assert stored(layout, upload) == b"".join(content(upload))


def test_two_workers_may_finish_at_once(layout, chunks, upload, reader) -> None:
    put_all(chunks, upload)
    children = [os.fork() for _ in range(1)]
    if children[0] == 0:
        try:
            chunks.finish(upload, DELETION, DAY)
            os._exit(0)
        except BaseException:
            os._exit(1)
    threads = [threading.Thread(target=chunks.finish, args=(upload, DELETION, DAY)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1]) == 0
    assert stored(layout, upload) == b"".join(content(upload))
    assert reader.counts(OFFICE).blobs == 1
    assert everything(layout) == [layout.blob(OFFICE, upload.blob)]
