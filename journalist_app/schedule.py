"""When the board is published: at fixed times, so that its change tells nothing about anybody."""

from dataclasses import dataclass
from typing import Final

# 03:00 in Jakarta: no reviewer is at work, and few reporters are in the middle of a visit.
FIRST: Final = 20 * 3_600


@dataclass(frozen=True)
class Schedule:
    """Every so many seconds, counted from 20:00 UTC. A divisor or multiple of a day keeps the hours fixed."""

    every: int

    def latest(self, now: float) -> int:
        """The last time at or before `now`, both in seconds since 1970."""
        return FIRST + int((now - FIRST) // self.every) * self.every

    def next(self, now: float) -> int:
        """The first time after `now`."""
        return self.latest(now) + self.every


DAILY: Final = Schedule(86_400)
