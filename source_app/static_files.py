"""The static site, held in memory: what was not there at the start is not served."""

import gzip
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import Response, request

from hardening.headers import CONTENT_TYPES
from source_app.routes import Route
from store import pages
from store.files import read_quietly
from store.layout import Layout

_INDEX: Final = "index.html"


@dataclass(frozen=True)
class StaticFile:
    """A file, plain and compressed once and for all."""

    content_type: str
    plain: bytes
    compressed: bytes


def routes(layout: Layout) -> tuple[Route, ...]:
    """One route for each file; an `index.html` stands for its folder, with and without a slash."""
    files = pages.read(layout) | {layout.site.name: read_quietly(layout.site)}
    return tuple(
        _route(address, name, data)
        for name, data in files.items()
        for address in addresses(name)
        if content_type(name)
    )


def addresses(name: str) -> tuple[str, ...]:
    """Where a file of the static site is found."""
    if name == _INDEX:
        return ("/",)
    folder = name.removesuffix(f"/{_INDEX}")
    return (f"/{name}",) if folder == name else (f"/{folder}/", f"/{folder}")


def keep(content_type: str, data: bytes) -> StaticFile:
    """The file, compressed in a way that tells no time."""
    return StaticFile(content_type, data, gzip.compress(data, 9, mtime=0))


def answer_with(kept: StaticFile) -> Response:
    """The smaller of the two forms that the browser takes."""
    answer = Response(content_type=kept.content_type)
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0 and len(kept.compressed) < len(kept.plain):
        answer.data = kept.compressed
        answer.content_encoding = "gzip"
    else:
        answer.data = kept.plain
    return answer


def _route(address: str, name: str, data: bytes) -> Route:
    return Route("GET", address, partial(answer_with, keep(content_type(name), data)))


def content_type(name: str) -> str:
    """The content type by the name's ending; empty for a file that is not served."""
    return next((known for ending, known in CONTENT_TYPES.items() if name.endswith(ending)), "")
