"""One pass over a blob: any damage is named exactly, everything else comes out, and memory stays bounded."""

import errno
import os
import secrets
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto.blob import BlobId
from crypto.constants import CHUNK_SIZE
from crypto.message import Evidence
from crypto.open.blob import SEALED_CHUNK_SIZE as STEP
from crypto.seal.blob import BlobSealer
from workstation import files, parallel, unsealing
from workstation.progress import Progress
from workstation.unsealing import Unsealed, unseal

SIZE = 5 * CHUNK_SIZE + 12_345
COUNT = 6
DATA = secrets.token_bytes(SIZE)


def seal(data: bytes) -> tuple[Evidence, bytes]:
    name, key = BlobId(secrets.token_bytes(16)), secrets.token_bytes(32)
    sealer = BlobSealer(name, key, len(data))
    blob = b"".join(sealer.chunks(BytesIO(data)))
    return Evidence(name, key, "a", "", len(data), sealer.chunk_list_hash), blob


EVIDENCE, BLOB = seal(DATA)


def opened(folder: Path, blob: bytes, evidence: Evidence = EVIDENCE) -> tuple[Unsealed, bytes]:
    """What a pass says, and what it wrote."""
    (folder / "blob").write_bytes(blob)
    with (folder / "blob").open("rb") as source, files.unnamed(folder) as into:
        done = unseal(evidence, source.fileno(), into)
        into.name(folder / "out")
    try:
        return done, (folder / "out").read_bytes()
    finally:
        (folder / "out").unlink()


def chunk(number: int) -> bytes:
    return BLOB[number * STEP : (number + 1) * STEP]


def runs(done: Unsealed) -> list[tuple[int, int]]:
    return [(run.start, run.stop) for run in done.damage.damaged]


@pytest.mark.parametrize("cores", [1, 2, 8])
def test_intact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr(parallel, "cores", lambda: cores)
    done, out = opened(tmp_path, BLOB)
    assert not done.damage.found
    assert out == DATA
    assert (done.written, done.sha256) == (SIZE, sha256(DATA).digest())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flipped=st.sets(st.integers(0, COUNT - 1)),
    length=st.one_of(st.just(len(BLOB)), st.integers(0, len(BLOB))),
    at=st.integers(0, 2**20),
)
def test_damage_is_named_and_the_rest_comes_out(
    tmp_path: Path, flipped: set[int], length: int, at: int
) -> None:
    blob = bytearray(BLOB)
    for number in flipped:
        size = len(chunk(number))
        blob[number * STEP + at % size] ^= 1
    present = COUNT if length == len(BLOB) else length // STEP
    done, out = opened(tmp_path, bytes(blob[:length]))

    named = {number for first, stop in runs(done) for number in range(first, stop)}
    assert named == {number for number in flipped if number < present}
    assert list(done.damage.missing) == list(range(present, COUNT))
    assert done.damage.found == bool(named or present < COUNT)

    expected = bytearray(DATA[: present * CHUNK_SIZE])
    for number in named:
        begin, end = number * CHUNK_SIZE, min((number + 1) * CHUNK_SIZE, len(expected))
        expected[begin:end] = bytes(end - begin)
    assert out == expected
    assert done.sha256 == sha256(out).digest()


@pytest.mark.parametrize(
    ("order", "named"),
    [
        ([1, 0, 2, 3, 4, 5], [(0, 2)]),
        ([0, 1, 1, 3, 4, 5], [(2, 3)]),
        ([1, 2, 3, 4, 5], [(0, 4)]),
        ([5, 4, 3, 2, 1, 0], [(0, 6)]),
    ],
)
def test_chunks_in_another_order_do_not_open(
    tmp_path: Path, order: list[int], named: list[tuple[int, int]]
) -> None:
    done, _ = opened(tmp_path, b"".join(map(chunk, order)))
    assert done.damage.found
    assert runs(done) == named


def test_a_chunk_of_another_file_does_not_open(tmp_path: Path) -> None:
    _, other = seal(DATA)
    done, out = opened(tmp_path, chunk(0) + other[STEP : 2 * STEP] + BLOB[2 * STEP :])
    assert runs(done) == [(1, 2)]
    assert out[:CHUNK_SIZE] == DATA[:CHUNK_SIZE]
    assert out[2 * CHUNK_SIZE :] == DATA[2 * CHUNK_SIZE :]


def test_bytes_at_the_end_are_counted(tmp_path: Path) -> None:
    done, out = opened(tmp_path, BLOB + bytes(77))
    assert done.damage.surplus == 77
    assert (done.damage.found, done.damage.intact, out == DATA) == (True, COUNT, True)


def test_another_file_than_the_message_names(tmp_path: Path) -> None:
    evidence = Evidence(EVIDENCE.blob, EVIDENCE.key, "a", "", SIZE, bytes(32))
    done, _ = opened(tmp_path, BLOB, evidence)
    assert done.damage.other
    assert (done.damage.found, done.damage.intact) == (True, COUNT)


def test_padding_that_is_not_zero(tmp_path: Path) -> None:
    said = Evidence(EVIDENCE.blob, EVIDENCE.key, "a", "", SIZE - 10, EVIDENCE.chunks)
    done, out = opened(tmp_path, BLOB, said)
    assert done.damage.padding
    assert (done.damage.found, done.damage.other) == (True, False)
    assert out == DATA[:-10]


def test_a_claimed_size_of_a_tebibyte_takes_no_time_and_no_room(tmp_path: Path) -> None:
    said = Evidence(EVIDENCE.blob, EVIDENCE.key, "a", "", 2**40, EVIDENCE.chunks)
    done, out = opened(tmp_path, BLOB, said)
    assert len(done.damage.missing) == 2**20 - 5
    assert out == DATA[: 5 * CHUNK_SIZE]


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, CHUNK_SIZE, CHUNK_SIZE + 1])
def test_small_files(tmp_path: Path, size: int) -> None:
    evidence, blob = seal(DATA[:size])
    done, out = opened(tmp_path, blob, evidence)
    assert (done.damage.found, out == DATA[:size]) == (False, True)
    done, out = opened(tmp_path, blob[:-1], evidence)
    assert done.damage.missing
    assert out == DATA[: (done.damage.count - 1) * CHUNK_SIZE]


def test_a_place_that_the_disk_cannot_read_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.preadv

    def failing(descriptor: int, buffers: list[memoryview], offset: int) -> int:
        if offset == 2 * STEP:
            raise OSError(errno.EIO, "Input/output error")
        return real(descriptor, buffers, offset)

    monkeypatch.setattr(os, "preadv", failing)
    done, out = opened(tmp_path, BLOB)
    assert runs(done) == [(2, 3)]
    assert out[3 * CHUNK_SIZE :] == DATA[3 * CHUNK_SIZE :]


def test_what_is_written_is_flushed_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise progress would run ahead of a slow stick by as much as memory holds."""
    real, flushed = files.Unnamed.sync, []

    def sync(self: files.Unnamed) -> None:
        flushed.append(sum(sizes))
        real(self)

    class Count(Progress):
        def advance(self, items: int, size: int = 0) -> None:
            sizes.append(size)

    sizes: list[int] = []
    monkeypatch.setattr(unsealing, "_SYNC_CHUNKS", 2)
    monkeypatch.setattr(files.Unnamed, "sync", sync)
    (tmp_path / "blob").write_bytes(BLOB)
    with (tmp_path / "blob").open("rb") as source, files.unnamed(tmp_path) as into:
        unseal(EVIDENCE, source.fileno(), into, Count())
    assert flushed == [CHUNK_SIZE, 3 * CHUNK_SIZE, 5 * CHUNK_SIZE]


def test_short_reads_are_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.preadv
    monkeypatch.setattr(os, "preadv", lambda d, buffers, at: real(d, [buffers[0][:300_001]], at))
    done, out = opened(tmp_path, BLOB)
    assert (done.damage.found, out == DATA) == (False, True)


GROWTH = """
import os, resource, sys
from pathlib import Path
from crypto.message import Evidence
from workstation import files
from workstation.unsealing import unseal

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

evidence = Evidence(bytes(16), bytes(32), "a", "", int(sys.argv[1]), bytes.fromhex(sys.argv[2]))
source = os.open(sys.argv[3], os.O_RDONLY)
before = peak()
with files.unnamed(Path(sys.argv[4])) as into:
    done = unseal(evidence, source, into)
assert not done.damage.found
print(peak() - before)
"""


def test_memory_grows_by_two_mebibytes_a_thread_whatever_the_size(tmp_path: Path) -> None:
    def growth(mebibytes: int) -> int:
        size = mebibytes * CHUNK_SIZE
        sealer = BlobSealer(BlobId(bytes(16)), bytes(32), size)
        with (tmp_path / "blob").open("wb") as blob, Path("/dev/zero").open("rb") as zeros:
            blob.writelines(sealer.chunks(_First(zeros, size)))  # type: ignore[arg-type]
        words = [str(size), sealer.chunk_list_hash.hex(), str(tmp_path / "blob"), str(tmp_path)]
        ran = subprocess.run(
            [sys.executable, "-c", GROWTH, *words], capture_output=True, text=True, check=True
        )
        return int(ran.stdout)

    most = parallel.cores() * 2 * CHUNK_SIZE + 4 * CHUNK_SIZE
    assert growth(16) <= most
    assert growth(192) <= most


class _First:
    """The first bytes of an endless file."""

    def __init__(self, file: object, size: int) -> None:
        self._file, self._left = file, size

    def read(self, count: int) -> bytes:
        count = min(count, self._left)
        self._left -= count
        return self._file.read(count)  # type: ignore[attr-defined,no-any-return]
