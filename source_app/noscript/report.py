"""The report: the office's own form, with the codename as its last field."""

from http import HTTPStatus

from flask import Response, g, request

from crypto.forms import Field, Form
from crypto.message import Report
from source_app.noscript import checking, offices, sending
from source_app.noscript.checking import Problems
from source_app.noscript.errors import NotSentError
from source_app.noscript.front import FORM, PREFIX, page, stored
from source_app.noscript.offices import Place
from source_app.noscript.services import Services
from source_app.noscript.texts import gettext
from source_app.noscript.typed import LONGEST_FORM, LONGEST_TEXT, Typed, read_form
from source_app.routes import Route

_FORM = "form"


def routes(services: Services) -> tuple[Route, ...]:
    def empty(office: str, channel: str) -> Response:
        return _page(offices.place(services, office, channel), Typed({}))

    def take(office: str, channel: str) -> Response:
        place = offices.place(services, office, channel)
        typed, problems = read_form(request.stream.read, request.content_length or 0), Problems()
        name = checking.read_codename(typed, problems)
        answers = _read_answers(place.form, typed, problems)
        excluded = checking.read_excluded(typed, place.readers, place.channel.recipients, problems)
        if name is None or problems:
            return _page(place, typed, problems)
        try:
            sending.send(services, place, name, Report(answers), excluded)
        except NotSentError as error:
            return _page(place, typed, {_FORM: error.sentence}, error.status)
        return stored("report", office, channel)

    rule = f"{PREFIX}/report/<id:office>/<id:channel>"
    return Route("GET", rule, empty), Route("POST", rule, take, FORM, LONGEST_FORM)


def _page(
    place: Place, typed: Typed, problems: Problems | None = None, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    return page("report.html", status, problems or {}, place=place, typed=typed, longest=LONGEST_TEXT)


def _read_answers(form: Form, typed: Typed, problems: Problems) -> dict[str, str]:
    """The answers that are not empty, by field; problems where one is missing."""
    answers = {field.id: text for field in form.fields if (text := typed.one(f"answer-{field.id}")).strip()}
    eithers = [field for field in form.fields if field.need == "either"]
    for field in form.fields:
        problem = _problem(field, answers, eithers)
        if problem:
            problems[f"answer-{field.id}"] = problem
    return answers


def _problem(field: Field, answers: dict[str, str], eithers: list[Field]) -> str | None:
    if field.need == "required" and field.id not in answers:
        return gettext("Fill in: %(title)s") % {"title": field.titles[g.language]}
    if field in eithers[:1] and not any(either.id in answers for either in eithers):
        titles = " / ".join(either.titles[g.language] for either in eithers)
        return gettext("Fill in one of these: %(titles)s") % {"titles": titles}
    if field.choices and field.id in answers and field.choice(answers[field.id]) is None:
        return gettext("Choose one from the list: %(title)s") % {"title": field.titles[g.language]}
    return None
