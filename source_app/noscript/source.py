"""The source application as the door meets it: over HTTP, like the browser whose work the door does.

So the door reads none of the server's data and has none of its keys: its system user needs no right there.
"""

import http.client
import socket
from http import HTTPStatus
from typing import Final

from crypto.errors import MalformedError
from crypto.fields import Fields
from hardening.limits import BadJsonError, read_json
from source_app.answers import OCTETS, Refusal
from source_app.noscript.errors import StaleDirectoryError
from store.errors import (
    BusyError,
    CompleteError,
    IncompleteError,
    NoDirectoryError,
    NoSuchOfficeError,
    NoSuchPageError,
    StorageFullError,
    StoreError,
    TextOnlyError,
)

_UNIX: Final = "unix:"
# In seconds: an erasure rewrites the database.
_PATIENCE: Final = 60
_ERRORS: Final[dict[str, type[StoreError]]] = {
    "complete": CompleteError,
    "incomplete": IncompleteError,
    "no-keys": NoDirectoryError,
    "no-such-office": NoSuchOfficeError,
    "no-such-page": NoSuchPageError,
    "stale-directory": StaleDirectoryError,
    "storage-full": StorageFullError,
    "text-only": TextOnlyError,
}
_REFUSALS: Final = {
    "bad-item": HTTPStatus.UNPROCESSABLE_ENTITY,
    "not-found": HTTPStatus.NOT_FOUND,
    "no-such-channel": HTTPStatus.NOT_FOUND,
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


class Source:
    """Where the source application listens: `127.0.0.1:port` or `unix:/path`, as gunicorn is told."""

    def __init__(self, address: str) -> None:
        self._address = address

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = OCTETS, ticket: str = ""
    ) -> bytes:
        """The body of the answer; BusyError if there is none, and what the error codes stand for."""
        headers = {"Content-Type": kind} if body is not None else {}
        headers |= {"Peluit-Ticket": ticket} if ticket else {}
        connection = self._connection()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            found = answer.read()
        except (OSError, http.client.HTTPException):
            raise BusyError from None
        finally:
            connection.close()
        if answer.status not in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
            _refuse(found)
        return found

    def _connection(self) -> http.client.HTTPConnection:
        if self._address.startswith(_UNIX):
            return _UnixConnection(self._address.removeprefix(_UNIX))
        return http.client.HTTPConnection(self._address, timeout=_PATIENCE)


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket, of which the file's rights say who may speak."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _refuse(answer: bytes) -> None:
    try:
        code = Fields(read_json(answer)).text("error")
    except (BadJsonError, MalformedError):
        raise StoreError from None
    if code in _REFUSALS:
        raise Refusal(_REFUSALS[code], code)
    raise _ERRORS.get(code, StoreError)
