"""Proof of authorship: a statement goes in, a text to copy comes out. Nothing is stored (protocol.md 9.1)."""

from typing import Final

from flask import Response, request

from crypto import calendar
from crypto.authorship import sign_authorship
from crypto.constants import MAX_STATEMENT_LENGTH
from crypto.directory import Slice
from source_app.noscript import checking, offices
from source_app.noscript.checking import Problems
from source_app.noscript.front import FORM, PREFIX, page
from source_app.noscript.services import Services
from source_app.noscript.texts import gettext
from source_app.noscript.typed import LONGEST_FORM, Typed, read_form
from source_app.routes import Route

STATEMENT: Final = "statement"


def routes(services: Services) -> tuple[Route, ...]:
    def empty(office: str) -> Response:
        return _page(offices.this_week(services, office), Typed({}))

    def prove(office: str) -> Response:
        found, instance = offices.this_week(services, office), services.site.instance
        typed, problems = read_form(request.stream.read, request.content_length or 0), Problems()
        name = checking.read_codename(typed, problems)
        statement = typed.one(STATEMENT).strip()
        if not statement:
            problems[STATEMENT] = gettext("Write your statement first.")
        elif len(statement) > MAX_STATEMENT_LENGTH:
            problems[STATEMENT] = gettext("Too long. At most %(limit)s letters.") % {
                "limit": MAX_STATEMENT_LENGTH
            }
        if name is None or problems:
            return _page(found, typed, problems)
        key = checking.keys_of(name, instance).sign
        proof = sign_authorship(instance, found.office.id, calendar.today(), statement, key)
        return _page(found, typed, proof=proof)

    rule = f"{PREFIX}/authorship/<id:office>"
    return Route("GET", rule, empty), Route("POST", rule, prove, FORM, LONGEST_FORM)


def _page(found: Slice, typed: Typed, problems: Problems | None = None, proof: str = "") -> Response:
    longest = MAX_STATEMENT_LENGTH
    return page("authorship.html", problems=problems, slice=found, typed=typed, proof=proof, longest=longest)
