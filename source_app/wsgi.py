"""What gunicorn runs: the application for the data folder that PELUIT_DATA names.

PELUIT_RESERVE is what stays free of its disk, in bytes.
"""

import os
from pathlib import Path

from source_app import create_app
from store.layout import Layout
from store.space import DEFAULT_RESERVE

app = create_app(
    Layout(Path(os.environ["PELUIT_DATA"])), int(os.environ.get("PELUIT_RESERVE", DEFAULT_RESERVE))
)
