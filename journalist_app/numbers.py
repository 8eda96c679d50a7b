"""How much waits for the office, for those who see numbers only."""

from flask import Blueprint, g, render_template

from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from store import overview

blueprint = Blueprint("numbers", __name__, url_prefix=PREFIX)


@blueprint.get("/numbers")
def shown() -> str:
    """Counts and sizes by day; no ids, channels or kinds of a single thing, and nothing to act on."""
    office, inbox = my_office(), parts().inbox
    deadline = parts().staff.settings.deadline(office.id)
    last_late_day = deadline.last_late_day(parts().today())
    waiting, bundles = overview.waiting(parts().database, office.id), inbox.bundles(office.id)
    return render_template(
        "numbers.html",
        office=office.names[g.language],
        total=inbox.counts(office.id),
        waiting=waiting,
        bundles=len(bundles),
        deadline=deadline,
        late=sum(came.count for day, came in waiting.items() if day <= last_late_day),
        late_bundles=sum(bundle.oldest <= last_late_day for bundle in bundles),
    )
