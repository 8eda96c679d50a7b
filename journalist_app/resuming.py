"""Downloads that can go on where they broke off (RFC 9110 section 14): one range at a time.

What is under one tag never changes, so a browser that asks with `If-Range` gets the rest of what it has.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from flask import Response
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from crypto.manifest import Inbound, write_manifest

_RANGE: Final = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})\Z")


@dataclass(frozen=True)
class Span:
    """The bytes from `begin` to before `end`; `partial` if the browser asked for a range."""

    begin: int
    end: int
    partial: bool


def tag(part: Inbound) -> str:
    """The part's strong entity tag: the manifest names every byte of it by random ids and sizes."""
    return f'"{hashlib.sha256(write_manifest(part)).hexdigest()[:32]}"'


def wanted(untrusted_headers: Headers, known_tag: str, size: int) -> Span:
    """What is asked for of `size` bytes.

    RequestedRangeNotSatisfiable (416) for whatever is not one range that begins inside; a range of something
    else (`If-Range`) is answered with the whole, as the RFC says.
    """
    untrusted_range = untrusted_headers.get("Range")
    if untrusted_range is None or untrusted_headers.get("If-Range", known_tag) != known_tag:
        return Span(0, size, partial=False)
    found = _RANGE.match(untrusted_range)
    if found is None:
        raise RequestedRangeNotSatisfiable(size)
    begin = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    if begin >= end:
        raise RequestedRangeNotSatisfiable(size)
    return Span(begin, end, partial=True)


def describe(response: Response, span: Span, known_tag: str, size: int) -> None:
    """The status and the headers of an answer that carries this span of `size` bytes."""
    response.content_length = span.end - span.begin
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = known_tag
    if span.partial:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {span.begin}-{span.end - 1}/{size}"
