"""The static pages of the reporter's site, rendered from templates, catalogues and site data.

Pure: the same site and assets give the same bytes. Nothing here runs during a request.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

Language = Literal["en", "id"]

LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")
ROOT_LANGUAGE: Final[Language] = "id"

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Office:
    """An office as the landing page shows it: names, and its root key's fingerprint (protocol.md 4)."""

    id: str
    names: Mapping[Language, str]
    digits: tuple[str, ...]
    words: Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True)
class Site:
    """What the pages say about this installation."""

    offices: tuple[Office, ...]
    noscript: str | None = None
    """The address of the no-script door, with a slash at its end."""


def catalogue(language: Language) -> dict[str, dict[str, str]]:
    """The texts of one language: `page` for the templates, `script` for the browser's code."""
    texts: dict[str, dict[str, str]] = json.loads((_HERE / "locales" / f"{language}.json").read_text("utf-8"))
    return texts


@cache
def environment() -> Environment:
    """The templates; whatever they name must be given."""
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(site: Site, assets: Mapping[str, str]) -> dict[str, bytes]:
    """Every page as path under the static root → UTF-8 bytes.

    `assets` names the built files under /assets/: `main` (the script) and `style`.
    """
    pages = {language: _page(site, assets, language) for language in LANGUAGES}
    files = {f"{language}/index.html": page for language, page in pages.items()}
    return {"index.html": pages[ROOT_LANGUAGE], **files}


def _page(site: Site, assets: Mapping[str, str], language: Language) -> bytes:
    template = environment().get_template("page.html")
    other = next(candidate for candidate in LANGUAGES if candidate != language)
    html = template.render(
        assets=assets,
        language=language,
        noscript=site.noscript,
        offices=site.offices,
        other=other,
        t=catalogue(language)["page"],
    )
    # Nothing is shown between two tags that stand on lines of their own.
    return re.sub(r">\s*\n\s*<", "><", html.strip()).encode()
