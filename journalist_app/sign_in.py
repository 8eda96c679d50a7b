"""Signing in and out."""

import threading
from typing import Final

from flask import Blueprint, g, make_response, redirect, request, url_for
from werkzeug import Response

from journalist_app import visit
from journalist_app.confirming import LIMITS, field
from journalist_app.front import PREFIX
from journalist_app.navigation import home
from journalist_app.parts import parts
from store.errors import BusyError, NoMatchError
from store.staff.account import SERVER
from store.staff.credentials import Attempt

blueprint = Blueprint("sign_in", __name__, url_prefix=PREFIX)

PLACES: Final = 4
"""How many may be at the door of a process at once: one whose passphrase is hashed (store/passphrase.py), and
those who wait for that. The app has twice as many threads, so that a flood leaves half of them to others."""

_DOOR: Final = threading.BoundedSemaphore(PLACES)


@blueprint.get("/sign-in")
def form() -> Response:
    if g.account is not None:
        return redirect(url_for(home(g.account)), 303)
    return _form(failed=False, for_operators="operator" in request.args)


@blueprint.post("/sign-in")
def enter() -> Response:
    """One answer to everything that does not match, after the same work; BusyError in a flood."""
    office = field("office") if "office" in request.form else parts().site.offices[0].id
    said = Attempt(office, field("name"), field("passphrase"), field("code"), g.known)
    if not _DOOR.acquire(blocking=False):
        raise BusyError
    try:
        entry = parts().staff.sessions.sign_in(said)
    except NoMatchError:
        return _form(failed=True, for_operators=office == SERVER)
    finally:
        _DOOR.release()
    if g.session is not None:
        parts().staff.sessions.sign_out(g.session)
    return visit.sign_in(make_response(redirect(url_for(home(entry.account)), 303)), entry)


@blueprint.post("/sign-out")
def leave() -> Response:
    parts().staff.sessions.sign_out(g.session)
    return visit.sign_out(make_response(redirect(url_for("sign_in.form"), 303)))


def _form(failed: bool, for_operators: bool) -> Response:
    return visit.door_page(
        "sign_in.html",
        403 if failed else 200,
        failed=failed,
        for_operators=for_operators,
        chosen=field("office"),
        offices=[(office.id, office.names[g.language]) for office in parts().site.offices],
        limits=LIMITS,
    )
