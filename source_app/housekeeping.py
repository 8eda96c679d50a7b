"""What a worker does besides answering: it tidies the store at its start, at midnight and every hour."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from crypto import calendar
from source_app.services import Services
from store.errors import StoreError

Chore = Callable[[], None]

_HOUR: Final = 3_600
_DAY: Final = 86_400


def chores(services: Services) -> tuple[Chore, ...]:
    """What is to be done, each whatever becomes of the others; any StoreError, OSError."""
    return (lambda: services.uploads.tidy(calendar.today()), services.eraser.tidy)


def start(services: Services) -> None:
    """Tidies once, then goes on in a thread that ends with the process."""
    all_chores = chores(services)
    _do(all_chores)
    threading.Thread(target=_go_on, args=(all_chores,), daemon=True).start()


def _go_on(all_chores: Sequence[Chore]) -> None:
    while True:
        time.sleep(_until_next(time.time()))
        _do(all_chores)


def _until_next(now: float) -> float:
    """Seconds to the next round: a new day's blanks must not wait for the first upload."""
    return min(_HOUR, _DAY - now % _DAY)


def _do(all_chores: Sequence[Chore]) -> None:
    # What cannot be done now is done in the next round, and told by `peluit tidy`. A line in the log would
    # only tell when.
    for chore in all_chores:
        try:
            chore()
        except (StoreError, OSError):
            continue
