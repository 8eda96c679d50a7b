"""What a person sees while something long goes on: how much, how fast, how long still, on 80 columns."""

import io
import re

import pytest

from workstation import progress, terminal, texts
from workstation.progressbar import TerminalProgress


class Screen(io.StringIO):
    """A terminal; `lines` are what stood on its last line, one after the other."""

    def isatty(self) -> bool:
        return True

    @property
    def lines(self) -> list[str]:
        return [line for line in re.split(r"\r|\x1b\[K|\n", self.getvalue()) if line]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_bytes_speed_and_time_left(clock: Clock) -> None:
    screen = Screen()
    bar = TerminalProgress(screen, clock)
    bar.begin(progress.READING, 12, 2_000_000_000)
    for clock.now in (1.0, 10.0, 20.0):
        bar.advance(1, 100_000_000)
    bar.end()
    assert screen.lines == [
        "Reading and checking: 0 B of 2.0 GB",
        "Reading and checking: 100.0 MB of 2.0 GB",
        "Reading and checking: 200.0 MB of 2.0 GB, 20.0 MB/s, 2 min left",
        "Reading and checking: 300.0 MB of 2.0 GB, 15.0 MB/s, 2 min left",
    ]
    assert screen.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("speed", "said"), [(1_000_000, "55 s left"), (100_000, "9 min left"), (5_000, "3 h left")]
)
def test_time_left_in_fitting_units(clock: Clock, speed: int, said: str) -> None:
    screen = Screen()
    bar = TerminalProgress(screen, clock)
    bar.begin(progress.JOINING, 1, speed * 5 + 55_000_000)
    clock.now = 5.0
    bar.advance(0, speed * 5)
    assert screen.lines[-1].endswith(said)


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("step", [progress.READING, progress.JOINING, progress.EXPORTING])
def test_the_longest_line_fits_on_80_columns(clock: Clock, language: str, step: str) -> None:
    texts.use(language)
    screen = Screen()
    bar = TerminalProgress(screen, clock)
    bar.begin(step, 100_000, 999_900_000_000)
    clock.now = 100.0
    bar.advance(1, 888_888_888_888)
    bar.begin(progress.OPENING, 100_000)
    bar.begin(progress.SETTLING, 100_000)
    assert all(terminal.width(line) < 80 and "…" not in line for line in screen.lines)
    assert len(screen.lines) == 4


def test_a_narrow_terminal_gets_a_cut_line(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    screen = Screen()
    TerminalProgress(screen, clock).begin(progress.READING, 1, 10**9)
    assert max(map(len, screen.lines)) < 30


def test_plain_lines_for_a_log(clock: Clock) -> None:
    log = io.StringIO()
    bar = TerminalProgress(log, clock)
    bar.title("Bundle 4, part 2: \x1b[2Jstick.tar")
    bar.begin(progress.READING, 20, 1_000)
    for _ in range(20):
        bar.advance(1, 50)
    bar.end()
    lines = log.getvalue().splitlines()
    assert lines[0] == "Bundle 4, part 2: ‹U+001B›[2Jstick.tar"
    assert len(lines) == 12
    assert lines[-1] == "Reading and checking: 1.0 kB of 1.0 kB"
