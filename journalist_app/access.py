"""Who may use which endpoint. What stands in no rule is refused."""

from typing import Final, Literal

from flask import abort, g, redirect, request, url_for
from werkzeug import Response

from journalist_app import visit
from journalist_app.parts import parts
from store import staff

Rule = Literal["file", "anyone", "reviewer"]

RULES: Final[dict[str, Rule]] = {
    "front.style": "file",
    "front.root": "anyone",
    "front.start": "anyone",
    "sign_in.form": "anyone",
    "sign_in.enter": "anyone",
    "sign_in.leave": "reviewer",
    "queue.waiting": "reviewer",
    "bundles.freeze": "reviewer",
    "bundles.ready": "reviewer",
    "bundles.download": "reviewer",
    "imports.form": "reviewer",
    "imports.take": "reviewer",
    "board.published": "reviewer",
}
"""`file`: anyone, and no cookie is looked at. `anyone`: also without a session."""

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
        g.account = parts().staff.account(g.session)
    if rule == "reviewer":
        if g.account is None:
            return redirect(url_for("sign_in.form"), 303)
        if g.account.role != staff.REVIEWER:
            abort(403)
    if request.method not in _READING:
        visit.check_form()
    return None
