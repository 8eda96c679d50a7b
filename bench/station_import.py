"""Import of 1,000 reports on the station, beside its floor: the same items opened, the same rows written.

The reports are sealed to three reviewers with an office's real keys and lie in one bundle on disk. The floor
has two parts: opening every item and checking its signature, and nothing else; and writing all that is in the
vault afterwards into a new SQLCipher file. What an import takes beyond them is checksums, case keys for three
readers, the log, the words for the search, and the rules that a message must keep. Memory is that of the
command `peluit station import`. BENCH_STATION_REPORTS sets another number, for a quick look.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Final

from bench.figures import median, seconds
from bench.line import Line, at_least, at_most, plain
from bench.processes import MIB, growing
from bench.station_filled import REVIEWER, SECRET, words
from crypto import signed
from crypto.item import read_shape
from crypto.open.item import open_item
from tests.e2e.office import PELUIT
from tests.workstation.office import ADUAN, Desk, Reporter, make_desk
from workstation.inbox import import_bundle
from workstation.station import Station, unlock

_REPORTS: Final = int(os.environ.get("BENCH_STATION_REPORTS", "1000"))
_RUNS, _SPEED, _MEMORY, _FLOORS = 3, 100, 128, 6


@dataclass(frozen=True)
class _Sealed:
    """An item, and the key that signed what is in it."""

    item: bytes
    verify: bytes


def measure() -> Iterator[Line]:
    """Medians of alternating runs."""
    with TemporaryDirectory(dir="/var/tmp", prefix="peluit-bench-") as made:
        desk = make_desk(Path(made))
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            sealed = list(threads.map(lambda _: _seal(desk.reporter()), range(_REPORTS)))
        bundle = desk.deliver(1, [each.item for each in sealed])
        rounds = [_round(desk, bundle, sealed, Path(made) / f"copy-{n}") for n in range(_RUNS)]
        spent, memory = _command(desk, bundle)
    imported, opened, written = (median(values) for values in zip(*rounds, strict=True))
    yield plain("station_import_reports", _REPORTS, "reports")
    yield plain("station_import_seconds", imported, "s (median)")
    yield at_least("station_import_speed", _REPORTS / imported, "reports/s", _SPEED)
    yield plain("station_import_floor_opening", opened, "s (median)")
    yield plain("station_import_floor_writing", written, "s (median)")
    yield at_most("station_import_vs_floor", imported / (opened + written), "times as long", _FLOORS)
    yield plain("station_import_command", spent, "s, start and unlocking included")
    yield at_most("station_import_command_memory", memory / MIB, "MiB", _MEMORY)


def _seal(reporter: Reporter) -> _Sealed:
    return _Sealed(reporter.report(words()), reporter.keys.verify)


def _round(desk: Desk, bundle: Path, sealed: list[_Sealed], folder: Path) -> tuple[float, float, float]:
    """Seconds of an import into a copy of the empty station, of opening alone and of writing alone."""
    copytree(desk.folder, folder)
    with unlock(folder, REVIEWER, SECRET) as station:
        imported = seconds(lambda: import_bundle(station, bundle))
        assert station.vault.value("SELECT count(*) FROM messages") == _REPORTS
        opened = seconds(lambda: _open(station, sealed))
        written = seconds(lambda: station.vault.copy(folder / "floor", station.keys.vault).close())
    return imported, opened, written


def _open(station: Station, sealed: list[_Sealed]) -> None:
    """What cryptography alone takes."""
    key = station.keys.epoch_key(read_shape(sealed[0].item).epoch)
    assert key is not None
    context = station.context(ADUAN)
    for each in sealed:
        signed.check_signature(open_item(each.item, key, context), "message", each.verify)


def _command(desk: Desk, bundle: Path) -> tuple[float, int]:
    """Seconds and most resident bytes of the command, on the station itself."""
    words_ = [PELUIT, "station", "import", str(bundle), *desk.as_(REVIEWER)]
    begin = time.perf_counter()
    process = subprocess.Popen(words_, stdout=subprocess.PIPE)
    with growing([process.pid]) as growth:
        said, _ = process.communicate()
    assert process.returncode == 0, said
    return time.perf_counter() - begin, max(growth.highest.values())
