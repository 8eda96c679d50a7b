"""What happens to one report in the scripted year: the commands of the office and the words of the reporter.

Each way is written down as it would be worked, day by day; what the case should come to is noted beside it,
so that the figures can be counted from here without asking the program.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from crypto.message import Content, Rating, Text
from tests.workstation.year import days
from tests.workstation.year.days import Span

END = date(2026, 12, 31)
STAFF = ("r1", "r2", "r3", "r4")
REPORTED = "r3"
"""A reviewer whom some reporters accuse, and exclude."""
RELATED = ("r4", "dinas-perhubungan")
"""A reviewer with a relative at an office, declared on the first day."""
ABSENT = {"r2": (date(2026, 6, 1), date(2026, 6, 26))}


@dataclass(frozen=True)
class Act:
    """A command of `peluit station`; {case} is this case's number, {other} that of the story `other`."""

    day: date
    who: str
    words: tuple[str, ...]
    other: int = 0


@dataclass(frozen=True)
class Said:
    """Something that the reporter sends later."""

    day: date
    content: Content


@dataclass
class Story:
    """One report. `finished`: the day on which it was answered or closed for good, for its limit; `result`:
    what it comes to; `answers`: replies of the office so far (each has a number); `paused`: (since, until);
    `begun_again`: the day on which it was opened anew."""

    number: int
    day: date
    channel: str
    kind: str
    family: str
    category: str
    office: str
    arrival: str
    excluded: tuple[str, ...]
    slow: bool
    random: Random
    events: list[Act | Said] = field(default_factory=list)
    result: str = "open"
    stage: str = "received"
    closed: date | None = None
    finished: date | None = None
    paused: list[Span] = field(default_factory=list)
    stars: list[int] = field(default_factory=list)
    objections: int = 0
    reopened: int = 0
    merged: bool = False
    begun_again: date | None = None

    @property
    def mark(self) -> str:
        """A word that stands in this report only."""
        return f"tanda{self.number:03d}"

    @property
    def readers(self) -> list[str]:
        related = RELATED[0] if self.office == RELATED[1] else ""
        return [each for each in STAFF if each not in self.excluded and each != related]

    @property
    def limit(self) -> int:
        """Working days in which it should be completed, as `id-apip-default` has it."""
        if self.category in ("jalan", "drainase"):
            return 60
        if self.kind == "permohonan-informasi":
            return 5
        return 60 if self.family == "integrity" else 14

    def who(self, day: date, other_than: str = "") -> str:
        """A reader who is at work on a day."""
        return next(
            each
            for each in self.readers
            if each != other_than and not (each in ABSENT and ABSENT[each][0] <= day <= ABSENT[each][1])
        )

    def act(self, day: date, *words: str, other_than: str = "", other: int = 0) -> bool:
        """Adds a command, if the year is not over by then."""
        if day > END:
            return False
        self.events.append(Act(day, self.who(day, other_than), words, other))
        return True

    def move(self, day: date, stage: str, *words: str, other: int = 0) -> bool:
        """Moves the case; False if the year is over."""
        if not self.act(day, "move", "{case}", stage, *words, other=other):
            return False
        self._is_now(stage, day)
        return True

    def move_with_two(self, day: date, agreed: date, stage: str, *words: str) -> bool:
        """Moves it with a second person's agreement on another day."""
        if not self.act(day, "move", "{case}", stage, *words):
            return False
        first = self.events[-1]
        assert isinstance(first, Act)
        if not self.act(agreed, "agree", "{case}", other_than=first.who):
            return False
        self._is_now(stage, agreed)
        return True

    def close(self, day: date, result: str, *words: str, agreed: date | None = None) -> bool:
        """Closes it with an answer, and with a second person if there is a day for one."""
        said = ("--outcome", result, *words, *self.answer(f"Hasil: {result}."))
        done = self.move_with_two(day, agreed, "closed", *said) if agreed else self.move(day, "closed", *said)
        if done:
            self.result, self.closed = result, agreed or day
            self.finished = self.finished or self.closed
        return done

    def answer(self, text: str) -> tuple[str, ...]:
        return ("--answer", f"{text} Terima kasih.")

    def say(self, day: date, content: Content) -> bool:
        """Something from the reporter, if there is a way back and the year is not over."""
        if day > END or self.arrival != "drop":
            return False
        self.events.append(Said(day, content))
        return True

    def pause(self, day: date, until: date, reason: str) -> bool:
        """On hold from one day to another."""
        if until > END:
            return False
        self.act(day, "hold", "{case}", "--reason", reason, "--review-on", until.isoformat())
        self.act(until, "resume", "{case}")
        self.paused.append((day, until))
        return True

    def rate(self, day: date) -> None:
        """The first reply (the number that every thread has)."""
        stars = self.random.choice((1, 2, 3, 4, 4, 5))
        if self.say(day, Rating(1, stars, "")):
            self.stars.append(stars)

    def object(self, day: date) -> bool:
        return self.say(day, Text("Saya keberatan.", "objection"))

    def _is_now(self, stage: str, day: date) -> None:
        self.stage = stage
        if stage == "answered":
            self.finished = self.finished or day
        if stage == "reopened":
            self.result, self.closed, self.finished = "open", None, None
            self.reopened += 1
            self.begun_again = day


def chosen(random: Random, weighted: Sequence[tuple[str, int]]) -> str:
    names, weights = zip(*weighted, strict=True)
    return str(random.choices(names, weights)[0])


def working(day: date, count: int) -> date:
    return days.after(day, count)
