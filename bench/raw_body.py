"""The floor for uploads: a WSGI application that writes each body it gets to a file, and nothing more.

RAW_FOLDER says where; RAW_FLUSH=1 makes each file durable before the answer.
"""

import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from crypto.constants import PIECE_SIZE

# As source_app reads, and gunicorn receives.
_READ = PIECE_SIZE


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    path = Path(os.environ["RAW_FOLDER"]) / secrets.token_hex(16)
    with path.open("wb", buffering=0) as file:
        while part := environ["wsgi.input"].read(_READ):
            file.write(part)
        if os.environ["RAW_FLUSH"] == "1":
            os.fsync(file.fileno())
    start_response("204 No Content", [])
    return []
