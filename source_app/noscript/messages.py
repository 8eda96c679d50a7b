"""What is said in one text under a codename that is there already: a message, a threat, and the like."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Response, request

from crypto.directory import Slice
from crypto.message import Text
from source_app.noscript import checking, offices, sending
from source_app.noscript.checking import Problems
from source_app.noscript.errors import NotSentError
from source_app.noscript.front import FORM, PREFIX, page, stored
from source_app.noscript.services import Services
from source_app.noscript.texts import N_, gettext
from source_app.noscript.typed import LONGEST_FORM, LONGEST_TEXT, Typed, read_form
from source_app.routes import Route

TEXT: Final = "text"
SURE: Final = "sure"


@dataclass(frozen=True)
class Kind:
    """The words of one kind's form, in English; what is empty is not shown.

    `missing` is said of an empty text, where there must be one; `sure` is a box that must be ticked.
    """

    id: str
    title: str
    label: str
    button: str
    rows: int
    means: str = ""
    how: str = ""
    missing: str = ""
    question: str = ""
    sure: str = ""


MESSAGE: Final = Kind(
    "message",
    title=N_("Add to your report"),
    label=N_("Your message"),
    button=N_("Send the message"),
    rows=6,
    how=N_("An answer to a question, or new information."),
    missing=N_("Write a message first."),
)
THREAT: Final = Kind(
    "threat",
    title=N_("I am being threatened"),
    label=N_("What happened?"),
    button=N_("Tell the office"),
    rows=3,
    means=N_(
        "Put your safety first. The office reads this only after some days; if the danger is near, first "
        "find a safe place and people you trust."
    ),
    how=N_("May stay empty. Threats, a transfer, rights cut, or other pressure because of this report."),
)
OBJECTION: Final = Kind(
    "objection",
    title=N_("Object to an answer"),
    label=N_("Why should the answer be looked at again?"),
    button=N_("Send the objection"),
    rows=4,
    missing=N_("Write what should be looked at again."),
)
WITHDRAWAL: Final = Kind(
    "withdrawal",
    title=N_("Withdraw the report"),
    label=N_("Reason (may stay empty)"),
    button=N_("Withdraw this report"),
    rows=2,
    means=N_(
        "You tell the office that this report need not be followed up any more. The office decides; it may "
        "go on examining. Nothing is erased."
    ),
    question=N_("Really withdraw this report?"),
    sure=N_("Yes, withdraw it"),
)
KINDS: Final[Mapping[str, Kind]] = {kind.id: kind for kind in (MESSAGE, THREAT, OBJECTION, WITHDRAWAL)}


def routes(services: Services) -> tuple[Route, ...]:
    def empty(kind: str, office: str) -> Response:
        return _page(KINDS[kind], offices.this_week(services, office), Typed({}))

    def send(kind: str, office: str) -> Response:
        form, found = KINDS[kind], offices.this_week(services, office)
        typed, problems = read_form(request.stream.read, request.content_length or 0), Problems()
        name = checking.read_codename(typed, problems)
        text = typed.one(TEXT)
        if form.missing and not text.strip():
            problems[TEXT] = gettext(form.missing)
        place, excluded = checking.read_place(found, typed, problems)
        if form.sure and not typed.all(SURE):
            problems[SURE] = gettext("Tick this box if you want it. Nothing has been sent.")
        if name is None or place is None or problems:
            return _page(form, found, typed, problems)
        try:
            sending.send(services, place, name, Text(text, kind), excluded)
        except NotSentError as error:
            return _page(form, found, typed, {TEXT: error.sentence}, error.status)
        return stored(kind, office, place.channel.id)

    rule = f"{PREFIX}/<any({', '.join(KINDS)}):kind>/<id:office>"
    return Route("GET", rule, empty), Route("POST", rule, send, FORM, LONGEST_FORM)


def _page(
    kind: Kind,
    found: Slice,
    typed: Typed,
    problems: Problems | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    readers = offices.readers(found)
    values = {"kind": kind, "slice": found, "typed": typed, "readers_of": readers, "longest": LONGEST_TEXT}
    return page("message.html", status, problems, **values)
