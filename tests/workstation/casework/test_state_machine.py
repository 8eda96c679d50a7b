"""Whatever people try, in whatever order: no case comes where the rules forbid it to be."""

import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crypto.calendar import add_days
from crypto.canonical import Json
from crypto.fields import Day, ReviewerId
from tests.workstation.office import PASSPHRASE, TODAY, Desk
from workstation import cases, thread
from workstation.cases import Case
from workstation.casework import course, journal, merging, moving, rules, stages
from workstation.casework.course import Course, Move, follow
from workstation.casework.journal import Kind, Step
from workstation.casework.stages import (
    ARROWS,
    HOLD_REASONS,
    OUTCOMES,
    REOPENINGS,
    STAGES,
    Facts,
    HoldReason,
    Stage,
)
from workstation.errors import StationError, VaultDamagedError
from workstation.inbox import import_bundle
from workstation.station import Station, unlock

PEOPLE = [ReviewerId("r1"), ReviewerId("r2"), ReviewerId("r3")]
TWO_PERSONS = {(s, e) for s in STAGES for e in ARROWS[s] if ARROWS[s][e].second}
WORDS = ["", " ", "karena", "objection", "new-facts", "silence", "accepted"]
SETTINGS = settings(derandomize=True, database=None, deadline=None)
MOVES = st.builds(
    Move,
    end=st.sampled_from(STAGES),
    outcome=st.sampled_from([None, *OUTCOMES]),
    reason=st.sampled_from(WORDS),
    reference=st.sampled_from(["", "ST-1"]),
    target=st.sampled_from([0, 4711]),
    answer=st.sampled_from(["", "Terima kasih."]),
)
SELDOM = st.sampled_from([True, *[False] * 5])
WHICH = st.integers(0, 2)
FACTS = st.builds(Facts, *[st.booleans()] * 9)


def sensible(now: Course, move: Move) -> Move:
    """The wish of somebody who reads what the next step asks for: else nobody would come far."""
    ends = rules.possible(now)
    if not ends:
        return move
    end = ends[STAGES.index(move.end) % len(ends)]
    arrow, known = ARROWS[now.stage][end], rules.outcomes(now, end)
    return Move(
        end=end,
        outcome=known[OUTCOMES.index(move.outcome or "answered") % len(known)] if known else None,
        reason=arrow.reasons[len(move.reason) % len(arrow.reasons)] if arrow.reasons else "karena",
        reference="ST-1" if arrow.reference else "",
        target=move.target if end == "merged" else 0,
        answer="Terima kasih." if arrow.answer else "",
    )


def check_history(now: Course) -> None:
    """What the rules promise of every case, wherever it stands."""
    stands: Stage = "received"
    objections = 0
    for moved in now.moves:
        move, arrow = moved.move, ARROWS[stands][moved.move.end]
        assert moved.start == stands
        if move.end == "closed":
            assert move.answer and move.outcome in OUTCOMES
        assert (moved.agreed is not None) is ((stands, move.end) in TWO_PERSONS)
        assert moved.agreed != moved.by
        assert not arrow.reference or move.reference
        objections += move.end == "reopened" and move.reason == "objection"
        stands = move.end
    assert stands == now.stage
    assert objections <= 1
    assert (now.outcome is not None) is (now.stage == "closed")
    assert now.hold is None or (now.proposal is None and stages.is_open(now.stage))
    if now.proposal is not None:
        assert (now.stage, now.proposal.move.end) in TWO_PERSONS
    for earlier, later in pairwise(now.holds):
        assert earlier.until is not None and earlier.step < later.step
    for hold in now.holds:
        assert not any(
            hold.step < moved.step and (hold.until is None or moved.day < hold.until) for moved in now.moves
        )


class OneCase(RuleBasedStateMachine):
    """The pure part: three people with every wish, and facts that change as they like."""

    def __init__(self) -> None:
        super().__init__()
        self.day, self.steps = Day("2026-11-02"), list[Step]()

    @property
    def now(self) -> Course:
        return follow(self.steps, Day("2026-11-02"))

    def add(self, by: ReviewerId, kind: Kind, details: Mapping[str, Json]) -> None:
        self.day = add_days(self.day, 1)
        self.steps.append(Step(len(self.steps) + 1, self.day, by, kind, details))

    @rule(by=st.sampled_from(PEOPLE), wish=MOVES, facts=FACTS, sense=st.booleans())
    def move(self, by: ReviewerId, wish: Move, facts: Facts, sense: bool) -> None:
        now = self.now
        wish = rules.complete(now, sensible(now, wish) if sense else wish)
        try:
            arrow = rules.check_move(now, wish, facts)
        except StationError:
            return
        kind: Kind = "proposed" if arrow.second else "moved"
        self.add(by, kind, course.move_json(wish) | ({} if arrow.second else {"proposed": 0}))

    @precondition(lambda self: self.now.stage == "closed")
    @rule(by=st.sampled_from(PEOPLE), other=st.sampled_from(PEOPLE), reason=st.sampled_from(REOPENINGS))
    def reopen_and_close_again(self, by: ReviewerId, other: ReviewerId, reason: str) -> None:
        everything = Facts(*[True] * 9)
        for wish in (Move("reopened", reason=reason), Move("review"), Move("no-action", reason="tetap")):
            self.move(by, wish, everything, sense=False)
        if self.now.proposal is not None:
            self.agree(other, everything)
        self.move(by, Move("closed", "no-action", answer="Tetap."), everything, sense=False)

    @precondition(lambda self: self.now.proposal is not None)
    @rule(by=st.sampled_from(PEOPLE), facts=FACTS)
    def agree(self, by: ReviewerId, facts: Facts) -> None:
        proposal = self.now.proposal
        assert proposal is not None
        try:
            rules.check_again(self.now, proposal.move, facts)
        except StationError:
            return
        if proposal.by != by:
            self.add(by, "moved", course.move_json(proposal.move) | {"proposed": proposal.step})

    @precondition(lambda self: self.now.proposal is not None)
    @rule(by=st.sampled_from(PEOPLE))
    def decline(self, by: ReviewerId) -> None:
        self.add(by, "declined", {"reason": "tidak"})

    @rule(by=st.sampled_from(PEOPLE), reason=st.sampled_from(HOLD_REASONS), seldom=SELDOM)
    def hold(self, by: ReviewerId, reason: HoldReason, seldom: bool) -> None:
        if not seldom:
            return
        try:
            rules.check_hold(self.now)
        except StationError:
            return
        self.add(by, "held", {"reason": reason, "review_on": "2027-01-04"})

    @precondition(lambda self: self.now.hold is not None)
    @rule(by=st.sampled_from(PEOPLE))
    def resume(self, by: ReviewerId) -> None:
        self.add(by, "resumed", {})

    @invariant()
    def keeps_to_the_rules(self) -> None:
        check_history(self.now)


def test_one_case() -> None:
    run_state_machine_as_test(OneCase, settings=settings(SETTINGS, max_examples=40, stateful_step_count=40))


class Office(RuleBasedStateMachine):
    """A real station with three cases, one of which r3 may not read: the keys decide who can do what."""

    prepared: Path
    where: Path
    numbers: tuple[int, ...]

    def __init__(self) -> None:
        super().__init__()
        self.opened, self.day = ExitStack(), TODAY
        self.folder = self.where / secrets.token_hex(8)
        shutil.copytree(self.prepared, self.folder)
        self.station = self.unlock("r1")

    def unlock(self, reviewer: str) -> Station:
        return self.opened.enter_context(unlock(self.folder, reviewer, PASSPHRASE.format(reviewer)))

    def teardown(self) -> None:
        self.opened.close()
        shutil.rmtree(self.folder)

    def case(self, which: int) -> Case:
        return cases.find(self.station, self.numbers[which])

    def attempt(self, act: Callable[[], object]) -> None:
        """What is refused is refused in words, and changes nothing (the invariants look)."""
        try:
            act()
        except VaultDamagedError:
            raise
        except StationError:
            return

    def sit_down(self, reviewer: ReviewerId) -> None:
        if reviewer != self.station.reviewer:
            self.opened.close()
            self.station = self.unlock(reviewer)

    @rule(which=WHICH, matter=st.booleans())
    def prepare(self, which: int, matter: bool) -> None:
        """What the other parts of casework write down."""
        kinds: tuple[Kind, ...] = ("sheet", "forwarded", "package", "lessons")

        def add() -> None:
            with self.station.vault.transaction():
                for kind in kinds:
                    details = {"supervision": matter} if kind == "sheet" else {}
                    journal.add(self.station, self.case(which), kind, details, self.day)

        self.day = add_days(self.day, 30)
        self.attempt(add)

    @rule(which=WHICH, into=WHICH)
    def merge(self, which: int, into: int) -> None:
        wish = Move("merged", target=self.numbers[into])
        self.attempt(lambda: moving.move(self.station, self.case(which), wish, self.day))

    @rule(which=WHICH, wishes=st.lists(MOVES, min_size=3, max_size=8), into=WHICH, sense=st.integers(0, 9))
    def move(self, which: int, wishes: list[Move], into: int, sense: int) -> None:
        def act(wish: Move) -> None:
            case = self.case(which)
            found = sensible(moving.course_of(self.station, case), wish) if sense else wish
            if found.end == "merged":
                found = replace(found, target=self.numbers[into])
            moving.move(self.station, case, found, self.day)

        for wish in wishes:
            self.attempt(partial(act, wish))

    @rule(which=WHICH, reviewer=st.sampled_from(PEOPLE), agrees=st.sampled_from([True, True, False]))
    def decide(self, which: int, reviewer: ReviewerId, agrees: bool) -> None:
        self.sit_down(reviewer)
        if agrees:
            self.attempt(lambda: moving.agree(self.station, self.case(which), self.day))
        else:
            self.attempt(lambda: moving.decline(self.station, self.case(which), "tidak", self.day))

    @rule(
        which=WHICH,
        reason=st.sampled_from(HOLD_REASONS),
        answer=st.sampled_from(["", "Menunggu."]),
        seldom=SELDOM,
    )
    def hold(self, which: int, reason: HoldReason, answer: str, seldom: bool) -> None:
        day = add_days(self.day, 7)
        if seldom:
            self.attempt(lambda: moving.hold(self.station, self.case(which), reason, day, answer, self.day))

    @rule(which=WHICH)
    def resume(self, which: int) -> None:
        self.attempt(lambda: moving.resume(self.station, self.case(which), "", self.day))

    @invariant()
    def every_case_keeps_to_the_rules(self) -> None:
        known = {case.number: case for case in cases.readable(self.station)}
        for case in known.values():
            now = moving.course_of(self.station, case)
            check_history(now)
            self.check_head(case, now)
            self.check_told(case, now)
            self.check_merged(known, case, now)

    def check_head(self, case: Case, now: Course) -> None:
        head = case.head
        assert (head.stage, head.outcome or None, head.into) == (now.stage, now.outcome, now.merged_into)
        assert head.held == (now.hold.reason if now.hold else "")
        assert head.proposed == (now.proposal.by if now.proposal else "")

    def check_told(self, case: Case, now: Course) -> None:
        """The reporter knows the coarse status, was never told one twice, and has an answer if it is over."""
        sent = [reply.body for reply in thread.replies(self.station, case)]
        told = [body.status for body in sent if body.status]
        assert all(one != next_ for one, next_ in pairwise(told))
        assert (told or [""])[-1] == now.told == case.head.status
        if now.stage == "closed":
            assert sent[-1].text and sent[-1].status == stages.told("closed", now.outcome)

    def check_merged(self, known: dict[int, Case], case: Case, now: Course) -> None:
        """The way from a merged case ends at one that is not merged; whoever reads it reads that one."""
        seen, end = {case.number}, case
        while end.head.stage == "merged":
            readers = {*cases.readers(self.station, end)}
            end = known[end.head.into]
            assert readers <= {*cases.readers(self.station, end)}
            assert end.number not in seen
            seen.add(end.number)
        left = merging.is_left_behind(self.station, case)
        assert left is (case.head.stage == "merged" and end.head.stage == "closed")


def test_an_office(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with unlock(desk.folder, "r1", PASSPHRASE.format("r1")) as station:
        items = [desk.reporter().report(excluded=excluded) for excluded in ((), (), ("r3",))]
        import_bundle(station, desk.deliver(1, items))
        found = sorted(cases.readable(station), key=lambda case: len(case.head.excluded))
        numbers = [case.number for case in found]
        for number in numbers:
            moving.move(station, cases.find(station, number), Move("verification"), TODAY)
    for name, value in (("prepared", desk.folder), ("where", tmp_path), ("numbers", tuple(numbers))):
        monkeypatch.setattr(Office, name, value, raising=False)
    run_state_machine_as_test(Office, settings=settings(SETTINGS, max_examples=8, stateful_step_count=40))
