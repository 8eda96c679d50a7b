"""The log of the staff: of one's own office for its administrators, of the server for its operators."""

from collections.abc import Mapping
from itertools import groupby
from typing import Final

from flask import Blueprint, Response, abort, g, render_template, request

from crypto import chained_log
from crypto.chained_log import Entry
from crypto.fields import OfficeId
from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from journalist_app.texts import N_, gettext
from store.staff.account import CONSOLE, SCHEDULE, SERVER

PAGE_SIZE: Final = 50

blueprint = Blueprint("audit", __name__, url_prefix=PREFIX)

SAID: Final[Mapping[str, str]] = {
    "account-made": N_("made an account that can sign in at once: %(subject)s"),
    "authenticator-renewed": N_("began to set up another authenticator"),
    "backup-made": N_("made a backup of the server"),
    "board-published": N_("published the board outside its fixed times"),
    "bundle-asked": N_("had a new bundle put together"),
    "bundle-downloaded": N_("downloaded bundle %(subject)s"),
    "bundle-expired": N_("erased bundle %(subject)s, which no station had confirmed in time"),
    "bundle-imported": N_("imported bundle %(subject)s from the station"),
    "deadline-set": N_("set the deadline: %(subject)s"),
    "invitation-used": N_("accepted the invitation, and can sign in"),
    "invited": N_("invited %(subject)s"),
    "keys-published": N_("published keys, number %(subject)s"),
    "left-everywhere": N_("signed out everywhere"),
    "packages-brought": N_("brought sealed packages for other offices: %(subject)s"),
    "passphrase-changed": N_("changed the passphrase"),
    "receipt-taken": N_("had what the station has received erased here; bundles: %(subject)s"),
    "recovery-renewed": N_("made new recovery codes"),
    "recovery-used": N_("used a recovery code"),
    "removed": N_("removed %(subject)s"),
    "reset": N_("ended the sign-in of %(subject)s, with an invitation to a new one"),
    "restored": N_("put the server back from a backup of %(subject)s; what came after that day is lost"),
    "retention-ended": N_("had unconfirmed bundles kept without an end"),
    "retention-set": N_("set the days after which unconfirmed bundles are erased: %(subject)s"),
    "role-changed": N_("gave another role: %(subject)s"),
    "signed-in": N_("signed in"),
    "statistics-published": N_("published the statistics of %(subject)s"),
}
"""What an entry's actor did, by the act (store/staff/audit.py)."""

_WORDS: Final[Mapping[str, str]] = {
    "working": N_("working days"),
    "calendar": N_("calendar days"),
    "reviewer": N_("Reviewer"),
    "administrator": N_("Administrator"),
    "operator": N_("Operator"),
    "monitor": N_("Monitor"),
}


@blueprint.get("/log")
def shown() -> str:
    """A page of it, newest first, and the head to be written down."""
    office, title = _scope()
    log = parts().staff.log
    head = log.head(office)
    found = log.page(office, _before(), PAGE_SIZE + 1)
    page = found[:PAGE_SIZE]
    return render_template(
        "log.html",
        office=title,
        count=head.count,
        note=chained_log.note(head.hash),
        days=[
            (day, [(entry.number, _who(entry), _said(entry)) for entry in entries])
            for day, entries in groupby(page, lambda entry: entry.day)
        ],
        first_page="before" not in request.args,
        next_page=page[-1].number if len(found) > PAGE_SIZE else None,
    )


@blueprint.get("/log/export")
def export() -> Response:
    """All of it, for `peluit audit verify`. A worker never holds more than 500 entries of it."""
    office, _title = _scope()
    response = Response(
        chained_log.export(office, parts().staff.log.entries(office)), mimetype="application/jsonl"
    )
    name = f"peluit-log-{office or 'server'}.jsonl"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _scope() -> tuple[OfficeId, str]:
    """Whose log it is, as id and as a title."""
    if g.account.office == SERVER:
        return SERVER, gettext("Server")
    office = my_office()
    return office.id, office.names[g.language]


def _before() -> int | None:
    """The number before which the page begins; 404 unless it is one."""
    untrusted_number = request.args.get("before")
    if untrusted_number is None:
        return None
    if not untrusted_number.isascii() or not untrusted_number.isdigit() or len(untrusted_number) > 15:
        abort(404)
    return int(untrusted_number)


def _who(entry: Entry) -> str:
    if entry.actor == CONSOLE:
        return gettext("the server's console")
    return gettext("the server by itself") if entry.actor == SCHEDULE else entry.actor


def _said(entry: Entry) -> str:
    name, _, word = entry.subject.partition(" ")
    subject = f"{name} ({gettext(_WORDS[word])})" if word else name
    return gettext(SAID[entry.act]) % {"subject": subject}
