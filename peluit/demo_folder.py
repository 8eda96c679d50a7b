"""Where the demo's data is kept."""

import os
from pathlib import Path
from typing import Final

DEFAULT: Final = Path("demo")
"""The one that `make clean` removes."""


def demo_folder(folder: Path | None) -> Path:
    """The folder that was named, else $PELUIT_DEMO, else ./demo."""
    return folder or Path(os.environ.get("PELUIT_DEMO") or DEFAULT)
