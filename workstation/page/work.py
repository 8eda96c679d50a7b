"""Long work beside the page: an import, an export, a drawing. It has a connection to the vault of its own.

While it runs, no other page is shown (access.py), so nothing else uses the vault.
"""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from workstation import progress, terminal
from workstation.errors import CannotReadError, StationError
from workstation.progressbar import STEPS
from workstation.reasons import reason
from workstation.station import Station
from workstation.texts import _
from workstation.vault import Vault

Task: TypeAlias = Callable[[Station, progress.Progress], Any]


@dataclass(frozen=True)
class Result:
    """How the end is told: a heading, the sentences, and the endpoint to go on to with its values.

    `lines` gets what the task gave. With `at_once` a good end is not told: that gets it, on the thread that
    answers, and gives the address of the page to show. Work that is not `stoppable` changes all or nothing at
    its very end.
    """

    heading: str
    lines: Callable[[Any], list[str]]
    onward: str
    values: dict[str, Any]
    at_once: Callable[[Any], str] | None = None
    stoppable: bool = True


class StoppedError(Exception):
    """The person locked the station or stopped the work."""


class Work:
    """One piece of long work, from its beginning to the sentences about its end."""

    def __init__(self, station: Station, task: Task, result: Result) -> None:
        self.progress = PageProgress()
        self.result: Final = result
        self.error: StationError | None = None
        self.stopped = False
        self.failed: BaseException | None = None
        self._outcome: Any = None
        self._thread = threading.Thread(target=self._run, args=(station, task))
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Ends it at its next step and waits for that."""
        self.progress.stopping.set()
        self.join()

    def join(self, seconds: float | None = None) -> None:
        """Waits for its end, or only so long."""
        self._thread.join(seconds)

    @property
    def good(self) -> bool:
        """Whether it ended, and well."""
        return not self.running and self.failed is None and self.error is None and not self.stopped

    def lines(self) -> list[str]:
        """What it brought, in words; only if it ended well."""
        return self.result.lines(self._outcome)

    def shown_at_once(self) -> str | None:
        """The address of the page that shows what it brought, if it has one; only if it ended well."""
        return self.result.at_once(self._outcome) if self.result.at_once else None

    def _run(self, station: Station, task: Task) -> None:
        try:
            with closing(Vault(station.layout.vault, station.keys.vault)) as vault:
                self._outcome = task(replace(station, vault=vault), self.progress)
        except StoppedError:
            self.stopped = True
        except StationError as error:
            self.error = error
        except OSError as error:
            self.error = CannotReadError(path=error.filename or "–", reason=reason(error))
        except BaseException as error:  # noqa: BLE001  (raised again where a page can say so)
            self.failed = error


class PageProgress(progress.Progress):
    """How far it is, for a page that asks now and then."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.about = ""
        self._step = ""
        self._items = self._size = self._items_done = self._size_done = 0

    def title(self, text: str) -> None:
        self.about = terminal.safe(text)

    def begin(self, step: str, items: int, size: int = 0) -> None:
        self._items, self._size, self._items_done, self._size_done = items, size, 0, 0
        self._step = step

    def advance(self, items: int, size: int = 0) -> None:
        if self.stopping.is_set():
            raise StoppedError
        self._items_done += items
        self._size_done += size

    @property
    def step(self) -> str:
        """What is being done, in words; empty at the very beginning."""
        return _(STEPS[self._step]) if self._step else ""

    @property
    def part(self) -> tuple[int, int]:
        """(done, all) in bytes where there are any, else in items."""
        return (self._size_done, self._size) if self._size else (self._items_done, self._items)

    @property
    def measured(self) -> bool:
        """Whether there is anything to count by."""
        return self._size > 0 or self._items > 1

    @property
    def said(self) -> str:
        """The same in words."""
        items = _("{done} of {all} items").format(done=self._items_done, all=self._items)
        if not self._size:
            return items
        done, whole = terminal.size(self._size_done), terminal.size(self._size)
        return items + ", " + _("{done} of {all}").format(done=done, all=whole)
