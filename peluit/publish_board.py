"""`peluit publish-board`: what the running journalist app does at its fixed times, now; for a timer."""

import os
from pathlib import Path

from journalist_app.parts import open_parts
from journalist_app.publishing import publish
from peluit.errors import NoDataError, RefusedError
from store.errors import StoreError
from store.layout import Layout
from store.staff.account import SERVER, console


def publish_board(folder: Path) -> None:
    """Shows all that was imported and lives, in a new order. NoDataError, RefusedError."""
    layout = Layout(folder)
    if not layout.site.is_file():
        raise NoDataError(folder)
    try:
        parts = open_parts(layout, inbox=os.environ.get("PELUIT_INBOX", ""))
        parts.staff.log.note(console(SERVER), "board-published")
        publish(parts)
        parts.close()
    except StoreError as error:
        raise RefusedError(error) from None
