"""What gunicorn runs: the no-script door to the source application at PELUIT_SOURCE (noscript/source.py).

In bytes: PELUIT_LARGEST_FILE is the size of the largest file that is sealed here, PELUIT_LARGEST_SEALED that
of the largest inside a sealed file. All else that bounds files is the source application's.
"""

import os

from source_app.noscript import create_app
from source_app.noscript.app import LARGEST_FILE
from store.space import DEFAULT_LARGEST_FILE

app = create_app(
    os.environ["PELUIT_SOURCE"],
    int(os.environ.get("PELUIT_LARGEST_FILE", LARGEST_FILE)),
    int(os.environ.get("PELUIT_LARGEST_SEALED", DEFAULT_LARGEST_FILE)),
)
