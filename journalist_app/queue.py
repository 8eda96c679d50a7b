"""What waits for the station, and the bundles that were made of it."""

from itertools import groupby
from typing import Final

from flask import Blueprint, abort, g, render_template, request

from crypto.constants import ID_SIZE
from crypto.errors import MalformedError
from crypto.fields import day
from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from store import overview
from store.errors import NoDirectoryError
from store.reader import Place

PAGE_SIZE: Final = 50

blueprint = Blueprint("queue", __name__, url_prefix=PREFIX)


@blueprint.get("/queue")
def waiting() -> str:
    """A page of what waits, oldest day first, and the earlier bundles."""
    office, inbox = my_office(), parts().inbox
    untrusted_after = request.args.get("after")
    after = None if untrusted_after is None else _read_place(untrusted_after)
    found = inbox.page(office.id, after, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    days = overview.waiting(parts().database, office.id)
    return render_template(
        "queue.html",
        office=office.names[g.language],
        total=inbox.counts(office.id),
        waiting=days,
        none_chosen=request.args.get("chosen") == "none",
        # What another reviewer has put into a bundle since the page was read is not shown.
        days=[(on, list(things)) for on, things in groupby(shown, lambda thing: thing.day) if on in days],
        channels=_titles(office.id),
        first_page=after is None,
        next_page=_write_place(shown[-1].place) if len(found) > PAGE_SIZE else None,
        bundles=tuple(reversed(inbox.bundles(office.id))),
    )


def _titles(office: str) -> dict[str, str]:
    """What the office calls its channels today; nothing if it has published none."""
    try:
        published = parts().directories.directory(office).office
    except NoDirectoryError:
        return {}
    return {channel.id: channel.titles[g.language] for channel in published.channels}


def _write_place(place: Place) -> str:
    return f"{place.day}.{place.id.hex()}.{place.kind}"


def _read_place(untrusted_text: str) -> Place:
    try:
        untrusted_day, untrusted_id, kind = untrusted_text.split(".")
        place = Place(day(untrusted_day), bytes.fromhex(untrusted_id), kind)
    except (ValueError, MalformedError):
        abort(404)
    if len(place.id) != ID_SIZE or place.kind not in ("item", "blob"):
        abort(404)
    return place
