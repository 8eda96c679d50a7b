"""`peluit tidy`: what the running server does every hour, once; for a timer, or when it is stopped."""

import os
from pathlib import Path

from peluit.errors import NoDataError, RefusedError
from source_app import housekeeping
from source_app.services import open_services
from store.errors import StoreError
from store.layout import Layout
from store.space import DEFAULT_LIMITS


def tidy(folder: Path) -> None:
    """Removes what was not finished in time, makes the day's blanks, forgets old counts, ends erasures.

    NoDataError, RefusedError.
    """
    layout = Layout(folder)
    if not layout.site.is_file():
        raise NoDataError(folder)
    try:
        services = open_services(layout, DEFAULT_LIMITS, os.environ.get("PELUIT_INBOX", ""))
        for chore in housekeeping.chores(services):
            chore()
        services.inbox.close()
        services.eraser.close()
    except StoreError as error:
        raise RefusedError(error) from None
