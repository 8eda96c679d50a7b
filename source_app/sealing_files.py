"""The sealing pages of one installation: composed when first asked for, and anew with each directory."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import Response

from source_app import static_files
from source_app.answers import OCTETS
from source_app.pages import LANGUAGES, Language
from source_app.routes import Route
from source_app.sealing_page import FILE_NAME, Parts, compose, sha256_line
from source_app.static_files import StaticFile
from store import pages, site
from store.directories import Directories
from store.files import read_quietly
from store.layout import Layout

_SCRIPT: Final = "assets/sealing-"
_STYLE: Final = "assets/style-"
_TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class _Composed:
    """A page, and which editions of the offices' directories are in it."""

    editions: tuple[str | None, ...]
    page: StaticFile
    hash_line: StaticFile


class SealingFiles:
    """NoSiteError; FileNotFoundError when the build that is in place has no sealing page."""

    def __init__(self, layout: Layout) -> None:
        found = site.read(layout)
        self._offices = [office.id for office in found.offices]
        self._directories = Directories(layout, found)
        self._site_file = read_quietly(layout.site)
        files = pages.read(layout)
        self._parts = Parts(script=_only(files, _SCRIPT), style=_only(files, _STYLE))
        self._composed: dict[Language, _Composed] = {}

    def page(self, language: Language) -> bytes:
        """The page as it is now; any StoreError."""
        return self._current(language).page.plain

    def send_page(self, language: Language) -> Response:
        """To be saved: opened here, it would be a page of this site that may run nothing."""
        answer = static_files.answer_with(self._current(language).page)
        answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
        return answer

    def send_hash(self, language: Language) -> Response:
        return static_files.answer_with(self._current(language).hash_line)

    def _current(self, language: Language) -> _Composed:
        editions = tuple(self._directories.edition(office) for office in self._offices)
        known = self._composed.get(language)
        # Two threads may do the same work; both come to the same bytes.
        if known is None or known.editions != editions:
            known = self._composed[language] = self._compose(language, editions)
        return known

    def _compose(self, language: Language, editions: tuple[str | None, ...]) -> _Composed:
        slices = {
            office: self._directories.slices(office, edition)
            for office, edition in zip(self._offices, editions, strict=True)
            if edition is not None
        }
        page = compose(language, self._parts, self._site_file, slices)
        return _Composed(
            editions, static_files.keep(OCTETS, page), static_files.keep(_TEXT, sha256_line(page))
        )


def routes(layout: Layout) -> tuple[Route, ...]:
    """Both files in each language; none while the build that is in place has no sealing page."""
    try:
        files = SealingFiles(layout)
    except FileNotFoundError:
        return ()
    views: dict[str, Callable[[Language], Response]] = {"": files.send_page, ".sha256": files.send_hash}
    return tuple(
        Route("GET", f"/{language}/{FILE_NAME}{ending}", partial(view, language))
        for language in LANGUAGES
        for ending, view in views.items()
    )


def _only(files: dict[str, bytes], start: str) -> str:
    """The text of the file whose name starts so; FileNotFoundError."""
    for name, data in files.items():
        if name.startswith(start):
            return data.decode()
    raise FileNotFoundError(start)
