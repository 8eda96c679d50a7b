"""What gunicorn runs: the app for the data folder that PELUIT_DATA names."""

import os
from pathlib import Path

from journalist_app import create_app
from store.layout import Layout

app = create_app(Layout(Path(os.environ["PELUIT_DATA"])))
