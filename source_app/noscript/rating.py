"""What a reporter thinks of an answer: one to five stars, and remarks."""

from http import HTTPStatus
from typing import Final

from flask import Response, request

from crypto.constants import MAX_STARS, MAX_U32
from crypto.directory import Slice
from crypto.message import Rating
from source_app.answers import Refusal
from source_app.noscript import checking, offices, sending
from source_app.noscript.checking import Problems
from source_app.noscript.errors import BadFormError, NotSentError
from source_app.noscript.front import FORM, PREFIX, page, stored
from source_app.noscript.messages import TEXT
from source_app.noscript.services import Services
from source_app.noscript.texts import N_, gettext
from source_app.noscript.typed import LONGEST_FORM, LONGEST_TEXT, Typed, read_form
from source_app.routes import Route

STARS: Final = "stars"

_WORDS: Final = (
    N_("not at all satisfied"),
    N_("not satisfied"),
    N_("neither"),
    N_("satisfied"),
    N_("very satisfied"),
)
_CHOICES: Final = {str(stars): words for stars, words in zip(range(1, MAX_STARS + 1), _WORDS, strict=True)}


def routes(services: Services) -> tuple[Route, ...]:
    def empty(office: str, reply: int) -> Response:
        return _page(offices.this_week(services, office), _checked(reply), Typed({}))

    def send(office: str, reply: int) -> Response:
        found, number = offices.this_week(services, office), _checked(reply)
        typed, problems = read_form(request.stream.read, request.content_length or 0), Problems()
        name = checking.read_codename(typed, problems)
        stars = typed.one(STARS)
        if not stars:
            problems[STARS] = gettext("Choose one of the five.")
        elif stars not in _CHOICES:
            raise BadFormError
        place, excluded = checking.read_place(found, typed, problems)
        if name is None or place is None or problems:
            return _page(found, number, typed, problems)
        try:
            sending.send(services, place, name, Rating(number, int(stars), typed.one(TEXT)), excluded)
        except NotSentError as error:
            return _page(found, number, typed, {TEXT: error.sentence}, error.status)
        return stored("rating", office, place.channel.id)

    rule = f"{PREFIX}/rating/<id:office>/<number:reply>"
    return Route("GET", rule, empty), Route("POST", rule, send, FORM, LONGEST_FORM)


def _checked(reply: int) -> int:
    """The number of a reply, as the protocol has them."""
    if not 1 <= reply <= MAX_U32:
        raise Refusal(HTTPStatus.NOT_FOUND, "not-found")
    return reply


def _page(
    found: Slice,
    reply: int,
    typed: Typed,
    problems: Problems | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    return page(
        "rating.html",
        status,
        problems,
        slice=found,
        reply=reply,
        choices=_CHOICES,
        typed=typed,
        readers_of=offices.readers(found),
        longest=LONGEST_TEXT,
    )
