"""What somebody does with an invitation: passphrase, authenticator, recovery codes, in that order.

Each step's form carries the invitation's code; nothing but the steps' results is kept on the server.
"""

from flask import Blueprint, g
from werkzeug import Response

from journalist_app import problems, qr, visit
from journalist_app.confirming import LIMITS, field
from journalist_app.front import PREFIX
from journalist_app.parts import parts
from store import totp
from store.errors import NoInvitationError, NoMatchError, WeakPassphraseError
from store.staff.invitations import Invitation

blueprint = Blueprint("invitation", __name__, url_prefix=PREFIX)


@blueprint.get("/invitation")
def form() -> Response:
    return visit.door_page("invitation.html", problem=None, limits=LIMITS)


@blueprint.post("/invitation")
def open_() -> Response:
    """The code leads to the choice of a passphrase."""
    try:
        return _passphrase_page(parts().staff.invitations.read(field("code")))
    except NoInvitationError as error:
        return _no_invitation(error)


@blueprint.post("/invitation/passphrase")
def choose_passphrase() -> Response:
    """A good passphrase leads to the authenticator."""
    invitations = parts().staff.invitations
    try:
        found = invitations.read(field("code"))
        if field("passphrase") != field("again"):
            return _passphrase_page(found, problems.of_difference())
        return authenticator_page(
            field("code"), invitations.choose_passphrase(field("code"), field("passphrase"))
        )
    except WeakPassphraseError as error:
        return _passphrase_page(found, problems.of_error(error))
    except NoInvitationError as error:
        return _no_invitation(error)


@blueprint.post("/invitation/authenticator")
def complete() -> Response:
    """Right digits make it the account's, and the recovery codes are shown."""
    invitations = parts().staff.invitations
    try:
        recovery = invitations.complete(field("code"), field("digits"))
    except NoMatchError:
        return authenticator_page(field("code"), invitations.read(field("code")), problems.of_digits())
    except NoInvitationError as error:
        return _no_invitation(error)
    g.account = None
    response = visit.door_page("recovery_codes.html", codes=recovery, complete=True)
    return visit.sign_out(response)


def authenticator_page(code: str, invitation: Invitation, problem: str | None = None) -> Response:
    """The secret as a QR code and as text, and the question for its first six digits."""
    secret = invitation.secret or ""
    address = totp.otpauth(f"{invitation.name}@{invitation.office or 'server'}", secret, "Peluit")
    return visit.door_page(
        "authenticator.html",
        200 if problem is None else 400,
        code=code,
        picture=qr.svg(address),
        groups=[secret[at : at + 4] for at in range(0, len(secret), 4)],
        problem=problem,
        limits=LIMITS,
    )


def _passphrase_page(invitation: Invitation, problem: str | None = None) -> Response:
    office = parts().site.office(invitation.office)
    return visit.door_page(
        "passphrase.html",
        200 if problem is None else 400,
        invitation=invitation,
        code=field("code"),
        office=None if office is None else office.names[g.language],
        problem=problem,
        limits=LIMITS,
    )


def _no_invitation(error: NoInvitationError) -> Response:
    return visit.door_page("invitation.html", 400, problem=problems.of_error(error), limits=LIMITS)
