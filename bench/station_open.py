"""Opening a file of 1 GiB from memory to memory, beside cp, age, gpg and pysequoia on the same bytes.

BENCH_STATION_MIB sets another size, for a quick look. Needs six times the size in /dev/shm.
"""

import hashlib
import importlib
import importlib.util
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.figures import median
from bench.line import Line, at_least, plain, tell
from bench.processes import MIB
from crypto.blob import BlobId
from crypto.constants import CHUNK_SIZE
from crypto.message import Evidence
from crypto.open.blob import SEALED_CHUNK_SIZE, BlobOpener
from crypto.seal.blob import BlobSealer
from workstation import files, parallel
from workstation.unsealing import unseal

_SIZE: Final = int(os.environ.get("BENCH_STATION_MIB", "1024")) * MIB
_RUNS: Final = 5
_MEMORY: Final = Path("/dev/shm")
_INSTALL: Final = {
    "age": "apt-get install age",
    "gpg": "apt-get install gpg gpg-agent",
    "pysequoia": ".venv/bin/pip install --require-hashes -r requirements/bench.txt",
}
_GOALS: Final = {"cp": 0.7, "age": 2.5, "gpg": 2.0, "pysequoia": 3.5}
_LISTED_GOAL: Final = 0.4

Way = Callable[[Path], object]
"""Makes the file at this path from the same 1 GiB in its own form."""


def measure() -> Iterator[Line]:
    """Medians of alternating runs; a ratio is between medians of the same minutes"""
    if shutil.disk_usage(_MEMORY).free < 6 * _SIZE:
        tell(f"  Left out: {_MEMORY} has no {6 * _SIZE // MIB:,} MiB free.")
        return
    with tempfile.TemporaryDirectory(dir=_MEMORY, prefix="peluit-bench-") as made, _gnupg() as home:
        folder = Path(made)
        blob = _sealed(folder)
        ways: dict[str, Way] = {
            "tags": lambda out: _open(blob, out, listed=False),
            "listed": lambda out: _open(blob, out, listed=True),
            "export": lambda out: _export(blob, out),
            "cp": lambda out: _run("cp", str(blob.path), str(out)),
            **_others(folder, home),
        }
        speeds = _speeds(ways, folder)
    tell("  Against cp and the others: tags only. Listed: and the chunk list. Export: and the whole SHA-256.")
    for name, goal in _GOALS.items():
        if name in speeds:
            yield at_least(f"station_open_vs_{name}", speeds["tags"] / speeds[name], "times its speed", goal)
    ratio = speeds["listed"] / speeds["cp"]
    yield at_least("station_open_listed_vs_cp", ratio, "times its speed", _LISTED_GOAL)
    yield plain("station_export_vs_cp", speeds["export"] / speeds["cp"], "times its speed")
    for name, speed in speeds.items():
        yield plain(f"station_open_speed_{name}", speed / 1e6, "MB/s")


@dataclass(frozen=True)
class _Blob:
    evidence: Evidence
    path: Path


def _sealed(folder: Path) -> _Blob:
    """A file of random bytes, and its blob."""
    plaintext, path = folder / "plaintext", folder / "blob"
    with plaintext.open("wb") as file:
        for _ in range(0, _SIZE, MIB):
            file.write(os.urandom(MIB))
    name, key = BlobId(secrets.token_bytes(16)), secrets.token_bytes(32)
    sealer = BlobSealer(name, key, _SIZE)
    with plaintext.open("rb") as file, path.open("wb") as sealed:
        sealed.writelines(sealer.chunks(file))
    return _Blob(Evidence(name, key, "video.mp4", "video/mp4", _SIZE, sealer.chunk_list_hash), path)


def _open(blob: _Blob, out: Path, listed: bool) -> None:
    """The layer below an export: tags and places of all chunks, and if `listed` the chunk list's hash."""
    opener, list_hash = BlobOpener(blob.evidence), hashlib.sha256()
    with _descriptor(blob.path, os.O_RDONLY) as source, _descriptor(out, os.O_WRONLY | os.O_CREAT) as into:

        def worker() -> Callable[[int], bytes]:
            sealed, opened = memoryview(bytearray(SEALED_CHUNK_SIZE)), memoryview(bytearray(CHUNK_SIZE))

            def work(number: int) -> bytes:
                read = os.preadv(source, [sealed], number * SEALED_CHUNK_SIZE)
                opener.open(number, sealed[:read], opened)
                digest = hashlib.sha256(opened).digest() if listed else b""
                assert os.pwrite(into, opened, number * CHUNK_SIZE) == len(opened)
                return digest

            return work

        parallel.in_order(opener.count, worker, lambda _, digest: list_hash.update(digest))
    if listed:
        opener.check_list(list_hash.digest())


def _export(blob: _Blob, out: Path) -> None:
    """What `peluit station evidence export` does once the vault has said where and what."""
    with _descriptor(blob.path, os.O_RDONLY) as source, files.unnamed(out.parent) as file:
        done = unseal(blob.evidence, source, file)
        assert not done.damage.found
        file.name(out)


def _others(folder: Path, home: Path) -> dict[str, Way]:
    """Those of age, gpg and pysequoia that are installed; says how to get the others."""
    found: dict[str, Way] = {}
    for name, prepare in {"age": _age, "gpg": _gpg, "pysequoia": _pysequoia}.items():
        if shutil.which(name) or importlib.util.find_spec(name):
            found[name] = prepare(folder / "plaintext", folder / name, home)
        else:
            tell(f"  Without {name}, which is not installed: {_INSTALL[name]}")
    (folder / "plaintext").unlink()
    return found


def _age(plaintext: Path, sealed: Path, home: Path) -> Way:
    key = home / "age"
    _run("age-keygen", "-o", str(key))
    _run("age", "-e", "-i", str(key), "-o", str(sealed), str(plaintext))
    return lambda out: _run("age", "-d", "-i", str(key), "-o", str(out), str(sealed))


def _gpg(plaintext: Path, sealed: Path, home: Path) -> Way:
    gpg = ("gpg", "--homedir", str(home), "--batch", "--quiet", "--yes", "--trust-model", "always")
    _run(*gpg, "--pinentry-mode", "loopback", "--passphrase", "", "--quick-gen-key", "bench")
    _run(*gpg, "-z", "0", "--recipient", "bench", "--output", str(sealed), "--encrypt", str(plaintext))
    return lambda out: _run(*gpg, "--output", str(out), "--decrypt", str(sealed))


def _pysequoia(plaintext: Path, sealed: Path, _home: Path) -> Way:
    pysequoia: Any = importlib.import_module("pysequoia")
    key = pysequoia.Cert.generate("bench")
    pysequoia.encrypt_file(plaintext, sealed, recipients=[key], armor=False)
    return lambda out: pysequoia.decrypt_file(sealed, out, decryptor=key.secrets.decryptor())


@contextmanager
def _gnupg() -> Iterator[Path]:
    """A private folder for keys; the agent that gpg starts for it ends with it."""
    with tempfile.TemporaryDirectory(prefix="peluit-bench-") as home:
        try:
            yield Path(home)
        finally:
            with suppress(FileNotFoundError):
                _run("gpgconf", "--homedir", home, "--kill", "all")


def _speeds(ways: dict[str, Way], folder: Path) -> dict[str, float]:
    """Bytes of plaintext a second by each way, the median of several rounds after one that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    out = folder / "out"
    for number in range(_RUNS + 1):
        for name, way in ways.items():
            begin = time.perf_counter()
            way(out)
            if number:
                seconds[name].append(time.perf_counter() - begin)
            assert out.stat().st_size >= _SIZE
            out.unlink()
    return {name: _SIZE / median(spent) for name, spent in seconds.items()}


@contextmanager
def _descriptor(path: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)
