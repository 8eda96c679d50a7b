"""Taking in by hand: the channel, the form, and the sheet with the codename, which is only in memory."""

from pathlib import Path

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from crypto.constants import LANGUAGES
from crypto.directory import Channel
from crypto.errors import ProtocolError
from crypto.fields import Day, ReviewerId
from crypto.fields import day as read_day
from workstation import cases, texts
from workstation.byhand import attaching, entry, intake, paper_codename
from workstation.byhand.entry import Entry
from workstation.byhand.intake import Taken
from workstation.byhand.paper_codename import Sheet
from workstation.casework import titles
from workstation.casework.errors import NotYourChannelError, ReceivedDayError, TakenInMeanwhileError
from workstation.commands.intake import lines
from workstation.commands.show import reviewer_title
from workstation.errors import StationError
from workstation.page.session import session
from workstation.page.work import Result
from workstation.progress import Progress
from workstation.station import Station
from workstation.texts import _

blueprint = Blueprint("taking_in", __name__)


@blueprint.get("/take-in")
def channels() -> str:
    office, reviewer = session().station.directory.office, session().station.reviewer
    read = [channel for channel in office.channels if reviewer in channel.recipients]
    return render_template("channels.html", channels=[(each.id, texts.named(each.titles)) for each in read])


@blueprint.get("/take-in/<channel>")
def form(channel: str) -> str:
    return _page(_channel(channel), None)


@blueprint.post("/take-in/<channel>")
def take(channel: str) -> str | Response:
    """A form that was sent twice, by two clicks, makes one case."""
    station, found = session().station, _channel(channel)
    with_codename, destroy = "codename" in request.form, "destroy" in request.form
    try:
        if request.form.get("cases") != str(_count(station)):
            raise TakenInMeanwhileError
        given = entry.check(station, _entry(found), calendar.today())
    except StationError as error:
        return _page(found, error)

    def task(station: Station, progress: Progress) -> tuple[Taken, list[Path]]:
        taken = intake.take(station, given, calendar.today(), with_codename, progress)
        return taken, intake.destroy(given.attached) if destroy else []

    def onward(done: tuple[Taken, list[Path]]) -> str:
        taken, left = done
        if taken.words:
            office = session().station.directory.office
            sheet = paper_codename.sheet(office, taken.words, given.language, given.arrival)
            session().paper = taken.number, sheet
        if left:
            return ""  # that is told first; the sheet waits
        return url_for("taking_in.paper") if taken.words else url_for("case_page.shown", number=taken.number)

    def told(done: tuple[Taken, list[Path]]) -> list[str]:
        return lines(done[0], len(given.attached) if destroy else 0, done[1])

    session().begin(task, Result(_("Taken in"), told, "taking_in.channels", {}, onward, False))
    return redirect(url_for("working.shown"), 303)


@blueprint.get("/codename")
def paper() -> str:
    """The words, until somebody says what became of them or the station locks."""
    number, sheet = _paper()
    return render_template("paper.html", number=number, sheet=sheet)


@blueprint.post("/codename")
def handed_over() -> Response:
    station, (number, _sheet) = session().station, _paper()
    if "lost" in request.form:
        intake.not_handed_over(station, cases.find(station, number), calendar.today())
    session().paper = None
    return redirect(url_for("case_page.shown", number=number), 303)


def _paper() -> tuple[int, Sheet]:
    found = session().paper
    if found is None:
        abort(404)
    return found


def _channel(channel: str) -> Channel:
    found = session().station.directory.office.channel(channel)
    if found is None or session().station.reviewer not in found.recipients:
        raise NotYourChannelError
    return found


def _entry(channel: Channel) -> Entry:
    typed = request.form
    try:
        received = read_day(typed.get("received", ""))
    except ProtocolError:
        raise ReceivedDayError(days=entry.oldest_days(session().station)) from None
    if typed.get("arrival") not in entry.ARRIVALS or typed.get("language") not in LANGUAGES:
        abort(400)
    path = typed.get("path", "").strip()
    return Entry(
        channel=channel.id,
        arrival=typed["arrival"],
        received=Day(received),
        language=typed["language"],
        answers={
            name.removeprefix("answer-"): text.replace("\r\n", "\n")
            for name, text in typed.items()
            if name.startswith("answer-")
        },
        excluded=tuple(ReviewerId(reviewer) for reviewer in typed.getlist("exclude")),
        sender="agency" if "agency" in typed else "",
        kept=typed.get("kept", ""),
        attached=attaching.files_of(Path(path).expanduser().absolute()) if path else (),
    )


def _page(channel: Channel, problem: StationError | None) -> str:
    station = session().station
    questions = station.directory.office.form(channel.form)
    assert questions is not None
    return render_template(
        "taking_in.html",
        channel=texts.named(channel.titles),
        fields=[
            (field, texts.named(field.titles), texts.named(field.examples)) for field in questions.fields
        ],
        named=texts.named,
        arrivals=[(arrival, titles.arrival(arrival)) for arrival in entry.ARRIVALS],
        others=[
            (each, reviewer_title(station, each)) for each in channel.recipients if each != station.reviewer
        ],
        oldest=calendar.add_days(calendar.today(), -entry.oldest_days(station)),
        count=_count(station),
        typed=request.form,
        problem=problem,
    )


def _count(station: Station) -> int:
    return int(station.vault.value("SELECT count(*) FROM cases"))
