"""What is unlocked, by whom, and how long it stays so.

While it is unlocked, the page holds the station's lock file: commands say that something else is at work.
Keys that were changed elsewhere meanwhile would be a danger (a destroyed key still in this memory).
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from flask import current_app

from workstation.byhand.paper_codename import Sheet
from workstation.logwords import Deeds
from workstation.page.looked import Looked
from workstation.page.work import Result, Task, Work
from workstation.searching import Finder
from workstation.station import Station, unlock

NAME: Final = "peluit-session"
IDLE_SECONDS: Final = 600.0
WRITING: Final = 3
"""Whoever writes a reply asks for no page meanwhile: on that page, so many times the idle time."""


class Session:
    """Everything that is not on disk; used by one thread at a time (server.py)."""

    def __init__(
        self, folder: Path, idle: float = IDLE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.folder = folder
        self.work: Work | None = None
        self._idle, self._limit, self._clock = idle, idle, clock
        self._last = clock()
        self._station: Station | None = None
        self._opened = ExitStack()
        self.finder, self.deeds = Finder(), Deeds()
        self.looked: Looked | None = None
        self.paper: tuple[int, Sheet] | None = None
        self._anew: str | None = None

    @property
    def unlocked(self) -> bool:
        return self._station is not None

    @property
    def station(self) -> Station:
        """The unlocked station; only behind a rule that needs it (access.py)."""
        assert self._station is not None
        return self._station

    @property
    def limit(self) -> float:
        """Seconds without a request after which it locks."""
        return self._limit

    def unlock(self, reviewer: str, passphrase: str) -> None:
        """As `station.unlock`; whatever was open before is closed first."""
        self.lock()
        self._station = self._opened.enter_context(unlock(self.folder, reviewer, passphrase))
        self.touch()

    def lock(self) -> None:
        """Stops what is at work, closes the vault and forgets the keys and every text."""
        if self.work is not None:
            self.work.stop()
        self.work, self._station, self.finder, self.looked = None, None, Finder(), None
        self.deeds = Deeds()
        self._anew = self.paper = None
        self._opened.close()

    def touch(self, writing: bool = False) -> None:
        """Somebody is here; `writing`: and has a page before them on which to take time."""
        self._last = self._clock()
        self._limit = self._idle * WRITING if writing else self._idle

    def lock_if_idle(self) -> None:
        """Locks when nobody has asked for anything and nothing was at work for the idle time."""
        if self.work is not None and self.work.running:
            self.touch()
        if self.unlocked and self._clock() - self._last >= self._limit:
            self.lock()

    def begin(self, task: Task, result: Result) -> Work:
        """Starts long work, of which there is one at a time."""
        self.work = Work(self.station, task, result)
        return self.work

    def begin_change(self, task: Task, result: Result, passphrase: str) -> None:
        """The same for what replaces keys or vault: nothing else has them open meanwhile, and `settle` opens
        the new ones with the passphrase, which has been proven."""
        self.station.vault.close()
        self._anew = passphrase
        self.begin(task, replace(result, stoppable=False))

    def settle(self) -> None:
        """After a change: unlocks anew, so that no old key is left in memory; errors as in `unlock`."""
        work, passphrase = self.work, self._anew
        if work is not None and passphrase is not None and not work.running:
            self.unlock(self.station.reviewer, passphrase)
            self.work = work


def session() -> Session:
    """The app's one session."""
    found: Session = current_app.extensions[NAME]
    return found
