"""Which roles may use which endpoint. What stands in no rule is refused."""

from typing import Final, Literal, get_args

from flask import abort, g, redirect, request, url_for
from werkzeug import Response

from journalist_app import visit
from journalist_app.parts import parts
from store.staff.account import Role

Rule = Literal["file", "anyone"] | frozenset[Role]
"""`file`: anyone, and no cookie is looked at. `anyone`: also without a session. Else the roles."""

_REVIEWER: Final[frozenset[Role]] = frozenset({"reviewer"})
_ADMINISTRATOR: Final[frozenset[Role]] = frozenset({"administrator"})
_OPERATOR: Final[frozenset[Role]] = frozenset({"operator"})
_MONITOR: Final[frozenset[Role]] = frozenset({"monitor"})
_EVERY_ROLE: Final[frozenset[Role]] = frozenset(get_args(Role))

RULES: Final[dict[str, Rule]] = {
    "front.style": "file",
    "front.root": "anyone",
    "front.start": "anyone",
    "sign_in.form": "anyone",
    "sign_in.enter": "anyone",
    "sign_in.leave": _EVERY_ROLE,
    "invitation.form": "anyone",
    "invitation.open_": "anyone",
    "invitation.choose_passphrase": "anyone",
    "invitation.complete": "anyone",
    "own.account": _EVERY_ROLE,
    "own.leave_everywhere": _EVERY_ROLE,
    "own.act_form": _EVERY_ROLE,
    "own.act": _EVERY_ROLE,
    "people.listed": _ADMINISTRATOR,
    "people.invite_form": _ADMINISTRATOR,
    "people.invite": _ADMINISTRATOR,
    "people.act_form": _ADMINISTRATOR,
    "people.act": _ADMINISTRATOR,
    "queue.waiting": _REVIEWER,
    "bundles.freeze": _REVIEWER,
    "bundles.ready": _REVIEWER,
    "bundles.download": _REVIEWER,
    "imports.form": _REVIEWER,
    "imports.take": _REVIEWER,
    "imports.preview": _REVIEWER,
    "imports.publish": _REVIEWER,
    "imports.discard": _REVIEWER,
    "board.published": _REVIEWER,
    "deadlines.form": _ADMINISTRATOR,
    "deadlines.choose": _ADMINISTRATOR,
    "storage.shown": _ADMINISTRATOR,
    "storage.retention_form": _ADMINISTRATOR,
    "storage.choose_retention": _ADMINISTRATOR,
    "numbers.shown": _MONITOR,
    "system.state": _OPERATOR,
    "audit.shown": _ADMINISTRATOR | _OPERATOR,
    "audit.export": _ADMINISTRATOR | _OPERATOR,
}

_READING: Final = frozenset({"GET", "HEAD"})


def guard() -> Response | None:
    """Runs before every request that leads somewhere: the rule, then the session, then the form's proof."""
    if request.endpoint is None:
        return None
    rule = RULES.get(request.endpoint)
    if rule is None:
        abort(403)
    if rule == "file":
        return None
    if g.session is not None:
        g.account = parts().staff.sessions.account(g.session)
    if rule != "anyone":
        if g.account is None:
            return redirect(url_for("sign_in.form"), 303)
        if g.account.role not in rule:
            abort(403)
    if request.method not in _READING:
        visit.check_form()
    return None
