"""Whatever happens on the way: what the reporter was told is safe opens bit for bit at the station.

Hypothesis chooses what happens; each way it can go is a rule. The ways are the same at every run. To walk
others: PELUIT_EXPLORE=<how many> pytest tests/uploads
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from crypto import calendar
from crypto.constants import CHUNK_SIZE
from crypto.fields import Day
from store.layout import Layout
from tests.store.installation import install
from tests.uploads.reporter import TABS, Chosen, Reporter
from tests.uploads.server import Server, copy_of
from tests.uploads.worker import Sent, Worker

START = Day("2026-11-24")
SMALL = (0, 1, 65_535, 65_536, 65_537)
LARGE = (CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE + 77_777)
NAMES = ("bukti.jpg", "a\nb\u202egpj.exe", "n" * 4_000, "../..", "")
BUSY = (b"<html>busy</html>", b"", b'{"error": "no-code-of-ours"}')
EXPLORE = int(os.environ.get("PELUIT_EXPLORE", "0"))
SETTINGS = settings(
    max_examples=EXPLORE or 50,
    derandomize=not EXPLORE,
    stateful_step_count=20,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

sizes = st.sampled_from(LARGE) | st.sampled_from(SMALL) | st.sampled_from(LARGE)
tabs = st.sampled_from(TABS)
small = st.integers(0, 7)
some = st.integers(0, 5)
places = st.integers(0, 2**22)


class Uploads(RuleBasedStateMachine):
    """`worker` and `template` are shared by all examples: starting Node and making keys takes long."""

    worker: Worker
    template: Layout

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.day = START
        self.late: list[Sent] = []
        self.open.enter_context(mock.patch.object(calendar, "today", lambda: self.day))
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        layout = copy_of(self.template, folder / "data")
        self.server = Server(layout)
        self.worker.begin(START)
        self.reporter = Reporter(self.worker, self.server, layout)

    def file(self, which: int) -> Chosen:
        return self.reporter.files[which % len(self.reporter.files)]

    # -- what the reporter does

    @initialize(
        chosen=st.lists(
            st.tuples(sizes, st.sampled_from(NAMES), st.integers(0, 1)),
            min_size=1,
            max_size=3,
        )
    )
    def choose(self, chosen: list[tuple[int, str, int]]) -> None:
        for size, name, seed in chosen:
            self.reporter.choose(name, hashlib.shake_256(bytes([seed])).digest(size))

    @rule(tab=tabs, which=small)
    def send(self, tab: str, which: int) -> None:
        self.reporter.send(tab, self.file(which))

    @rule(first=some, tab=tabs, which=small, order=st.sampled_from(["pause", "resume", "now", "cancel"]))
    def steer(self, first: int, tab: str, which: int, order: str) -> None:
        self.go(first)
        self.reporter.steer(tab, self.file(which), order)

    @rule(tab=tabs)
    def reload(self, tab: str) -> None:
        self.reporter.load(tab)

    @rule(first=some, which=small, how=st.sampled_from(["other", "shorter", "gone", "back"]), place=places)
    def meddle_with_a_file(self, first: int, which: int, how: str, place: int) -> None:
        """One that is on its way, if there is any."""
        self.go(first)
        on_their_way = list(self.reporter.sending.values())
        chosen = on_their_way[which % len(on_their_way)] if on_their_way else self.file(which)
        data = bytearray(chosen.versions[-1])
        if how in ("gone", "back"):
            self.reporter.take_out(chosen, how == "gone")
        elif data and how == "other":
            data[place % len(data)] ^= 1
            self.reporter.change(chosen, bytes(data))
        elif data:
            self.reporter.change(chosen, bytes(data[: place % len(data)]))

    # -- what the network does

    @rule(count=st.integers(1, 16), which=st.sampled_from([0, -1, 3]))
    def let_through(self, count: int, which: int) -> None:
        self.go(count, which)

    @rule(latency=st.sampled_from([1, 700, 9_000, 61_000]))
    def speed(self, latency: int) -> None:
        self.worker.latency = latency

    @rule(first=some, which=small, arrives=st.sampled_from(["never", "now", "later"]))
    def break_the_connection(self, first: int, which: int, arrives: str) -> None:
        for sent in self.one(first, which):
            if arrives == "now":
                self.server.answer(sent)
            elif arrives == "later":
                self.late.append(sent)
            self.reporter.cut(sent)

    @rule(which=small)
    def arrive_late(self, which: int) -> None:
        """What the browser has given up, or can hear no answer to."""
        self.late += self.worker.given_up
        self.worker.given_up.clear()
        if self.late:
            self.server.answer(self.late.pop(which % len(self.late)))

    @rule(first=some, which=small, place=places)
    def break_in_the_middle_of_a_body(self, first: int, which: int, place: int) -> None:
        for sent in self.one(first, which):
            if sent.body:
                self.server.answer_cut(sent, place % len(sent.body))
            self.reporter.cut(sent)

    @rule(
        first=some, which=small, status=st.sampled_from([408, 429, 500, 502, 503]), body=st.sampled_from(BUSY)
    )
    def something_on_the_way_answers(self, first: int, which: int, status: int, body: bytes) -> None:
        for sent in self.one(first, which):
            self.reporter.answer(sent, status, body)

    # -- what the server does

    @rule(first=some, which=small, steps=st.integers(0, 24))
    def lose_power(self, first: int, which: int, steps: int) -> None:
        for sent in self.one(first, which):
            self.server.die_answering(sent, steps)
            self.server.restart()
            self.reporter.cut(sent)

    @rule(first=some, which=small, writes=st.integers(0, 6))
    def fill_up(self, first: int, which: int, writes: int) -> None:
        for sent in self.one(first, which):
            self.reporter.answer(sent, *self.server.answer_until_full(sent, writes))

    @rule(full=st.booleans())
    def run_out_of_room(self, full: bool) -> None:
        self.server.full = full

    @rule(days=st.integers(-7, 7), tidy=st.booleans())
    def move_the_clock(self, days: int, tidy: bool) -> None:
        """Forwards or back, anywhere within the weeks that the office's keys are for."""
        self.day = calendar.add_days(START, days)
        self.worker.set_day(self.day)
        if tidy:
            self.server.tidy(self.day)

    def one(self, first: int, which: int) -> Iterator[Sent]:
        """A request under way when so many others have been answered, pieces rather than talk; or none."""
        self.go(first)
        waiting = list(self.worker.waiting.values())
        pieces = [sent for sent in waiting if sent.method == "PUT"]
        among = pieces or waiting if which % 4 else waiting
        if among:
            yield among[which % len(among)]

    def go(self, count: int, which: int = 0) -> None:
        """So many answers; if nothing is on its way, a file that is not safe yet is begun or tried again."""
        if not self.reporter.sending:
            for chosen in self.reporter.unsafe()[:1]:
                self.reporter.send(TABS[0], chosen)
        for _ in range(count):
            self.reporter.step(which)

    # -- what must be true

    def teardown(self) -> None:
        with self.open:
            if self.reporter.files:
                self.calm_down()

    def calm_down(self) -> None:
        """Once the troubles are over, whatever was begun ends, and each file that is there can be sent."""
        self.server.full = False
        for tab in TABS:
            for chosen in self.reporter.files:
                self.reporter.steer(tab, chosen, "resume")
        self.reporter.run()
        assert not self.reporter.sending
        self.reporter.load("left")
        for chosen in self.reporter.files:
            if chosen.sendable:
                call = self.reporter.send("left", chosen)
                self.reporter.run()
                assert call in self.reporter.safe
        self.reporter.inbox.check()


def test_what_is_said_to_be_safe_opens_bit_for_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Uploads, "template", install(Layout(tmp_path / "template"), START).layout, raising=False
    )
    with Worker() as worker:
        monkeypatch.setattr(Uploads, "worker", worker, raising=False)
        run_state_machine_as_test(Uploads, settings=SETTINGS)
