"""Coming back: the replies that a codename opens, where the report stands, and what can be done about it."""

from flask import Response, request

from source_app.noscript import checking, offices, replies
from source_app.noscript.checking import Problems
from source_app.noscript.evenly import evenly
from source_app.noscript.front import FORM, PREFIX, page
from source_app.noscript.messages import MESSAGE
from source_app.noscript.services import Services
from source_app.noscript.status import STATUSES, steps
from source_app.noscript.typed import LONGEST_FORM, LONGEST_TEXT, Typed, read_form
from source_app.routes import Route
from store.errors import NoSuchPageError


def routes(services: Services) -> tuple[Route, ...]:
    def ask(office: str) -> Response:
        return page("unlock.html", slice=offices.this_week(services, office), typed=Typed({}))

    def show(office: str) -> Response:
        found = offices.this_week(services, office)
        typed, problems = read_form(request.stream.read, request.content_length or 0), Problems()
        name = checking.read_codename(typed, problems)
        if name is None:
            return page("unlock.html", problems=problems, slice=found, typed=typed)
        with evenly():
            try:
                answers = replies.visit(services.board, checking.keys_of(name, services.site.instance), found)
            except NoSuchPageError:
                answers = []
            return page(
                "thread.html",
                slice=found,
                replies=answers,
                reviewers={reviewer.id: reviewer.titles for reviewer in found.office.reviewers},
                statuses=STATUSES,
                steps=steps(answers),
                kind=MESSAGE,
                typed=Typed({}),
                readers_of=offices.readers(found),
                longest=LONGEST_TEXT,
            )

    rule = f"{PREFIX}/thread/<id:office>"
    return Route("GET", rule, ask), Route("POST", rule, show, FORM, LONGEST_FORM)
