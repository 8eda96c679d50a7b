"""The form that takes a sealed file (docs/protocol.md 9.2). Nothing of it can be read here, nor is."""

from contextlib import suppress
from http import HTTPStatus
from typing import Final

from flask import Response, request
from werkzeug.exceptions import ClientDisconnected

from crypto.blob import blob_size
from crypto.constants import MAX_SEALED_ENTRIES
from crypto.padding import padme
from hardening import logs
from source_app.answers import Refusal
from source_app.noscript import sealed_intake
from source_app.noscript.errors import BadFormError, StaleDirectoryError
from source_app.noscript.front import MULTIPART, PREFIX, page
from source_app.noscript.multipart import FileForm
from source_app.noscript.services import Services
from source_app.noscript.texts import N_, gettext, link, written_size
from source_app.routes import Route
from store.errors import BusyError, StorageFullError, StoreError, TextOnlyError, VanishedError

_PIECE: Final = 65_536

_SAID: Final = {
    "nothing": N_("Choose the sealed file."),
    "not-sealed": N_(
        "This is not a sealed file. Choose the file that the page for locking made; its name ends in "
        ".sealed. Nothing has been stored."
    ),
    "sealed-damaged": N_(
        "This sealed file is damaged or incomplete. Nothing has been stored. Copy it once more from where it "
        "was sealed."
    ),
    "sealed-elsewhere": N_(
        "This file was sealed for another site. Nothing has been stored. Compare the address of this page "
        "with the poster."
    ),
    "no-such-office": N_(
        "This file is for an office that is not on this server. Nothing has been stored. It must be sealed "
        "anew, with a new page for locking."
    ),
    "no-such-channel": N_(
        "The office no longer takes this kind of report. It must be sealed anew, with a new page for "
        "locking, for another kind."
    ),
    "bad-item": N_(
        "The server refused this. It was sealed too long ago, the office has more or fewer readers since, or "
        "the file is damaged. It must be sealed anew, with a new page for locking."
    ),
    "too-large": N_(
        "The text has arrived, but a file in it is larger than %(size)s: that one, and what comes after it, "
        "is not taken."
    ),
    "text-only": N_(
        "The text has arrived. Its files are not taken just now: the server has no room for them today. Hand "
        "in the same sealed file another day; it goes on where it stopped."
    ),
    "storage-full": N_(
        "The server is busy or its disk is full. What has arrived whole is kept. Hand in the same sealed "
        "file again later; it goes on where it stopped."
    ),
    "cut-off": N_(
        "The connection broke. What has arrived whole is kept. Hand in the same sealed file again; it goes "
        "on where it stopped."
    ),
}


def routes(services: Services, largest: int) -> tuple[Route, ...]:
    """`largest` is the size in bytes of the largest file that may be in a sealed file, before padding."""

    def empty() -> Response:
        return page("sealed.html")

    def take() -> Response:
        code, status = _take(services, largest)
        if code is None:
            return Response(
                status=HTTPStatus.SEE_OTHER,
                headers={"Location": link("sealed", "arrived")},
                mimetype="text/html",
            )
        with suppress(ClientDisconnected, ConnectionError, TimeoutError):
            # A browser looks for an answer when it has sent all.
            while request.stream.read(_PIECE):
                pass
        sentence = gettext(_SAID[code]) % {"size": written_size(largest)}
        return page("sealed.html", status, {"file": sentence})

    def arrived() -> Response:
        return page("sealed_arrived.html")

    rule, longest = f"{PREFIX}/sealed", MAX_SEALED_ENTRIES * blob_size(padme(largest))
    return (
        Route("GET", rule, empty),
        Route("POST", rule, take, MULTIPART, longest),
        Route("GET", f"{rule}/arrived", arrived),
    )


def _take(services: Services, largest: int) -> tuple[str | None, HTTPStatus]:
    """Why not all of the file was stored, as a code of _SAID; None if it was."""
    boundary = request.mimetype_params.get("boundary", "")
    try:
        form = FileForm(request.stream.read, request.content_length or 0, boundary)
        if not form.size:
            return "nothing", HTTPStatus.UNPROCESSABLE_ENTITY
        head = sealed_intake.read_start(services, form.read, form.size)
        sealed_intake.store(services, head, form.read, largest)
    except Refusal as refusal:
        return refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleDirectoryError:
        return "bad-item", HTTPStatus.UNPROCESSABLE_ENTITY
    except TextOnlyError:
        return "text-only", HTTPStatus.SERVICE_UNAVAILABLE
    except StoreError as error:
        if not isinstance(error, StorageFullError | BusyError | VanishedError):
            logs.report(error)
        return "storage-full", HTTPStatus.SERVICE_UNAVAILABLE
    except (BadFormError, ClientDisconnected, ConnectionError, TimeoutError):
        return "cut-off", HTTPStatus.BAD_REQUEST
    return None, HTTPStatus.OK
