"""Writing a reply: from a template or freely, seen once more before it is sealed.

A reply is plain text, as the office's own texts are (decision 0017): the reporter's page shows it as it
stands. So there is nothing to clean, and no link in it can take a reporter off the page.
"""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from workstation import cases, reply_templates
from workstation.cases import Case
from workstation.errors import StationError
from workstation.page import case_page
from workstation.page.session import session
from workstation.replies import reply

blueprint = Blueprint("replying", __name__)

_STEPS: Final = ("insert", "preview", "change")


@blueprint.get("/cases/<int:number>/reply")
def form(number: int) -> str:
    return _page(cases.find(session().station, number))


@blueprint.post("/cases/<int:number>/reply")
def write(number: int) -> str | Response:
    """`insert` a template, `preview`, `change` again, or `send`."""
    station = session().station
    case = cases.find(station, number)
    step = request.form.get("step", "")
    text = request.form.get("text", "").replace("\r\n", "\n")
    if step in _STEPS:
        return _page(case, step, with_template(case, text) if step == "insert" else text)
    if request.form.get("reply") != str(case.head.replies + 1):
        return redirect(url_for("case_page.shown", number=number), 303)  # sent already: clicked twice
    try:
        reply(station, case, text, calendar.today())
    except StationError as error:
        return _page(case, "change", text, error)
    return redirect(url_for("case_page.shown", number=number, _anchor="end"), 303)


def with_template(case: Case, text: str) -> str:
    """The text with the template that the form names behind it, in the reporter's language."""
    for each in reply_templates.load():
        if each.id == request.form.get("template"):
            return f"{text.rstrip()}\n\n{each.texts[case.head.language]}".strip()
    return text


def _page(case: Case, step: str = "", text: str = "", problem: StationError | None = None) -> str:
    return render_template(
        "reply.html" if step != "preview" else "preview.html",
        templates=reply_templates.load(),
        text=text,
        problem=problem,
        **case_page.about(session().station, case),
    )
