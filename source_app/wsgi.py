"""What gunicorn runs: the application for the data folder that PELUIT_DATA names.

In bytes: PELUIT_RESERVE is what stays free of its disk, PELUIT_LARGEST_FILE the size of the largest file that
is taken, PELUIT_EVIDENCE_PER_DAY what all files of a UTC day may take together.
PELUIT_INBOX says where the inbox is (store/reporting.py).
"""

import os
from pathlib import Path

from source_app import create_app
from store.layout import Layout
from store.space import DEFAULT_EVIDENCE_PER_DAY, DEFAULT_LARGEST_FILE, DEFAULT_RESERVE, Limits

app = create_app(
    Layout(Path(os.environ["PELUIT_DATA"])),
    Limits(
        reserve=int(os.environ.get("PELUIT_RESERVE", DEFAULT_RESERVE)),
        largest_file=int(os.environ.get("PELUIT_LARGEST_FILE", DEFAULT_LARGEST_FILE)),
        evidence_per_day=int(os.environ.get("PELUIT_EVIDENCE_PER_DAY", DEFAULT_EVIDENCE_PER_DAY)),
    ),
    os.environ.get("PELUIT_INBOX", ""),
)
