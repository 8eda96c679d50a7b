"""What gunicorn runs: the app for the data folder that PELUIT_DATA names.

PELUIT_BOARD_EVERY is the time between two publications of the board, in seconds. PELUIT_RESERVE and
PELUIT_EVIDENCE_PER_DAY are what the source app is told: here they are shown, not enforced.
PELUIT_INBOX says where the inbox is (store/engine.py).
"""

import os
from pathlib import Path

from journalist_app import create_app
from journalist_app.schedule import DAILY, Schedule
from store.layout import Layout
from store.space import DEFAULT_EVIDENCE_PER_DAY, DEFAULT_RESERVE, Limits

app = create_app(
    Layout(Path(os.environ["PELUIT_DATA"])),
    schedule=Schedule(int(os.environ.get("PELUIT_BOARD_EVERY", DAILY.every))),
    limits=Limits(
        reserve=int(os.environ.get("PELUIT_RESERVE", DEFAULT_RESERVE)),
        evidence_per_day=int(os.environ.get("PELUIT_EVIDENCE_PER_DAY", DEFAULT_EVIDENCE_PER_DAY)),
    ),
    inbox=os.environ.get("PELUIT_INBOX", ""),
)
