"""How long an office's sealed things may wait: its administrators choose, and all its pages count by it."""

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug import Response

from journalist_app import problems
from journalist_app.confirming import field
from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from store.deadline import LAPOR, MOST_DAYS, DayKind, Deadline
from store.errors import OutOfRangeError

blueprint = Blueprint("deadlines", __name__, url_prefix=PREFIX)


@blueprint.get("/deadline")
def form() -> str:
    return _form(None)


@blueprint.post("/deadline")
def choose() -> Response | tuple[str, int]:
    """Another deadline from the next page on."""
    kind: DayKind = "calendar" if field("kind") == "calendar" else "working"
    try:
        parts().staff.settings.set_deadline(g.account, Deadline(number(field("days")), kind))
    except OutOfRangeError as error:
        return _form(problems.of_error(error)), 400
    return redirect(url_for("deadlines.form"), 303)


def number(untrusted_text: str) -> int:
    """A number of days as somebody typed it; OutOfRangeError for what is none, or is a very long one."""
    typed = untrusted_text.strip()
    if not typed.isascii() or not typed.isdigit() or len(typed) > 4:
        raise OutOfRangeError
    return int(typed)


def _form(problem: str | None) -> str:
    office = my_office()
    return render_template(
        "deadline.html",
        office=office.names[g.language],
        deadline=parts().staff.settings.deadline(office.id),
        preset=LAPOR,
        most=MOST_DAYS,
        problem=problem,
    )
