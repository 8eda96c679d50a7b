"""What a day may bring: counted when it is stored, once, and free again the next day."""

import errno
import os

import pytest

from crypto.blob import blob_size, run_size
from crypto.constants import PIECE_SIZE
from crypto.fields import Day
from store.errors import StorageFullError, TextOnlyError
from store.inbox import InboxWriter
from store.layout import Layout
from store.pieces import Run
from store.quota import FOOTPRINT, Quota
from store.space import Limits
from store.uploads import Uploads
from tests.store.uploading import DAY, DELETION, content, new_upload, put, put_all, put_pieces, run

NEXT = Day("2026-11-24")
PADDED = 2**20


@pytest.fixture
def narrow(layout: Layout, writer: InboxWriter) -> Uploads:
    """Takes twenty pieces of two files a day."""
    return Uploads(layout, writer, Limits(evidence_per_day=20 * PIECE_SIZE + 2 * FOOTPRINT))


def spent(layout: Layout, on: Day = DAY) -> int:
    return int.from_bytes((layout.spent / on).read_bytes())


def test_a_day_that_is_used_up_takes_no_more_and_the_next_does(layout, narrow) -> None:
    first, second = new_upload(PADDED), new_upload(PADDED)
    put_all(narrow, first)
    assert spent(layout) == blob_size(PADDED) + FOOTPRINT
    put_pieces(narrow, second, range(4))
    for refused in (
        lambda: put_pieces(narrow, second, [4]),
        lambda: narrow.check_room(second, DAY),
        lambda: narrow.check_open(DAY),
    ):
        with pytest.raises(TextOnlyError):
            refused()
    assert narrow.have(second).pieces == (Run(0, 4),)
    narrow.finish(first, DELETION, DAY)
    narrow.check_room(second, NEXT)
    put_all(narrow, second, NEXT)
    narrow.finish(second, DELETION, NEXT)
    assert layout.blob(second.office, second.blob).read_bytes() == content(second)
    assert spent(layout) == 20 * PIECE_SIZE + 2 * FOOTPRINT
    assert spent(layout, NEXT) == blob_size(PADDED) - 4 * PIECE_SIZE


def test_requests_under_way_may_go_beyond_the_day_by_no_more_than_themselves(layout, narrow) -> None:
    """Two workers may each find room for what only one of them can still store."""
    upload, other = new_upload(PADDED), new_upload(PADDED)
    meanwhile = iter([lambda: put(narrow, other, 0, run(other, 0, 16))])

    def slow(size: int) -> bytes:
        for act in meanwhile:
            act()
        return bytes(size)

    put_pieces(narrow, upload, [0])
    narrow.put(upload, 0, slow, 16 * PIECE_SIZE, DAY)
    assert spent(layout) == 32 * PIECE_SIZE + 2 * FOOTPRINT
    with pytest.raises(TextOnlyError):
        put_pieces(narrow, new_upload(PADDED), [0])


def test_what_is_sent_again_is_counted_once(layout, narrow) -> None:
    upload = new_upload(PADDED)
    for _ in range(5):
        put_pieces(narrow, upload, [0])
        put(narrow, upload, 0, run(upload, 0, 2))
    assert spent(layout) == 2 * PIECE_SIZE + FOOTPRINT


def test_what_a_broken_request_brought_is_counted_once(layout, narrow) -> None:
    upload = new_upload(PADDED)

    def broken(data: list[bytes]):
        def read(_size: int) -> bytes:
            if not data:
                raise ConnectionResetError
            return data.pop()

        return read

    for _ in range(3):
        with pytest.raises(ConnectionResetError):
            narrow.put(upload, 0, broken([bytes(PIECE_SIZE)] * 3), 16 * PIECE_SIZE, DAY)
    assert spent(layout) == 3 * PIECE_SIZE + FOOTPRINT
    put_all(narrow, upload)
    assert spent(layout) == blob_size(PADDED) + FOOTPRINT


def test_announcing_costs_nobody_anything(layout, narrow) -> None:
    def silent(_size: int) -> bytes:
        raise TimeoutError

    for _ in range(50):
        upload = new_upload(PADDED)
        narrow.check_room(upload, DAY)
        with pytest.raises(TimeoutError):
            narrow.put(upload, 0, silent, 16 * PIECE_SIZE, DAY)
    assert [path for part in (layout.spent, layout.incoming) for path in part.iterdir()] == []
    put_all(narrow, new_upload(PADDED))


def test_a_full_disk_is_told_as_such(layout, narrow, monkeypatch) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    upload = new_upload()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", full)
        with pytest.raises(StorageFullError):
            put_pieces(narrow, upload, [0])
    put_all(narrow, upload)
    assert spent(layout) == blob_size(65_536) + FOOTPRINT


def test_what_is_small_counts_as_what_it_takes_of_the_disk(layout, narrow) -> None:
    """Or a stranger would use up the inodes with pieces of fifteen bytes, and the day's quota never."""
    upload = new_upload()
    put_pieces(narrow, upload, [1])
    assert spent(layout) == run_size(65_536, 1, 1) + FOOTPRINT == 15 + FOOTPRINT
    (folder,) = layout.incoming.glob("*/*/*")
    assert sum(512 * path.stat().st_blocks for path in (folder, *folder.iterdir())) <= spent(layout)


def test_a_clock_that_goes_back_by_a_day_finds_its_count(layout, narrow) -> None:
    put_all(narrow, new_upload(PADDED), DAY)
    narrow.tidy(NEXT)
    assert spent(layout) == blob_size(PADDED) + FOOTPRINT
    narrow.tidy(Day("2026-11-25"))
    assert [path.name for path in sorted(layout.spent.iterdir())] == [NEXT, "2026-11-25"]
    narrow.tidy(Day("2026-11-26"))
    assert NEXT not in [path.name for path in layout.spent.iterdir()]


def test_a_count_leaves_no_time(layout, narrow) -> None:
    put_all(narrow, new_upload())
    narrow.check_open(DAY)
    for path in (layout.spent, layout.spent / DAY):
        assert path.stat().st_mtime_ns == 0
    assert (layout.spent / DAY).stat().st_atime_ns == 0


def test_counts_of_several_hosts_add_up(layout: Layout) -> None:
    children = []
    for _ in range(4):
        child = os.fork()
        if not child:
            for _ in range(500):
                Quota(layout.spent, 10**9).add(7, DAY)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert spent(layout) == 4 * 500 * 7
