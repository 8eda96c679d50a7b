"""What a worker does besides answering: it publishes the board when it is due; before, it erases and tidies.

Of all workers of all servers on one data folder, one does it; another takes over when that one ends.
"""

import threading
import time
from contextlib import suppress
from typing import Final

from journalist_app.expiring import erase_unconfirmed
from journalist_app.parts import Parts
from journalist_app.publishing import due_day, publish
from store.errors import StoreError

# A clock that is set, or a computer that slept, is noticed within a minute.
_LONGEST_SLEEP: Final = 60


def start(parts: Parts) -> None:
    """Goes on in a thread that ends with the process."""
    threading.Thread(target=_go_on, args=(parts,), daemon=True).start()


def _go_on(parts: Parts) -> None:
    with parts.board_day.turn():
        done = _done_before(parts)
        while True:
            done = _publish_if_due(parts, done)
            now = parts.clock()
            time.sleep(min(_LONGEST_SLEEP, max(parts.schedule.next(now) - now, 0)))


def _done_before(parts: Parts) -> int | None:
    """The time of the last publication, unless the server was off when it was due."""
    known = parts.board_day.read()
    if known is None or known < due_day(parts):
        return None
    return parts.schedule.latest(parts.clock())


def _publish_if_due(parts: Parts, done: int | None) -> int | None:
    """Publishes unless that was `done` for the present time already; the time for which it is done now."""
    due = parts.schedule.latest(parts.clock())
    if due != done:
        with suppress(StoreError, OSError):
            erase_unconfirmed(parts)
        with suppress(StoreError, OSError):
            parts.uploads.tidy(parts.today())
        # What cannot be done now is tried again within the minute. A line in the log would only tell when.
        try:
            publish(parts)
        except (StoreError, OSError):
            return done
    return due
