"""What waits for the station, and the bundles that were made of it."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import Blueprint, abort, g, render_template, request

from crypto.constants import ID_SIZE
from crypto.errors import MalformedError
from crypto.fields import Day, OfficeId, day
from journalist_app import filters, notices
from journalist_app.ages import age
from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from store import overview
from store.errors import NoDirectoryError
from store.overview import EVERYTHING, Filter
from store.reader import Place, Sealed

PAGE_SIZE: Final = 50

blueprint = Blueprint("queue", __name__, url_prefix=PREFIX)


@dataclass(frozen=True)
class _ADay:
    """What of one day stands on a page. `count` is how much fits the filter, `age` in days.

    `elapsed`: the days that count against the deadline.
    """

    day: Day
    age: int
    elapsed: int
    count: int
    things: list[Sealed]


@blueprint.get("/queue")
def waiting() -> tuple[str, int]:
    """A page of what waits and fits the filter, oldest day first, and the earlier bundles."""
    try:
        return _page(filters.read(request.args), _place(request.args.get("after"))), 200
    except MalformedError:
        return _page(EVERYTHING, None, misread=True), 400


def _page(wanted: Filter, after: Place | None, misread: bool = False) -> str:
    office, inbox, database, today = my_office(), parts().inbox, parts().database, parts().today()
    found = inbox.page(office.id, after, PAGE_SIZE + 1, wanted)
    shown = found[:PAGE_SIZE]
    waiting = overview.waiting(database, office.id)
    fitting = waiting if wanted == EVERYTHING else overview.waiting(database, office.id, wanted)
    deadline = parts().staff.settings.deadline(office.id)
    last_late_day = deadline.last_late_day(today)
    days = [
        _ADay(on, age(on, today), deadline.elapsed(on, today), fitting[on].count, list(things))
        for on, things in groupby(shown, lambda thing: thing.day)
        # What another reviewer has put into a bundle since the page was read is not shown.
        if on in fitting
    ]
    return render_template(
        "queue.html",
        office=office.names[g.language],
        notices=[
            *notices.of_server(parts()),
            *notices.of_keys(parts(), office),
            *notices.of_deadline(parts(), office),
            *notices.of_bundles(parts(), office),
            *notices.of_retention(parts(), office),
        ],
        total=inbox.counts(office.id),
        fitting=sum(came.count for came in fitting.values()),
        waiting=waiting,
        oldest=age(min(waiting), today) if waiting else 0,
        deadline=deadline,
        last_late_day=last_late_day,
        late=sum(came.count for day, came in waiting.items() if day <= last_late_day),
        unchosen=request.args.get("chosen"),
        misread=misread,
        wanted=wanted,
        days=days,
        channels=_titles(office.id),
        first_page=after is None,
        next_page=_write_place(shown[-1].place) if len(found) > PAGE_SIZE else None,
        fields=filters.write(wanted),
        bundles=[
            (bundle, age(bundle.day, today), deadline.elapsed(bundle.oldest, today))
            for bundle in reversed(inbox.bundles(office.id))
        ],
    )


def _titles(office: OfficeId) -> dict[str, str]:
    """What the office calls its channels today; nothing if it has published none."""
    try:
        published = parts().directories.directory(office).office
    except NoDirectoryError:
        return {}
    return {channel.id: channel.titles[g.language] for channel in published.channels}


def _write_place(place: Place) -> str:
    return f"{place.day}.{place.id.hex()}.{place.kind}"


def _place(untrusted_text: str | None) -> Place | None:
    if untrusted_text is None:
        return None
    try:
        untrusted_day, untrusted_id, kind = untrusted_text.split(".")
        place = Place(day(untrusted_day), bytes.fromhex(untrusted_id), kind)
    except (ValueError, MalformedError):
        abort(404)
    if len(place.id) != ID_SIZE or place.kind not in filters.KINDS:
        abort(404)
    return place
