"""How large a request may be, and where an upload lies while it is read.

An uploaded bundle goes to a file without a name in the data folder (O_TMPFILE, mode 0600): no other process
can open it, and it is gone with the request, however that ends. No other form may carry a file.
"""

import tempfile
from contextlib import ExitStack, suppress
from typing import IO, Any, Final

from flask import Flask, Request, abort, request

from journalist_app.parts import parts

LARGEST_UPLOAD: Final = 64 * 2**20
"""The keys of 60 epochs take at most 19 MiB; what is left is room for about 11,000 slots."""

_LARGEST_FORM: Final = 16 * 2**10
# Werkzeug reads 64 KiB at a time and counts what it holds, also of a file on its way to its stream.
_LARGEST_IN_MEMORY: Final = 128 * 2**10
_MOST_FIELDS: Final = 8

_UPLOADS: Final = "imports.take"
_AROUND_FILE: Final = 64 * 2**10
_LONGEST_READ_AWAY: Final = 256 * 2**20
_PIECE: Final = 2**20


class PrivateRequest(Request):
    """A request that never spools what it carries to the system's temporary folder."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._files = ExitStack()

    def _get_file_stream(self, *_about: object, **_more: object) -> IO[bytes]:
        """Called by Werkzeug's form parser for every part that is a file."""
        if self.endpoint != _UPLOADS:
            abort(400)
        return self._files.enter_context(tempfile.TemporaryFile("w+b", dir=parts().layout.imports))

    def close(self) -> None:
        """Closes what was uploaded, also where the form around it was never read to its end."""
        super().close()
        self._files.close()


def register(app: Flask) -> None:
    """Bounds every body by what its endpoint takes."""
    app.request_class = PrivateRequest
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_FORM, MAX_FORM_MEMORY_SIZE=_LARGEST_IN_MEMORY, MAX_FORM_PARTS=_MOST_FIELDS
    )
    app.before_request(_bound)


def read_away() -> None:
    """Reads a refused body to its end, if that is near: a browser that is still sending shows no answer."""
    body = request.environ["wsgi.input"]
    with suppress(OSError):  # nobody is sending any more
        for _ in range(min(request.content_length or 0, _LONGEST_READ_AWAY) // _PIECE + 1):
            if not body.read(_PIECE):
                return


def _bound() -> None:
    # Browsers say how long a form is; of what comes in chunks, gunicorn's own errors would be ours.
    if "Transfer-Encoding" in request.headers:
        abort(411)
    if request.endpoint == _UPLOADS:
        request.max_content_length = LARGEST_UPLOAD + _AROUND_FILE
