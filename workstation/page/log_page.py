"""Who did what on the station, newest first, and the head of the log to be written down."""

from itertools import groupby
from typing import Final

from flask import Blueprint, render_template, request

from crypto import chained_log
from workstation import logwords, stationlog
from workstation.page.session import session

PAGE: Final = 50

blueprint = Blueprint("log_page", __name__)


@blueprint.get("/log")
def shown() -> str:
    """A page of it; the command checks all of it."""
    station = session().station
    head = stationlog.head(station.vault)
    before = request.args.get("before", type=int)
    found = stationlog.page(station.vault, station.keys.place.office, before, PAGE + 1)
    page, deeds = found[:PAGE], session().deeds.readable(station)
    return render_template(
        "log.html",
        count=head.count,
        note=chained_log.note(head.hash),
        days=[
            (day, [(entry, logwords.said(entry, deeds.get(entry.number))) for entry in entries])
            for day, entries in groupby(page, lambda entry: entry.day)
        ],
        first_page=before is None,
        next_page=page[-1].number if len(found) > PAGE else None,
    )
