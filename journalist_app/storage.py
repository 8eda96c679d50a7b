"""What an office's sealed things take on the server, and how long unconfirmed ones stay."""

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug import Response

from journalist_app import notices, problems
from journalist_app.confirming import LIMITS, confirm, field
from journalist_app.deadlines import number
from journalist_app.expiring import announce
from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from store import overview
from store.errors import NoMatchError, OutOfRangeError
from store.incoming import unfinished
from store.retention import NOTICE
from store.staff.settings import LONGEST_RETENTION, SHORTEST_RETENTION

blueprint = Blueprint("storage", __name__, url_prefix=PREFIX)


@blueprint.get("/storage")
def shown() -> str:
    """Counts and sizes of one's own office; no ids, channels or days of single things."""
    here, office = parts(), my_office()
    bundles = here.inbox.bundles(office.id)
    return render_template(
        "storage.html",
        office=office.names[g.language],
        notices=[*notices.of_server(here), *notices.of_retention(here, office)],
        total=here.inbox.counts(office.id),
        shares=overview.shares(here.database, office.id),
        bundles=bundles,
        bundled=sum(bundle.size for bundle in bundles),
        unfinished=unfinished(here.layout.incoming, office.id, here.today()),
        leaving=sum(bundle.size for bundle in bundles if bundle.leaves),
        retention=here.staff.settings.retention(office.id),
    )


@blueprint.get("/storage/retention")
def retention_form() -> str:
    return _form(None)


@blueprint.post("/storage/retention")
def choose_retention() -> Response | tuple[str, int]:
    """Once passphrase and code are confirmed: it may end in reports that nobody has any more."""
    here = parts()
    try:
        chosen = None if field("keep") == "always" else number(field("days"))
        confirm()
        here.staff.settings.set_retention(g.account, chosen)
    except NoMatchError:
        return _form(problems.of_confirmation()), 403
    except OutOfRangeError as error:
        return _form(problems.of_error(error)), 400
    announce(here, my_office().id)
    return redirect(url_for("storage.shown"), 303)


def _form(problem: str | None) -> str:
    office = my_office()
    return render_template(
        "retention.html",
        office=office.names[g.language],
        retention=parts().staff.settings.retention(office.id),
        shortest=SHORTEST_RETENTION,
        longest=LONGEST_RETENTION,
        notice=NOTICE,
        problem=problem,
        limits=LIMITS,
    )
