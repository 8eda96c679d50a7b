"""One's own account: what it is, and how one signs in."""

from flask import Blueprint, g, make_response, redirect, render_template, url_for
from werkzeug import Response

from journalist_app import problems, visit
from journalist_app.confirming import LIMITS, confirm, field
from journalist_app.front import PREFIX
from journalist_app.invitation import authenticator_page
from journalist_app.parts import parts
from store.errors import NoMatchError, WeakPassphraseError

blueprint = Blueprint("own", __name__, url_prefix=PREFIX)

_ACT = "<any(passphrase, authenticator, recovery):act>"


@blueprint.get("/account")
def account() -> str:
    office = parts().site.office(g.account.office)
    left = parts().staff.credentials.recovery_codes_left(g.account)
    return render_template("account.html", left=left, office=office and office.names[g.language])


@blueprint.post("/account/leave")
def leave_everywhere() -> Response:
    parts().staff.sessions.sign_out_everywhere(g.account)
    return visit.forget(make_response(redirect(url_for("sign_in.form"), 303)))


@blueprint.get(f"/account/{_ACT}")
def act_form(act: str) -> str:
    return _form(act, None)


@blueprint.post(f"/account/{_ACT}")
def act(act: str) -> str | Response | tuple[str, int]:
    """Changes one thing, once passphrase and code are confirmed."""
    staff = parts().staff
    if act == "passphrase" and field("chosen") != field("again"):
        return _form(act, problems.of_difference()), 400
    try:
        confirm()
        if act == "passphrase":
            staff.credentials.change_passphrase(g.account, field("chosen"))
            return visit.forget(make_response(redirect(url_for("sign_in.form"), 303)))
    except NoMatchError:
        return _form(act, problems.of_confirmation()), 403
    except WeakPassphraseError as error:
        return _form(act, problems.of_error(error)), 400
    if act == "recovery":
        made = staff.credentials.renew_recovery_codes(g.account)
        return render_template("recovery_codes.html", codes=made, complete=False)
    code = staff.invitations.renew_authenticator(g.account)
    return authenticator_page(code, staff.invitations.read(code))


def _form(act: str, problem: str | None) -> str:
    return render_template("own_act.html", act=act, problem=problem, limits=LIMITS)
