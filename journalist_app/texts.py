"""The app's words: English in the code, Indonesian in locales/, chosen by the first part of the path.

`make` compiles the catalogue with `pybabel compile`; gettext of the standard library reads it.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any, Final

from flask import Flask, g, request, url_for

LANGUAGES: Final = ("id", "en")
FIRST: Final = "id"
DOMAIN: Final = "journalist_app"
LOCALES: Final = Path(__file__).with_name("locales")

_SOURCE: Final = "en"
_DECIMAL_MARK: Final = {"id": ",", "en": "."}
_TIME_MARK: Final = {"id": ".", "en": ":"}
_JAKARTA: Final = timezone(timedelta(hours=7))


def choose_language() -> None:
    """The language of this request; on paths outside both languages, the first."""
    untrusted_part = request.path.split("/", 2)[1]
    g.language = untrusted_part if untrusted_part in LANGUAGES else FIRST


def N_(text: str) -> str:
    """Marks a text for translation where it is not yet used."""
    return text


def gettext(text: str) -> str:
    """The text in the language of this request."""
    return _translations(g.language).gettext(text)


def ngettext(one: str, several: str, number: int) -> str:
    """The text for a number of things, in the language of this request."""
    return _translations(g.language).ngettext(one, several, number)


def written_day(day: str) -> str:
    """A day as people write it: 23 November 2026."""
    on = date.fromisoformat(day)
    return f"{on.day} {_months()[on.month - 1]} {on.year}"


def written_time(moment: int) -> str:
    """A moment, in seconds since 1970, as an Indonesian office reads it: 24 November 2026, 03:00 WIB."""
    at = datetime.fromtimestamp(moment, _JAKARTA)
    clock = f"{at.hour:02}{_TIME_MARK[g.language]}{at.minute:02}"
    return f"{written_day(at.date().isoformat())}, {clock} WIB"


def written_size(size: int) -> str:
    """A size in KiB, MiB or GiB with at most one decimal."""
    value, unit = size / 1024, "KiB"
    for larger in ("MiB", "GiB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    number = f"{value:.1f}".removesuffix(".0")
    return f"{number.replace('.', _DECIMAL_MARK[g.language])} {unit}"


def other_language() -> str:
    """The language that this page is not in."""
    return next(language for language in LANGUAGES if language != g.language)


def in_other_language() -> str:
    """The path of this page in the other language; of the first page, if this one only answers a form."""
    if request.endpoint is None or request.method != "GET":
        return f"/{other_language()}/"
    return url_for(request.endpoint, **{**(request.view_args or {}), "language": other_language()})


def register(app: Flask) -> None:
    """Puts the language into every path that has one, and the words into the templates."""
    app.before_request(choose_language)
    app.url_value_preprocessor(_drop_language)
    app.url_defaults(_add_language(app))
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(day=written_day, moment=written_time, size=written_size)
    app.jinja_env.globals.update(other_language=other_language, in_other_language=in_other_language)


def _drop_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        values.pop("language", None)


def _add_language(app: Flask) -> Callable[[str, dict[str, Any]], None]:
    def add(endpoint: str, values: dict[str, Any]) -> None:
        if app.url_map.is_endpoint_expecting(endpoint, "language"):
            values.setdefault("language", g.language)

    return add


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
