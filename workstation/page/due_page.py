"""What is late, due soon, or waits for somebody."""

from typing import Final

from flask import Blueprint, render_template, request

from crypto import calendar
from workstation.casework import describing
from workstation.commands.workdays import warning
from workstation.page.case_list import PAGE
from workstation.page.session import session
from workstation.timing import due, duewords, escalation
from workstation.timing.escalation import WITHIN

blueprint = Blueprint("due_page", __name__)

_MOST: Final = 366


@blueprint.get("/due")
def listed() -> str:
    station, on = session().station, calendar.today()
    within = min(_MOST, max(0, request.args.get("within", WITHIN, type=int)))
    late = request.args.get("late", "") == "1"
    found = escalation.entries(station, on, within)
    found = escalation.late_only(found) if late else found
    pages = max(1, -(-len(found) // PAGE))
    page = min(pages, max(1, request.args.get("page", 1, type=int)))
    return render_template(
        "due.html",
        entries=found[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=pages,
        late=late,
        within=within,
        most=_MOST,
        task=duewords.task,
        distance=lambda entry: duewords.distance(entry.what, entry.day, on),
        standing=describing.standing,
        warning=warning(due.counting(station).calendar, on),
    )
