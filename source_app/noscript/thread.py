"""Coming back: the replies that a codename opens, and a message to add."""

from http import HTTPStatus

from flask import Response, g, request

from crypto import calendar
from crypto.directory import Slice
from crypto.fields import ReviewerId
from crypto.message import Text
from source_app.noscript import checking, offices, replies, sending
from source_app.noscript.checking import Problems
from source_app.noscript.errors import TooLongError
from source_app.noscript.front import FORM, PREFIX, page, stored
from source_app.noscript.offices import Place
from source_app.noscript.refusals import not_stored
from source_app.noscript.replies import Reply
from source_app.noscript.texts import N_, gettext
from source_app.noscript.typed import LONGEST_FORM, LONGEST_TEXT, Typed, read_form
from source_app.routes import Route
from source_app.services import Services
from store.errors import NoSuchPageError, StoreError

CHANNEL = "channel"
TEXT = "text"

STATUSES = {
    "received": N_("Received"),
    "incomplete": N_("Needs completion"),
    "reviewing": N_("Under review"),
    "forwarded": N_("Forwarded"),
    "examining": N_("Under examination"),
    "on-hold": N_("On hold"),
    "answered": N_("Answered"),
    "closed-substantiated": N_("Closed: substantiated"),
    "closed-partly": N_("Closed: partly substantiated"),
    "closed-unsubstantiated": N_("Closed: not substantiated"),
    "closed-no-action": N_("Closed: not followed up"),
    "closed-forwarded": N_("Closed: forwarded"),
}


def routes(services: Services) -> tuple[Route, ...]:
    def ask(office: str) -> Response:
        return page("unlock.html", slice=offices.this_week(services, office), typed=Typed({}))

    def show(office: str) -> Response:
        found = offices.this_week(services, office)
        typed, problems = read_form(request.stream.read, request.content_length or 0), Problems()
        name = checking.read_codename(typed, problems)
        if name is None:
            return page("unlock.html", problems=problems, slice=found, typed=typed)
        try:
            answers = replies.visit(services.board, checking.keys_of(name, services.site.instance), found)
        except NoSuchPageError:
            answers = []
        return _page("thread.html", found, Typed({}), replies=answers)

    def empty(office: str) -> Response:
        return _page("message.html", offices.this_week(services, office), Typed({}))

    def add(office: str) -> Response:
        found = offices.this_week(services, office)
        typed, problems = read_form(request.stream.read, request.content_length or 0), Problems()
        name = checking.read_codename(typed, problems)
        text = typed.one(TEXT)
        if not text.strip():
            problems[TEXT] = gettext("Write a message first.")
        place, excluded = read_place(found, typed, problems)
        if name is None or place is None or problems:
            return _page("message.html", found, typed, problems)
        today, keys = calendar.today(), checking.keys_of(name, services.site.instance)
        try:
            item = sending.seal(place, keys, Text(text), excluded, g.language, today)
            (deletion,) = sending.token_hashes(keys, today, 1)
            services.inbox.add_item(found.office.id, place.channel.id, today, deletion, item)
        except TooLongError as error:
            return _page("message.html", found, typed, {TEXT: checking.too_long(error.over)})
        except StoreError as error:
            failure = {TEXT: not_stored(error)}
            return _page("message.html", found, typed, failure, HTTPStatus.SERVICE_UNAVAILABLE)
        return stored("message", office, place.channel.id)

    rule, adding = f"{PREFIX}/thread/<id:office>", f"{PREFIX}/message/<id:office>"
    return (
        *(Route("GET", rule, ask), Route("POST", rule, show, FORM, LONGEST_FORM)),
        *(Route("GET", adding, empty), Route("POST", adding, add, FORM, LONGEST_FORM)),
    )


def read_place(found: Slice, typed: Typed, problems: Problems) -> tuple[Place | None, frozenset[ReviewerId]]:
    """The channel that was chosen, and who of its recipients must not read; problems. BadFormError."""
    channel = found.office.channel(typed.one(CHANNEL))
    if channel is None:
        problems[CHANNEL] = gettext("Choose the kind of report.")
        return None, frozenset()
    excluded = checking.read_excluded(typed, offices.readers(found), channel.recipients, problems)
    return Place(found, channel), excluded


def _page(
    template: str,
    found: Slice,
    typed: Typed,
    problems: Problems | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    replies: list[Reply] | None = None,
) -> Response:
    values = {"statuses": STATUSES, "replies": replies, "longest": LONGEST_TEXT}
    readers = offices.readers(found)
    return page(template, status, problems or {}, slice=found, typed=typed, readers_of=readers, **values)
