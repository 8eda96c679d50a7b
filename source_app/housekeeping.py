"""What a worker does besides answering: it tidies the store at its start, at midnight and every hour."""

import threading
import time
from typing import Final

from crypto import calendar
from store.errors import StoreError
from store.uploads import Uploads

_HOUR: Final = 3_600
_DAY: Final = 86_400


def start(uploads: Uploads) -> None:
    """Tidies once, then goes on in a thread that ends with the process."""
    _tidy(uploads)
    threading.Thread(target=_go_on, args=(uploads,), daemon=True).start()


def _go_on(uploads: Uploads) -> None:
    while True:
        time.sleep(_until_next(time.time()))
        _tidy(uploads)


def _until_next(now: float) -> float:
    """Seconds to the next round: a new day's blanks must not wait for the first upload."""
    return min(_HOUR, _DAY - now % _DAY)


def _tidy(uploads: Uploads) -> None:
    # What cannot be done now is done in the next round, and told by `peluit tidy`. A line in the log would
    # only tell when.
    try:
        uploads.tidy(calendar.today())
    except (StoreError, OSError):
        return
