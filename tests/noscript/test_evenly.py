"""How long a thread takes to answer does not tell what is in it."""

from types import SimpleNamespace

import pytest

from source_app.noscript import evenly
from tests.noscript.visitor import PlainVisitor


class Clock:
    """A time that goes by only where somebody works or waits."""

    def __init__(self) -> None:
        self.now = 7.31

    def spend(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(evenly, "time", SimpleNamespace(monotonic=lambda: made.now, sleep=made.spend))
    return made


@pytest.mark.parametrize(("work", "steps"), [(0.0, 1), (0.013, 1), (0.0999, 1), (0.101, 2), (0.35, 4)])
def test_work_takes_whole_steps(clock: Clock, work: float, steps: int) -> None:
    begun = clock.now
    with evenly.evenly():
        clock.spend(work)
    assert clock.now - begun == pytest.approx(steps * evenly.STEP)


def test_a_thread_is_answered_evenly(visitor: PlainVisitor, clock: Clock) -> None:
    begun, name = clock.now, visitor.codename()
    assert visitor.post("/en/thread/kota-contoh", ("codename", name)).status == 200
    assert clock.now - begun == pytest.approx(evenly.STEP)
