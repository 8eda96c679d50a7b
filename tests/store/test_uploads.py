"""Evidence on its way in: whole or not there, repeatable, and safe to cut off anywhere."""

import errno
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.blob import BlobId, blob_size, piece_count, run_size
from crypto.constants import MAX_PIECES, PIECE_SIZE
from store.errors import (
    BadPieceError,
    CompleteError,
    IncompleteError,
    StorageFullError,
    TextOnlyError,
    TooLongError,
    VanishedError,
)
from store.inbox import InboxWriter
from store.incoming import Upload
from store.layout import Layout
from store.pieces import Run
from store.quota import FOOTPRINT
from store.reader import InboxReader
from store.space import Limits
from store.uploads import Holdings, Uploads
from tests.store.installation import OFFICE, OTHER
from tests.store.uploading import (
    AFTER,
    DAY,
    DELETION,
    LAST,
    another,
    content,
    new_upload,
    put,
    put_all,
    put_pieces,
    run,
)

PADDED = 5 * 2**20 - 2**18
COUNT = piece_count(PADDED)


@pytest.fixture
def upload() -> Upload:
    return new_upload(PADDED)


def evidence(layout: Layout) -> list[Path]:
    """The files that hold something of a blob."""
    return [path for part in (layout.incoming, layout.done) for path in part.rglob("*") if path.is_file()]


def stored(layout: Layout, upload: Upload) -> bytes:
    return layout.blob(upload.office, upload.blob).read_bytes()


@pytest.mark.parametrize("padded", [65_536, 2**20, 2**20 + 2**16, 3 * 2**20, PADDED])
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("size", [1, 5, MAX_PIECES])
def test_a_blob_comes_together_from_pieces_in_any_order(layout, uploads, reader, padded, order, size) -> None:
    upload = new_upload(padded)
    for first in list(range(0, piece_count(padded), size))[::order]:
        put(uploads, upload, first, run(upload, first, size))
    assert uploads.have(upload) == Holdings((Run(0, piece_count(padded)),), complete=False)
    uploads.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)
    assert uploads.have(upload) == Holdings((Run(0, piece_count(padded)),), complete=True)
    assert evidence(layout) == [layout.blob(OFFICE, upload.blob)]
    (entry,) = reader.page(OFFICE)
    assert (entry.id, entry.kind, entry.size, entry.day) == (upload.blob, "blob", blob_size(padded), DAY)


def test_nothing_is_there_before_the_first_piece(layout, uploads, upload) -> None:
    assert uploads.have(upload) == Holdings((), complete=False)
    assert list(layout.incoming.iterdir()) == []
    with pytest.raises(IncompleteError):
        uploads.finish(upload, DELETION, DAY)


def test_what_is_there_is_told_in_runs(uploads, upload) -> None:
    put_pieces(uploads, upload, (3, 0, 4, COUNT - 1))
    assert uploads.have(upload).pieces == (Run(0, 1), Run(3, 2), Run(COUNT - 1, 1))


def test_a_piece_that_is_there_already_stays_as_it_is(layout, uploads, upload) -> None:
    put_all(uploads, upload)

    def never(_size: int) -> bytes:
        raise AssertionError("nothing is read")

    uploads.put(upload, 2, never, PIECE_SIZE, DAY)
    uploads.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)


def test_of_a_run_only_what_is_missing_is_written(layout, uploads, upload) -> None:
    put_pieces(uploads, upload, (1, 3))
    put(uploads, upload, 0, bytes(5 * PIECE_SIZE))
    put_all(uploads, upload)
    uploads.finish(upload, DELETION, DAY)
    kept, data = stored(layout, upload), content(upload)
    for number in range(COUNT):
        piece = slice(number * PIECE_SIZE, (number + 1) * PIECE_SIZE)
        assert kept[piece] == (bytes(PIECE_SIZE) if number in (0, 2, 4) else data[piece])


@pytest.mark.parametrize("first", [-1, COUNT, COUNT + 1, 10**12])
def test_a_piece_beyond_the_end_is_refused(layout, uploads, upload, first: int) -> None:
    with pytest.raises(BadPieceError):
        put(uploads, upload, first, b"x")
    assert evidence(layout) == []


END = run_size(PADDED, COUNT - 2, 2)


@pytest.mark.parametrize(
    ("first", "size", "error"),
    [
        (0, 0, BadPieceError),
        (0, 1, BadPieceError),
        (0, PIECE_SIZE - 1, BadPieceError),
        (0, PIECE_SIZE + 1, BadPieceError),
        (0, MAX_PIECES * PIECE_SIZE - 1, BadPieceError),
        (0, MAX_PIECES * PIECE_SIZE + 1, TooLongError),
        (0, 10**12, TooLongError),
        (COUNT - 2, END - 1, BadPieceError),
        (COUNT - 2, END + 1, TooLongError),
        (COUNT - 2, 2 * PIECE_SIZE, TooLongError),
    ],
)
def test_a_body_of_another_size_leaves_nothing(layout, uploads, upload, first, size, error) -> None:
    with pytest.raises(error):
        uploads.put(upload, first, lambda size: bytes(size), size, DAY)
    assert evidence(layout) == []
    assert uploads.have(upload).pieces == ()


def test_of_a_stream_without_end_no_more_is_read_than_was_said(uploads, upload) -> None:
    taken = []

    def endless(size: int) -> bytes:
        taken.append(size)
        return bytes(size)

    uploads.put(upload, 0, endless, 3 * PIECE_SIZE, DAY)
    assert sum(taken) == 3 * PIECE_SIZE


def test_a_body_is_not_held_in_memory(uploads, upload) -> None:
    taken = []

    def counted(size: int) -> bytes:
        taken.append(size)
        return bytes(size)

    uploads.put(upload, 0, counted, MAX_PIECES * PIECE_SIZE, DAY)
    assert max(taken) == PIECE_SIZE


def breaking(data: bytes, error: type[Exception] | None) -> Callable[[int], bytes]:
    """A body that ends too early, with an error or without."""
    left = [data]

    def read(size: int) -> bytes:
        part, left[0] = left[0][:size], left[0][size:]
        if not part and error is not None:
            raise error
        return part

    return read


@pytest.mark.parametrize("error", [ConnectionResetError, None])
@pytest.mark.parametrize("sent", [0, 1, PIECE_SIZE, 500_000, 16 * PIECE_SIZE - 1])
def test_a_broken_connection_leaves_nothing(layout, uploads, upload, error, sent: int) -> None:
    """Nothing that counts: what came lies where no mark is, and is written anew."""
    body = bytes(MAX_PIECES * PIECE_SIZE)
    with pytest.raises(error or BadPieceError):
        uploads.put(upload, 0, breaking(body[:sent], error), len(body), DAY)
    assert uploads.have(upload) == Holdings((), complete=False)
    put_all(uploads, upload)
    uploads.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)


def test_a_broken_connection_leaves_no_time(layout, uploads, upload) -> None:
    put_pieces(uploads, upload, [0])
    with pytest.raises(BadPieceError):
        uploads.put(upload, 1, breaking(bytes(PIECE_SIZE), None), 3 * PIECE_SIZE, DAY)
    assert {path.stat().st_mtime_ns for path in evidence(layout)} == {0}


def test_a_client_that_stalls_holds_nobody_up(uploads, upload) -> None:
    def stalled(size: int) -> bytes:
        # In the middle of this request another brings the same pieces.
        put(uploads, upload, 0, run(upload, 0, 2))
        return run(upload, 0)[:size]

    uploads.put(upload, 0, stalled, PIECE_SIZE, DAY)
    assert uploads.have(upload).pieces == (Run(0, 2),)


def test_finishing_too_early_changes_nothing(layout, uploads, upload) -> None:
    put_pieces(uploads, upload, [n for n in range(COUNT) if n != 3])
    with pytest.raises(IncompleteError):
        uploads.finish(upload, DELETION, DAY)
    assert uploads.have(upload).pieces == (Run(0, 3), Run(4, COUNT - 4))
    put_pieces(uploads, upload, [3])
    uploads.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)


def test_finishing_again_changes_nothing(uploads, upload, reader: InboxReader) -> None:
    put_all(uploads, upload)
    uploads.finish(upload, DELETION, DAY)
    uploads.finish(upload, bytes(32), AFTER)
    assert [entry.day for entry in reader.page(OFFICE)] == [DAY]


def test_a_complete_blob_takes_no_more_and_stays(layout, uploads, upload) -> None:
    put_all(uploads, upload)
    uploads.finish(upload, DELETION, DAY)
    for refused in (
        lambda: put(uploads, upload, 0, run(upload, 0)),
        lambda: put(uploads, upload, 9_999, b""),
        lambda: uploads.drop(upload),
    ):
        with pytest.raises(CompleteError):
            refused()
    assert stored(layout, upload) == content(upload)


def test_a_blob_of_another_size_cannot_take_its_place(layout, uploads, upload) -> None:
    other = replace(upload, padded=65_536)
    put_all(uploads, other)
    put_all(uploads, upload)
    uploads.finish(upload, DELETION, DAY)
    with pytest.raises(IncompleteError):
        uploads.finish(other, DELETION, DAY)
    with pytest.raises(CompleteError):
        put(uploads, other, 0, b"")
    assert not uploads.have(other).complete
    assert stored(layout, upload) == content(upload)


def test_offices_do_not_meet(uploads, upload) -> None:
    foreign = replace(upload, office=OTHER)
    put_all(uploads, upload)
    assert uploads.have(foreign).pieces == ()
    uploads.finish(upload, DELETION, DAY)
    assert not uploads.have(foreign).complete
    put_pieces(uploads, foreign, [0])


def test_what_was_given_up_is_dropped_and_can_begin_again(layout, uploads, upload) -> None:
    uploads.drop(upload)
    put_pieces(uploads, upload, range(5))
    uploads.drop(upload)
    assert evidence(layout) == []
    uploads.drop(upload)
    put_all(uploads, upload)
    uploads.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)


def test_a_drop_in_the_middle_of_a_request_is_told(layout, uploads, upload) -> None:
    def dropped(size: int) -> bytes:
        uploads.drop(upload)
        return bytes(size)

    put_pieces(uploads, upload, [1])
    with pytest.raises(VanishedError):
        uploads.put(upload, 0, dropped, PIECE_SIZE, DAY)
    assert evidence(layout) == []


def test_no_file_or_folder_tells_when(layout, uploads, upload) -> None:
    uploads.tidy(DAY)
    put_pieces(uploads, another(upload), [0])
    put_all(uploads, upload)
    for _ in range(2):
        for path in (layout.incoming, *layout.incoming.parent.rglob("*")):
            if path.is_relative_to(layout.root / layout.relayed.uploads):
                continue  # The reviewers' app tidies there.
            status = path.stat()
            assert status.st_mtime_ns == 0, path
            assert status.st_atime_ns == 0 or path.is_dir(), path
            assert status.st_mode & 0o077 == 0
        uploads.finish(upload, DELETION, DAY)


def test_no_question_leaves_an_access_time(layout, uploads, upload) -> None:
    put_pieces(uploads, upload, [0])
    uploads.have(upload)
    uploads.tidy(DAY)
    within = layout.incoming / LAST / upload.within
    files = (within / "whole", within / "have")
    for path in (layout.incoming, layout.incoming / LAST, within.parent, within, *files):
        assert path.stat().st_atime_ns == 0, path


# the disk


def full(*_: object, **__: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["pwrite", "fdatasync", "mkdir", "rename"])
def test_a_disk_that_fills_up_while_a_piece_comes_leaves_nothing(
    layout, uploads, upload, monkeypatch, call
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(StorageFullError):
            put(uploads, upload, 0, run(upload, 0, 4))
    assert uploads.have(upload).pieces == ()
    put_all(uploads, upload)
    uploads.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)


def test_a_disk_that_fills_up_at_any_piece_loses_none_before(layout, uploads, upload, monkeypatch) -> None:
    real = os.pwrite
    for number in range(COUNT):

        def nearly(file: int, data: bytes, at: int, number: int = number) -> int:
            # Not the marks, nor the quota's count, at the beginning of their files.
            if at == number * PIECE_SIZE and (number or len(data) > 16):
                real(file, data[: len(data) // 2], at)  # as much as still fits
                full()
            return real(file, data, at)

        with monkeypatch.context() as patch:
            patch.setattr(os, "pwrite", nearly)
            with pytest.raises(StorageFullError):
                put_pieces(uploads, upload, [number])
        assert uploads.have(upload).pieces == ((Run(0, number),) if number else ())
        put_pieces(uploads, upload, [number])
    uploads.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)


@pytest.mark.parametrize("call", ["fsync", "link", "write"])
def test_a_disk_that_fills_up_at_the_end_loses_nothing(layout, uploads, upload, monkeypatch, call) -> None:
    put_all(uploads, upload)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(StorageFullError):
            uploads.finish(upload, DELETION, DAY)
    assert uploads.have(upload).pieces == (Run(0, COUNT),)
    uploads.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)


def test_evidence_leaves_twice_the_reserve(layout: Layout, writer: InboxWriter, upload: Upload) -> None:
    found = os.statvfs(layout.root)
    free = found.f_bavail * found.f_frsize
    greedy = Uploads(layout, writer, Limits(reserve=free * 3 // 4))
    with pytest.raises(TextOnlyError):
        put_pieces(greedy, upload, [0])
    with pytest.raises(TextOnlyError):
        greedy.check_open(DAY)
    with pytest.raises(TextOnlyError):
        greedy.check_room(upload, DAY)
    assert evidence(layout) == []


def test_evidence_leaves_a_tenth_of_the_inodes(layout, uploads, upload, monkeypatch) -> None:
    found = os.statvfs(layout.root)
    few = os.statvfs_result((*found[:5], 1_000, 99, 99, *found[8:10]))
    enough = os.statvfs_result((*found[:5], 1_000, 100, 100, *found[8:10]))
    unlimited = os.statvfs_result((*found[:5], 0, 0, 0, *found[8:10]))
    monkeypatch.setattr(os, "statvfs", lambda _: few)
    with pytest.raises(TextOnlyError):
        put_pieces(uploads, upload, [0])
    with pytest.raises(TextOnlyError):
        uploads.check_room(upload, DAY)
    for told in (enough, unlimited):
        monkeypatch.setattr(os, "statvfs", lambda _, told=told: told)
        put_pieces(uploads, another(upload), [0])


def test_a_request_that_only_begins_leaves_nothing(layout, uploads, upload) -> None:
    with pytest.raises(BadPieceError):
        uploads.put(upload, 0, breaking(bytes(PIECE_SIZE - 1), None), MAX_PIECES * PIECE_SIZE, DAY)
    assert list(layout.incoming.iterdir()) == []


def test_what_is_here_of_a_blob_needs_no_room_again(layout, writer, uploads, upload) -> None:
    put_all(uploads, upload)
    greedy = Uploads(layout, writer, Limits(reserve=2**60))
    with pytest.raises(TextOnlyError):
        greedy.check_room(another(upload), DAY)
    greedy.check_room(upload, DAY)
    put_pieces(greedy, upload, [0])
    greedy.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)


# expiry


def test_a_new_ticket_prolongs_an_upload(layout, uploads, upload) -> None:
    put_pieces(uploads, upload, [0])
    later = replace(upload, expires=AFTER)
    assert uploads.have(later).pieces == (Run(0, 1),)
    put_pieces(uploads, upload, [1])
    assert uploads.have(later).pieces == (Run(0, 2),)
    uploads.tidy(AFTER)
    assert uploads.have(later).pieces == (Run(0, 2),)
    assert {path.name for path in layout.incoming.iterdir()} == {AFTER}


def test_what_was_not_finished_in_time_goes(layout, uploads, upload) -> None:
    put_pieces(uploads, upload, [0])
    uploads.tidy(LAST)
    assert uploads.have(upload).pieces == (Run(0, 1),)
    uploads.tidy(AFTER)
    assert uploads.have(upload).pieces == ()
    assert list(layout.incoming.iterdir()) == []


def test_a_clock_that_goes_back_removes_nothing(uploads, upload) -> None:
    put_pieces(uploads, upload, [0])
    for day in ("2026-11-25", "2026-11-22", "1970-01-01"):
        uploads.tidy(day)
    assert uploads.have(upload).pieces == (Run(0, 1),)
    put_all(uploads, upload)
    uploads.finish(upload, DELETION, DAY)


def test_an_expiry_in_the_middle_of_a_piece_is_told(layout, uploads, upload) -> None:
    def slow(size: int) -> bytes:
        uploads.tidy(AFTER)
        return bytes(size)

    put_pieces(uploads, upload, [1])
    with pytest.raises(VanishedError):
        uploads.put(upload, 0, slow, PIECE_SIZE, DAY)
    assert evidence(layout) == []


def test_what_killed_workers_left_goes(layout, uploads, upload) -> None:
    put_all(uploads, upload)
    (folder,) = layout.incoming.glob("*/*/*")
    (folder / ".0123").write_bytes(b"half a file")
    half = folder.with_name(".4567")
    half.mkdir()
    (half / "whole").touch()
    uploads.finish(upload, DELETION, DAY)
    uploads.tidy(AFTER)
    assert evidence(layout) == [layout.blob(OFFICE, upload.blob)]
    assert list(layout.incoming.iterdir()) == []


# several processes


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


# The system calls between which an upload can be cut, in the modules that make them.
STEPS = (
    *("fdatasync", "fsync", "link", "mkdir", "open", "pwrite"),
    *("rename", "rmdir", "unlink", "utime", "write"),
)


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


def killed_everywhere(action: Callable[[int], None], check: Callable[[], None], least: int) -> int:
    """Runs `action(step)` in processes killed ever later, `check` after each; how many there were."""
    codes = []
    for step in range(300):

        def cut(step: int = step) -> None:
            killed_at(step)
            action(step)

        codes.append(in_child(cut))
        check()
        if codes[-1] == 0:
            break
    assert set(codes[:-1]) == {-signal.SIGKILL}
    assert codes[-1] == 0
    assert len(codes) > least
    return len(codes)


def test_a_finish_that_is_killed_at_any_step_can_be_repeated(layout, uploads, upload, reader) -> None:
    current = [upload]

    def prepare() -> None:
        current[0] = another(upload)
        put_all(uploads, current[0])

    def check() -> None:
        assert uploads.have(current[0]).pieces == (Run(0, COUNT),)
        uploads.finish(current[0], DELETION, DAY)
        assert stored(layout, current[0]) == content(current[0])
        layout.blob(OFFICE, current[0].blob).unlink()
        prepare()

    prepare()
    count = killed_everywhere(lambda _: uploads.finish(current[0], DELETION, DAY), check, 20)
    assert reader.counts(OFFICE).blobs == count
    uploads.tidy(AFTER)
    assert evidence(layout) == []


def test_a_request_that_is_killed_at_any_step_can_be_repeated(layout, uploads, reader) -> None:
    current = [new_upload(2**18)]

    def check() -> None:
        upload, holdings = current[0], uploads.have(current[0])
        assert holdings.pieces in ((), (Run(0, 2),))
        if holdings.pieces:
            kept = next(layout.incoming.glob(f"*/*/{upload.blob.hex()}*/whole")).read_bytes()
            assert kept == run(upload, 0, 2)
        put_all(uploads, upload)
        uploads.finish(upload, DELETION, DAY)
        assert stored(layout, upload) == content(upload)
        current[0] = another(upload)

    killed_everywhere(lambda _: put(uploads, current[0], 0, run(current[0], 0, 2)), check, 20)
    uploads.tidy(AFTER)
    assert list(layout.incoming.iterdir()) == []


def test_a_drop_that_is_killed_at_any_step_can_be_repeated(layout, uploads, upload) -> None:
    def check() -> None:
        uploads.drop(upload)
        assert uploads.have(upload) == Holdings((), complete=False)
        put_all(uploads, upload)

    put_all(uploads, upload)
    killed_everywhere(lambda _: uploads.drop(upload), check, 3)
    uploads.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)


def test_a_complete_blob_is_recorded_even_if_nobody_asks_again(uploads, upload, layout, reader) -> None:
    put_all(uploads, upload)

    def finish() -> None:
        uploads._record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        uploads.finish(upload, DELETION, DAY)

    assert in_child(finish) == -signal.SIGKILL
    assert layout.blob(OFFICE, upload.blob).exists()
    assert reader.page(OFFICE) == ()
    uploads.tidy(AFTER)
    assert [entry.id for entry in reader.page(OFFICE)] == [upload.blob]
    assert stored(layout, upload) == content(upload)


def test_a_record_that_does_not_fit_keeps_no_other_upload_from_expiring(
    layout, uploads, upload, reader, monkeypatch
) -> None:
    given_up = [another(upload) for _ in range(8)]
    for each in (*given_up, upload):
        put_all(uploads, each)
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "_record", full)
        with pytest.raises(StorageFullError):
            uploads.finish(upload, DELETION, DAY)
        with pytest.raises(StorageFullError):
            uploads.tidy(AFTER)
    assert [path.name for path in layout.incoming.glob("*/*/*")] == [f"{upload.blob.hex()}-{PADDED}"]
    assert [path.name for path in layout.blanks.iterdir()] == [AFTER]
    uploads.tidy(AFTER)
    assert [entry.id for entry in reader.page(OFFICE)] == [upload.blob]
    assert list(layout.incoming.iterdir()) == []


def test_what_was_cut_off_at_the_very_end_and_erased_since_can_be_sent_again(layout, uploads, upload) -> None:
    put_all(uploads, upload)

    def finish() -> None:
        uploads._incoming.remove = lambda _: os.kill(os.getpid(), signal.SIGKILL)
        uploads.finish(upload, DELETION, DAY)

    assert in_child(finish) == -signal.SIGKILL
    layout.blob(OFFICE, upload.blob).unlink()  # as an acknowledged bundle does
    with pytest.raises(IncompleteError):
        uploads.finish(upload, DELETION, DAY)
    assert uploads.have(upload).pieces == ()
    put_all(uploads, upload)
    uploads.finish(upload, DELETION, DAY)
    assert stored(layout, upload) == content(upload)


def together(*actions: Callable[[], object]) -> list[int]:
    """Runs each action in a process of its own, all at once; their exit codes."""
    go_read, go_write = os.pipe()
    children = []
    for action in actions:
        child = os.fork()
        if not child:
            os.close(go_write)
            os.read(go_read, 1)
            try:
                action()
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(child)
    os.close(go_read)
    os.close(go_write)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def test_two_workers_may_bring_the_same_pieces_at_once(layout, uploads, writer) -> None:
    # Four may make the upload's folder at once, of which one stays.
    limits = Limits(evidence_per_day=10 * (blob_size(2**20) + 4 * FOOTPRINT))
    for _ in range(10):
        upload = new_upload(2**20)
        counted = Uploads(layout, writer, limits)
        assert together(*[lambda: put_all(counted, upload)] * 4) == [0] * 4  # noqa: B023
        uploads.finish(upload, DELETION, DAY)
        assert stored(layout, upload) == content(upload)
    # Each was counted once.
    with pytest.raises(TextOnlyError):
        put_all(Uploads(layout, writer, limits), new_upload(2**20))


def test_of_different_bytes_for_one_piece_one_wins(layout, uploads) -> None:
    for _ in range(10):
        upload = new_upload()
        bodies = [bytes([n]) * PIECE_SIZE for n in range(1, 5)]
        size = run_size(upload.padded, 0, 1)
        codes = together(*[lambda b=b: put(uploads, upload, 0, b[:size]) for b in bodies])  # noqa: B023
        assert codes == [0] * 4
        put_all(uploads, upload)
        uploads.finish(upload, DELETION, DAY)
        kept = stored(layout, upload)
        assert kept[:size] in [body[:size] for body in bodies]


def test_two_workers_may_finish_at_once(layout, uploads, upload, reader) -> None:
    put_all(uploads, upload)
    assert together(*[lambda: uploads.finish(upload, DELETION, DAY)] * 4) == [0] * 4
    assert stored(layout, upload) == content(upload)
    assert reader.counts(OFFICE).blobs == 1
    assert evidence(layout) == [layout.blob(OFFICE, upload.blob)]


def test_threads_lock_each_other_out_too(layout, uploads, upload, reader) -> None:
    put_all(uploads, upload)
    threads = [threading.Thread(target=uploads.finish, args=(upload, DELETION, DAY)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored(layout, upload) == content(upload)
    assert reader.counts(OFFICE).blobs == 1


def test_a_drop_beside_requests_leaves_no_mark_without_its_piece(layout, uploads) -> None:
    for _ in range(10):
        upload = new_upload(2**20)
        # A request that is dropped is told so, or comes after.
        together(
            lambda: put_all(uploads, upload),  # noqa: B023
            lambda: uploads.drop(upload),  # noqa: B023
            lambda: put_all(uploads, upload),  # noqa: B023
        )
        for piece in uploads.have(upload).pieces:
            (whole,) = layout.incoming.glob(f"*/*/{upload.blob.hex()}*/whole")
            begin = piece.first * PIECE_SIZE
            data = run(upload, piece.first, piece.count)
            assert whole.read_bytes()[begin : begin + len(data)] == data
        put_all(uploads, upload)
        uploads.finish(upload, DELETION, DAY)
        assert stored(layout, upload) == content(upload)


def test_everybody_may_tidy_at_once(layout, uploads, upload) -> None:
    for day in (DAY, LAST, AFTER):
        put_pieces(uploads, another(upload), [0])
        assert together(*[lambda: uploads.tidy(day)] * 4) == [0] * 4  # noqa: B023
    assert list(layout.incoming.iterdir()) == []


def test_ids_do_not_meet(uploads, upload) -> None:
    put_pieces(uploads, upload, [0])
    assert uploads.have(replace(upload, blob=BlobId(bytes(16)))).pieces == ()
