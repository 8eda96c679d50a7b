"""The door's words: English in the code, Indonesian in locales/, chosen by the first part of the path."""

from datetime import date
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final

from flask import Flask, g, request

LANGUAGES: Final = ("id", "en")
FIRST: Final = "id"
DOMAIN: Final = "noscript"
LOCALES: Final = Path(__file__).with_name("locales")

_SOURCE: Final = "en"


def N_(text: str) -> str:
    """Marks a text for translation where it is not yet used."""
    return text


def gettext(text: str) -> str:
    """The text in the language of this request."""
    return _translations(g.language).gettext(text)


def ngettext(one: str, several: str, number: int) -> str:
    """The text for a number of things, in the language of this request."""
    return _translations(g.language).ngettext(one, several, number)


def link(*parts: str) -> str:
    """The address of a page in the language of this request."""
    return "/".join(("", g.language, *parts))


def other_language() -> str:
    return next(language for language in LANGUAGES if language != g.language)


def in_other_language() -> str:
    """The address of this page in the other language; every page that a form leads to can be opened too."""
    _, _, rest = request.path.lstrip("/").partition("/")
    return f"/{other_language()}/{rest if request.endpoint else ''}"


def written_day(day: str) -> str:
    """A day as people write it: 23 November 2026."""
    on = date.fromisoformat(day)
    return f"{on.day} {_months()[on.month - 1]} {on.year}"


def written_size(size: int) -> str:
    """A size in MB (10^6 bytes), rounded down: a file of that size is still taken."""
    return f"{max(1, size // 10**6)} MB"


def register(app: Flask) -> None:
    """Chooses the language of each request, and puts the words into the templates."""
    app.before_request(_choose_language)
    app.url_value_preprocessor(_drop_language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(day=written_day, size=written_size)
    app.jinja_env.globals.update(
        link=link, other_language=other_language, in_other_language=in_other_language
    )


def _choose_language() -> None:
    untrusted_part = request.path.split("/", 2)[1]
    g.language = untrusted_part if untrusted_part in LANGUAGES else FIRST


def _drop_language(_endpoint: str | None, values: dict[str, object] | None) -> None:
    if values is not None:
        values.pop("language", None)


@cache
def _translations(language: str) -> NullTranslations:
    if language == _SOURCE:
        return NullTranslations()
    return translation(DOMAIN, LOCALES, [language])


def _months() -> tuple[str, ...]:
    _ = gettext
    return (
        *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
        *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
    )
