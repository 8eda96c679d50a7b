"""A form with a file at its end, read from front to back: fields into memory, the file as it comes.

Nothing of it is ever written down, and no more than some pieces are held at once (the framework's own
parser would spool the file into a temporary one). Browsers send fields in the order of the page
(HTML, "constructing the entry list"), so that the file can be the last. And since the file is all that may
come before the end, its size is known before its first byte is read.
"""

import re
from collections.abc import Callable
from typing import Final

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import (
    NEED_DATA,
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    Preamble,
)

from source_app.noscript.errors import BadFormError
from source_app.noscript.typed import MOST_FIELDS, Typed, collect

_READ: Final = 65_536
_MOST_AHEAD: Final = 4 * _READ
_LONGEST_FIELD: Final = 4_096
_LINE: Final = b"\r\n"
_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]\Z")  # RFC 2046 5.1.1

LONGEST_REST: Final = 2 * _MOST_AHEAD
"""How many bytes of such a body are not the file: fields, headers, boundaries."""


class FileForm:
    """Reads the fields at once, up to the file; then `read` gives the file. BadFormError at any point.

    `length` is the whole body's, in bytes. `size` is the file's; the name is empty if no file was chosen.
    """

    def __init__(self, untrusted_read: Callable[[int], bytes], length: int, untrusted_boundary: str) -> None:
        if not _BOUNDARY.match(untrusted_boundary):
            raise BadFormError
        boundary = untrusted_boundary.encode("ascii")
        self._delimiter = _LINE + b"--" + boundary
        self._read_body = untrusted_read
        self._received = 0
        self._decoder = MultipartDecoder(boundary, max_form_memory_size=_MOST_AHEAD, max_parts=MOST_FIELDS)
        self.typed, file = self._read_fields()
        self._ahead = self._decoder.buffer
        self._passed = b""
        chosen = file is not None and bool(file.filename)
        self.untrusted_name = file.filename if file else ""
        self.untrusted_type = file.headers.get("content-type", "") if file else ""
        if "\0" in self.untrusted_name + self.untrusted_type:
            raise BadFormError  # no station would read the message that names this file
        self.size = self._size(length) if chosen else 0
        self._left = self.size
        self._ended = not chosen

    def read(self, size: int) -> bytes:
        """The next `size` bytes of the file; fewer at its end only, which must be the end of the form."""
        data = self._take(min(size, self._left))
        # The framework's decoder does this too, but a delimiter that arrives in two halves confuses it.
        if self._delimiter in self._passed + data:
            raise BadFormError
        self._passed = (self._passed + data)[1 - len(self._delimiter) :]
        self._left -= len(data)
        if not self._left and not self._ended:
            self._ended = True
            if self._take(len(self._end)) != self._end:
                raise BadFormError
        return data

    @property
    def _end(self) -> bytes:
        return self._delimiter + b"--" + _LINE

    def _size(self, length: int) -> int:
        """What the body's length leaves for the file."""
        if not self._ahead.startswith(_LINE):
            raise BadFormError
        del self._ahead[: len(_LINE)]
        size = length - (self._received - len(self._ahead)) - len(self._end)
        if size < 0:
            raise BadFormError
        return size

    def _take(self, size: int) -> bytes:
        """So many bytes of what comes next."""
        data = self._ahead[:size]
        del self._ahead[:size]
        while len(data) < size:
            piece = self._read_body(min(size - len(data), _READ))
            if not piece:
                raise BadFormError
            data += piece
        return bytes(data)

    def _read_fields(self) -> tuple[Typed, File | None]:
        pairs: list[tuple[str, str]] = []
        name, value = "", b""
        while not isinstance(event := self._next(), File | Epilogue):
            match event:
                case Field(name=str(name)):
                    value = b""
                case Data(data=data, more_data=more):
                    value += data
                    if len(value) > _LONGEST_FIELD:
                        raise BadFormError
                    if not more:
                        pairs.append((name, _text(value)))
                case Preamble():
                    pass
                case _:
                    raise BadFormError
        return collect(pairs), event if isinstance(event, File) else None

    def _next(self) -> Event:
        try:
            while (event := self._decoder.next_event()) is NEED_DATA:
                piece = self._read_body(_READ)
                self._received += len(piece)
                self._decoder.receive_data(piece or None)
        except (ValueError, RequestEntityTooLarge):
            raise BadFormError from None
        return event


def _text(untrusted_value: bytes) -> str:
    try:
        return untrusted_value.decode("utf-8")
    except UnicodeDecodeError:
        raise BadFormError from None
