"""What gunicorn runs: the app for the data folder that PELUIT_DATA names.

PELUIT_BOARD_EVERY is the time between two publications of the board, in seconds.
"""

import os
from pathlib import Path

from journalist_app import create_app
from journalist_app.schedule import DAILY, Schedule
from store.layout import Layout

app = create_app(
    Layout(Path(os.environ["PELUIT_DATA"])),
    schedule=Schedule(int(os.environ.get("PELUIT_BOARD_EVERY", DAILY.every))),
)
