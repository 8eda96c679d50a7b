"""The bytes that a site serves and that stay the same until its next release or its next office."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from crypto.errors import ProtocolError
from hardening import refusals
from hardening.manifest.form import FALLBACK, INDEX
from hardening.manifest.links import loads
from peluit.errors import NoDataError
from peluit.manifest.errors import NoSiteFileError, StrangeLinkError
from peluit.reporter_pages import place
from source_app import static_files
from source_app.pages import LANGUAGES
from source_app.sealing_page import FILE_NAME
from source_app.statistics_pages import STYLE
from store import pages, site
from store.layout import Layout

WELL_KNOWN = ".well-known/webcat"
"""Where WEBCAT looks for a site's manifest; it cannot hold its own hash."""

DOWNLOADS = tuple(f"/{language}/{FILE_NAME}{ending}" for language in LANGUAGES for ending in ("", ".sha256"))
"""The sealing pages: composed anew with every directory of an office, so no manifest can hold them."""


def of_folder(folder: Path) -> dict[str, bytes]:
    """Path → bytes of what lies on the server. NoDataError, StrangeLinkError, OSError."""
    layout = Layout(folder)
    if not layout.site.is_file():
        raise NoDataError(folder)
    return _served(layout)


def of_release(site_file: Path, noscript: str | None) -> dict[str, bytes]:
    """Path → bytes of what this release would serve for a site, without its server: a signer's own build.

    NoSiteFileError, NotBuiltError, StrangeLinkError, OSError.
    """
    untrusted_text = site_file.read_bytes()
    try:
        site.parse(untrusted_text)
    except ProtocolError:
        raise NoSiteFileError(site_file) from None
    with tempfile.TemporaryDirectory(prefix="peluit-") as folder:
        layout = Layout(Path(folder))
        layout.make()
        layout.site.write_bytes(untrusted_text)
        place(layout, noscript)
        return _served(layout)


def _served(layout: Layout) -> dict[str, bytes]:
    contents = dict(_static(layout))
    known = {path.removesuffix(INDEX) for path in contents}
    for path, content in contents.items():
        for each in sorted(loads(content) - known) if path.endswith(INDEX) else ():
            raise StrangeLinkError(each)
    return contents


def _static(layout: Layout) -> Iterator[tuple[str, bytes]]:
    for name, content in pages.read(layout).items():
        if static_files.content_type(name) and not name.startswith(WELL_KNOWN):
            for address in static_files.addresses(name):
                yield (f"{address}{INDEX}" if address.endswith("/") else address), content
    yield "/site.json", layout.site.read_bytes()
    yield "/statistics.css", STYLE.encode()
    yield FALLBACK, refusals.body("not-found")
