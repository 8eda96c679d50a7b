"""Answers: bytes, JSON, a file's content, or an error code and nothing more."""

import json
import os
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Response, request
from werkzeug.wsgi import wrap_file

from hardening import refusals
from store.files import open_quietly

OCTETS: Final = "application/octet-stream"
JSON: Final = "application/json"


class Refusal(Exception):
    """A request that is answered with an error code of docs/protocol.md section 11."""

    def __init__(self, status: HTTPStatus, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


def error(status: int, code: str) -> Response:
    """`{"error": code}`, the same for everyone who gets it, and as long as every other."""
    return Response(refusals.body(code), refusals.status(status), mimetype=JSON)


def json_answer(value: Mapping[str, object]) -> Response:
    return Response(json.dumps(value, separators=(",", ":")), mimetype=JSON)


def done() -> Response:
    """It is stored; there is nothing to say."""
    return Response(status=HTTPStatus.NO_CONTENT, mimetype=OCTETS)


def file(path: Path) -> Response:
    """A file's bytes, handed to the kernel to send. FileNotFoundError."""
    if request.method == "HEAD":
        answer = Response(mimetype=OCTETS)
        answer.content_length = path.stat().st_size
        return answer
    stream = open_quietly(path)
    answer = Response(wrap_file(request.environ, stream), mimetype=OCTETS, direct_passthrough=True)
    answer.content_length = os.fstat(stream.fileno()).st_size
    return answer
