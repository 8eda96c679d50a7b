"""`peluit invite`: lets somebody in, or in again, from the server's shell."""

import sys
from pathlib import Path

from crypto.errors import ProtocolError
from journalist_app.inviting import invite as make
from peluit.errors import NoDataError, RefusedError
from store.errors import StoreError
from store.layout import Layout
from store.staff.invitations import DAYS


def invite(folder: Path, office: str | None, role: str, name: str) -> None:
    """Prints the code of an invitation, once; ends the sign-in of somebody who is there already.

    NoDataError, RefusedError.
    """
    layout = Layout(folder)
    if not layout.site.is_file():
        raise NoDataError(folder)
    try:
        code = make(layout, office, role, name)
    except (StoreError, ProtocolError) as error:
        raise RefusedError(error) from None
    sys.stdout.write(sentence(name, code))


def sentence(name: str, code: str) -> str:
    """What to do with an invitation's code."""
    return (
        f"Invitation for {name}, good once and for {DAYS} days (not shown again):\n\n    {code}\n\n"
        "It is accepted on the sign-in page of the reviewers' app.\n"
    )
