"""Evidence: one file for each request, sealed piece by piece while it comes in, never written otherwise."""

import io
import secrets
from collections.abc import Collection
from contextlib import suppress
from http import HTTPStatus

from flask import Response, g, request

from crypto import calendar
from crypto.blob import BlobId
from crypto.codename import Codename
from crypto.constants import ID_SIZE, MAX_NAME_LENGTH, MAX_PIECES, MAX_TYPE_LENGTH
from crypto.directory import Slice
from crypto.errors import MalformedError
from crypto.fields import ReviewerId
from crypto.message import Evidence
from crypto.seal.blob import BlobSealer
from source_app.noscript import checking, offices, sending
from source_app.noscript.checking import Problems
from source_app.noscript.errors import BadFormError
from source_app.noscript.front import MULTIPART, PREFIX, page, stored
from source_app.noscript.multipart import LONGEST_REST, FileForm
from source_app.noscript.offices import Place
from source_app.noscript.refusals import not_stored
from source_app.noscript.services import Services
from source_app.noscript.texts import gettext, written_size
from source_app.noscript.typed import Typed, collect
from source_app.routes import Route
from store.errors import StoreError
from store.incoming import Upload

FILE = "file"

_KEY_SIZE = 32


def routes(services: Services) -> tuple[Route, ...]:
    largest = services.largest_file

    def empty(office: str, channel: str = "") -> Response:
        return _page(offices.this_week(services, office), collect([(checking.CHANNEL, channel)]), largest)

    def take(office: str) -> Response:
        found, problems = offices.this_week(services, office), Problems()
        boundary = request.mimetype_params.get("boundary", "")
        form = FileForm(request.stream.read, request.content_length or 0, boundary)
        name = checking.read_codename(form.typed, problems)
        place, excluded = checking.read_place(found, form.typed, problems)
        _check_file(form, found, largest, problems)
        if name is None or place is None or problems:
            return _page(found, form.typed, largest, problems)
        try:
            _take_in(services, form, place, name, excluded)
        except StoreError as error:
            problems = {FILE: not_stored(error)}
            return _page(found, form.typed, largest, problems, HTTPStatus.SERVICE_UNAVAILABLE)
        return stored("evidence", office, place.channel.id)

    rule = f"{PREFIX}/evidence/<id:office>"
    return (
        Route("GET", rule, empty),
        Route("GET", f"{rule}/<id:channel>", empty),
        Route("POST", rule, take, MULTIPART, largest + LONGEST_REST),
    )


def _take_in(
    services: Services, form: FileForm, place: Place, name: Codename, excluded: Collection[ReviewerId]
) -> None:
    """Stores the file, sealed, and the item that tells of it; of a file that breaks off nothing stays.

    BadFormError, any StoreError, whatever reading raises.
    """
    today, uploads, office = calendar.today(), services.uploads, place.slice.office.id
    blob, key = BlobId(secrets.token_bytes(ID_SIZE)), secrets.token_bytes(_KEY_SIZE)
    keys = checking.keys_of(name, services.site.instance)
    of_blob, of_item = sending.token_hashes(keys, today, 2)
    sealer = BlobSealer(blob, key, form.size)
    # What a killed process leaves is removed after the day.
    upload = Upload(office, blob, sealer.padded, today)
    uploads.check_room(upload)
    try:
        for number, chunk in enumerate(sealer.chunks(form)):
            uploads.put(upload, number * MAX_PIECES, io.BytesIO(chunk).read, len(chunk))
        content = Evidence(
            blob=blob,
            key=key,
            untrusted_name=form.untrusted_name[:MAX_NAME_LENGTH],
            untrusted_type=form.untrusted_type[:MAX_TYPE_LENGTH],
            size=form.size,
            chunks=sealer.chunk_list_hash,
        )
        item = sending.seal(place, keys, content, excluded, g.language, today)
        uploads.finish(upload, of_blob)
    except BaseException as error:
        with suppress(StoreError):
            uploads.drop(upload)
        if isinstance(error, MalformedError):
            raise BadFormError from None
        raise
    services.inbox.add_item(office, place.channel.id, of_item, item)


def _check_file(form: FileForm, found: Slice, largest: int, problems: Problems) -> None:
    largest = min(largest, found.office.evidence.largest)
    if not form.untrusted_name:
        problems[FILE] = gettext("Choose a file.")
    elif not form.size:
        problems[FILE] = gettext("This file is empty (0 bytes). Choose it again, or another one.")
    elif form.size > largest:
        problems[FILE] = gettext(
            "This file is larger than %(size)s. Split it into parts, or make the video or picture smaller."
        ) % {"size": written_size(largest)}
    elif form.untrusted_name.lower().rpartition(".")[2] in found.office.evidence.refused:
        problems[FILE] = gettext(
            "The office does not take files of this kind: they can hold programs. Nothing has been sent."
        )


def _page(
    found: Slice,
    typed: Typed,
    largest: int,
    problems: Problems | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    return page(
        "evidence.html",
        status,
        problems or {},
        slice=found,
        typed=typed,
        readers_of=offices.readers(found),
        largest=min(largest, found.office.evidence.largest),
    )
