"""Causes and improvements of a year: chosen, read through and edited before anything is written."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from workstation import terminal
from workstation.page.accounts import chosen_period, tabs
from workstation.page.media import chosen, media
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.recap import lessons_report, papers, periods, saving
from workstation.recap.lessons_report import Lesson
from workstation.review import categories
from workstation.station import Station
from workstation.texts import _

blueprint = Blueprint("lessons_page", __name__)


@blueprint.get("/accounts/lessons")
def shown() -> str:
    """Nothing is ticked: what is printed, somebody has chosen."""
    period, problem = chosen_period()
    station = session().station
    return render_template(
        "lessons_report.html",
        found=lessons_report.of(station, period),
        media=media(),
        period=period,
        problem=problem,
        sectors=categories.of_station(station).sector_title,
        tabs=tabs(),
    )


@blueprint.post("/accounts/lessons")
def write() -> Response:
    """Writes what was ticked, as it was edited; the cases keep what was written in them."""
    period, ending = periods.read(request.form.get("period", "")), request.form.get("ending", "")
    to = chosen(request.form.get("medium", ""), request.form.get("path", ""))
    station = session().station
    numbers = request.form.getlist("case", type=int)
    picked = [_edited(each) for each in lessons_report.chosen(lessons_report.of(station, period), numbers)]

    def task(station: Station, _progress: Progress) -> str:
        paper = lessons_report.paper(picked, period, categories.of_station(station))
        return str(saving.save_beside(papers.marked(station, paper), to, ending))

    told = Result(
        _("Written"), lambda path: [terminal.safe(path)], "lessons_page.shown", {"period": period.name}
    )
    session().begin(task, told)
    return redirect(url_for("working.shown"), 303)


def _edited(lesson: Lesson) -> Lesson:
    """With the words of the form, if it has any."""
    cause, improvement = (
        request.form.get(f"{name}-{lesson.case}", "").replace("\r\n", "\n").strip()
        for name in ("cause", "improvement")
    )
    return replace(lesson, cause=cause or lesson.cause, improvement=improvement or lesson.improvement)
