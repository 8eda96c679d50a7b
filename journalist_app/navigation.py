"""Where each role can go; the first of its pages is where it arrives."""

from typing import Final

from flask import g

from journalist_app.texts import N_, gettext
from store.staff.account import Account, Role

_PAGES: Final[dict[Role, tuple[tuple[str, str], ...]]] = {
    "reviewer": (
        ("queue.waiting", N_("Queue")),
        ("imports.form", N_("Import")),
        ("board.published", N_("Board")),
    ),
    "administrator": (
        ("people.listed", N_("People")),
        ("deadlines.form", N_("Deadline")),
        ("storage.shown", N_("Storage")),
        ("audit.shown", N_("Log")),
    ),
    "operator": (("system.state", N_("Server")), ("audit.shown", N_("Log"))),
    "monitor": (("numbers.shown", N_("Numbers")),),
}
_OWN: Final = ("own.account", N_("My account"))


def bar() -> list[tuple[str, str]]:
    """Endpoint and name of each page in the bar, for whoever is signed in."""
    return [(endpoint, gettext(name)) for endpoint, name in (*_PAGES[g.account.role], _OWN)]


def home(account: Account) -> str:
    """The endpoint where an account arrives."""
    return _PAGES[account.role][0][0]
