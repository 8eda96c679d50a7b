"""Puts the reporter's site in place: the rendered pages and the built scripts."""

import json
from pathlib import Path

from crypto.constants import LANGUAGES
from crypto.fingerprint import digits, spoken
from peluit.errors import NotBuiltError
from source_app import pages
from store import site
from store.files import make_folder, write_whole
from store.layout import Layout

BUILT = Path(__file__).parent.parent / "source_app" / "web" / "dist"
"""Where `npm run build` leaves the hashed files and assets.json."""


def place(layout: Layout, noscript: str | None = None) -> None:
    """Writes the pages for this installation and this build, and removes those of an older build.

    `noscript` is the address of the no-script door, with a slash at its end; the pages lead there.
    NotBuiltError, NoSiteError. Pages go last: they never name a script that is not there yet.
    """
    try:
        assets: dict[str, str] = json.loads((BUILT / "assets.json").read_text("utf-8"))
    except FileNotFoundError:
        raise NotBuiltError from None
    folder = layout.pages / "assets"
    make_folder(folder)
    for name in assets.values():
        write_whole(folder / name, (BUILT / name).read_bytes())
    for path, page in pages.render(_site(layout, noscript), assets).items():
        make_folder((layout.pages / path).parent)
        write_whole(layout.pages / path, page)
    for old in folder.iterdir():
        if old.name not in assets.values():
            old.unlink()


def _site(layout: Layout, noscript: str | None) -> pages.Site:
    offices = tuple(
        pages.Office(
            id=office.id,
            names=office.names,  # type: ignore[arg-type]  # Names is checked to have exactly these keys
            digits=digits(office.root),
            words={language: spoken(office.root, language) for language in LANGUAGES},
        )
        for office in site.read(layout).offices
    )
    return pages.Site(offices, noscript)
