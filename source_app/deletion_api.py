"""`POST /api/deletion/<office>`: erasing what is in no bundle yet (docs/protocol.md section 9)."""

from http import HTTPStatus
from typing import Final

from flask import Response, request

from crypto.constants import DELETION_NUMBERS, HASH_SIZE
from crypto.deletion import token_hash
from crypto.fields import OfficeId
from source_app.answers import OCTETS, Refusal, json_answer
from source_app.routes import Route
from source_app.services import Services

_LENGTH: Final = DELETION_NUMBERS * HASH_SIZE


def routes(services: Services) -> tuple[Route, ...]:
    def erase(office: str) -> Response:
        if services.site.office(office) is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "no-such-office")
        untrusted_tokens = request.stream.read(_LENGTH)
        if len(untrusted_tokens) != _LENGTH:
            raise Refusal(HTTPStatus.BAD_REQUEST, "bad-request")
        return json_answer({"erased": services.eraser.erase(OfficeId(office), _hashes(untrusted_tokens))})

    return (Route("POST", "/api/deletion/<id:office>", erase, OCTETS, _LENGTH),)


def _hashes(tokens: bytes) -> set[bytes]:
    """What is stored beside the things that these tokens erase."""
    return {token_hash(tokens[at : at + HASH_SIZE]) for at in range(0, len(tokens), HASH_SIZE)}
