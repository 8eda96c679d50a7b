"""Invitations that the server's shell makes: an office's first administrator, and whoever runs the server."""

from crypto.fields import OfficeId
from journalist_app.parts import open_parts
from store.errors import NoSuchOfficeError
from store.layout import Layout
from store.staff.account import SERVER, console


def invite(layout: Layout, office: str | None, role: str, name: str) -> str:
    """The code of an invitation; without an office to the server, as its operator.

    Ends the sign-in of somebody who is there already, and keeps their role. NoSuchOfficeError,
    NoSuchRoleError, MalformedError if the name is no id.
    """
    parts = open_parts(layout)
    try:
        known = SERVER if office is None else office
        if office is not None and parts.site.office(office) is None:
            raise NoSuchOfficeError
        people, actor = parts.staff.people, console(OfficeId(known))
        if any(person.name == name for person in people.listed(actor.office)):
            return people.reset(actor, name)
        return people.invite(actor, name, role)
    finally:
        parts.close()
