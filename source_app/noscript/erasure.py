"""Taking back what was sent on one of the last days and is in no bundle yet (docs/protocol.md section 9)."""

from datetime import date, timedelta
from typing import Final

from flask import Response, request

from crypto import calendar
from crypto.directory import Slice
from crypto.fields import Day
from source_app.noscript import checking, offices, sending
from source_app.noscript.checking import Problems
from source_app.noscript.front import FORM, PREFIX, page
from source_app.noscript.services import Services
from source_app.noscript.texts import gettext
from source_app.noscript.typed import LONGEST_FORM, Typed, read_form
from source_app.routes import Route

DAY: Final = "day"

_DAYS: Final = 14


def routes(services: Services) -> tuple[Route, ...]:
    def empty(office: str) -> Response:
        return _page(offices.this_week(services, office), Typed({}))

    def erase(office: str) -> Response:
        found = offices.this_week(services, office)
        typed, problems = read_form(request.stream.read, request.content_length or 0), Problems()
        name = checking.read_codename(typed, problems)
        on = Day(typed.one(DAY))
        if on not in last_days():
            problems[DAY] = gettext("Choose one of these days.")
        if name is None or problems:
            return _page(found, typed, problems)
        tokens = sending.every_token(checking.keys_of(name, services.site.instance), on)
        return _page(found, typed, erased=services.inbox.erase(found.office.id, tokens))

    rule = f"{PREFIX}/erasure/<id:office>"
    return Route("GET", rule, empty), Route("POST", rule, erase, FORM, LONGEST_FORM)


def last_days() -> list[Day]:
    """The days that can be chosen, today first, in UTC as everything the protocol dates."""
    today = date.fromisoformat(calendar.today())
    return [Day((today - timedelta(days=ago)).isoformat()) for ago in range(_DAYS)]


def _page(
    found: Slice, typed: Typed, problems: Problems | None = None, erased: int | None = None
) -> Response:
    return page("erasure.html", problems=problems, slice=found, typed=typed, days=last_days(), erased=erased)
