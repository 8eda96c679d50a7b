"""What the page of a case shows of its casework: classification, who handles it, sheet, plan, lessons."""

from collections.abc import Sequence

from flask import request

from workstation.cases import Case
from workstation.casework import journal
from workstation.commands import classify, review
from workstation.commands.show import reviewer_title
from workstation.review import categories, classification, lessons, planning, review_sheet
from workstation.review.review_sheet import RECOMMENDATIONS
from workstation.station import Station
from workstation.texts import _


def shown(station: Station, case: Case) -> dict[str, object]:
    """What the template needs."""
    steps = journal.of_case(station, case)
    found, sheet = classification.latest(steps), review_sheet.latest(steps)
    lists, plan = categories.of_station(station), planning.latest(steps)
    return {
        "classified": list(classify.pairs(station, found)) if found else [],
        "competent": lists.competent(found.category, found.level) if found else "",
        "handled_by": reviewer_title(station, case.head.assigned) if case.head.assigned else "",
        "conflicted": [reviewer_title(station, each) for each in case.head.conflicted],
        "sheet_day": sheet.step.day if sheet else "",
        "sheet_by": reviewer_title(station, sheet.step.reviewer) if sheet else "",
        "sheet_says": _(RECOMMENDATIONS[sheet.sheet.recommendation]) if sheet else "",
        "sheet_complete": review.completeness(sheet.sheet) if sheet else "",
        "plan_progress": planning.progress(plan),
        "lessons_written": lessons.latest(steps) is not None,
    }


def is_new(case: Case) -> bool:
    """Whether a form that adds a step was not sent before: it names the number of the step that it is for, so
    that two clicks make one step."""
    return request.form.get("next") == str(case.head.steps + 1)


def typed(names: Sequence[str]) -> dict[str, str]:
    """What was typed into the fields of a form."""
    return {name: request.form.get(name, "").replace("\r\n", "\n") for name in names}
