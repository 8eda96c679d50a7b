"""Which page may be seen when. What stands in no rule is refused."""

import math
from typing import Final, Literal

from flask import Response, abort, g, redirect, request, url_for
from werkzeug import Response as BaseResponse

from workstation.page.session import session
from workstation.page.visit import READING, visit

Rule = Literal["anyone", "browser", "unlocked", "writing", "working"]
"""`anyone`: also without our cookie, and nothing of the station is in it. `browser`: ours, also locked.

The others need the unlocked station. `writing`: a page on which somebody takes time. `working`: also while
long work runs, and no sign that somebody is here, because it comes again by itself.
"""

RULES: Final[dict[str, Rule]] = {
    "front.style": "anyone",
    "front.start": "anyone",
    "front.language": "browser",
    "front.overview": "unlocked",
    "locking.form": "browser",
    "locking.enter": "browser",
    "locking.leave": "browser",
    "working.shown": "working",
    "working.stop": "working",
    "intake.form": "unlocked",
    "intake.take": "unlocked",
    "taking_in.channels": "unlocked",
    "taking_in.form": "writing",
    "taking_in.take": "writing",
    "taking_in.paper": "unlocked",
    "taking_in.handed_over": "unlocked",
    "retaining.shown": "unlocked",
    "retaining.propose": "unlocked",
    "retaining.destroy": "unlocked",
    "retaining.save": "unlocked",
    "retaining.one": "unlocked",
    "retaining.hold": "unlocked",
    "case_list.listed": "unlocked",
    "case_page.shown": "unlocked",
    "case_page.note": "unlocked",
    "log_page.shown": "unlocked",
    "classifying.form": "unlocked",
    "classifying.classify_": "unlocked",
    "classifying.assign_form": "unlocked",
    "classifying.assign": "unlocked",
    "classifying.table": "unlocked",
    "classifying.route": "unlocked",
    "classifying.lists": "unlocked",
    "classifying.replace_lists": "unlocked",
    "reviewing.form": "writing",
    "reviewing.keep": "writing",
    "reviewing.printed": "unlocked",
    "planning.form": "writing",
    "planning.write": "writing",
    "offices.listed": "unlocked",
    "offices.change": "unlocked",
    "forwarding.form": "writing",
    "forwarding.send": "writing",
    "packaging.form": "writing",
    "packaging.make": "writing",
    "dispositions.listed": "unlocked",
    "dispositions.take": "unlocked",
    "dispositions.answer_form": "writing",
    "dispositions.answer": "writing",
    "dispositions.paper_form": "writing",
    "dispositions.paper": "writing",
    "conflicts.form": "unlocked",
    "conflicts.declare": "unlocked",
    "conflicts.listed": "unlocked",
    "conflicts.change": "unlocked",
    "moving.form": "writing",
    "moving.move": "writing",
    "moving.proposal": "writing",
    "moving.decide": "writing",
    "due_page.listed": "unlocked",
    "timing.form": "writing",
    "timing.extend": "writing",
    "counting.shown": "unlocked",
    "counting.use": "unlocked",
    "counting.own": "unlocked",
    "counting.days": "writing",
    "pausing.form": "writing",
    "pausing.hold": "writing",
    "pausing.resume_form": "writing",
    "pausing.resume": "writing",
    "replying.form": "writing",
    "replying.write": "writing",
    "looking.shown": "unlocked",
    "looking.picture": "unlocked",
    "exporting.form": "unlocked",
    "exporting.write": "unlocked",
    "accounts.recap": "unlocked",
    "accounts.register": "unlocked",
    "accounts.performance": "unlocked",
    "accounts.write": "unlocked",
    "publishing.shown": "unlocked",
    "publishing.publish": "unlocked",
    "lessons_page.shown": "writing",
    "lessons_page.write": "writing",
    "outgoing.form": "unlocked",
    "outgoing.write": "unlocked",
    "keys.shown": "unlocked",
    "keys.keep": "unlocked",
    "keys.destroy": "unlocked",
    "keys.save": "unlocked",
    "proving.form": "unlocked",
    "proving.check": "unlocked",
    "identities.shown": "writing",
    "identities.ask": "writing",
    "handing.form": "unlocked",
    "handing.hand": "unlocked",
    "erasing.form": "unlocked",
    "erasing.erase": "unlocked",
}


def known() -> bool:
    """Whether this request came from our browser."""
    return bool(g.get("known", False))


def guard() -> BaseResponse | None:
    """Before every request: where it comes from, whose it is, the rule, and the form's proof."""
    visit().check()
    g.known = visit().is_known()
    if request.endpoint is None:
        return None
    rule = RULES.get(request.endpoint)
    if rule is None:
        abort(403)
    if rule == "anyone":
        return None
    if not g.known:
        abort(403)
    if rule != "browser":
        session().lock_if_idle()
        if not session().unlocked:
            return redirect(url_for("locking.form"), 303)
    if request.method not in READING:
        visit().check_form()
    return _go_on(rule)


def _go_on(rule: Rule) -> BaseResponse | None:
    """Long work shows itself and nothing else, until its end was seen."""
    if rule in ("unlocked", "writing"):
        session().touch(writing=rule == "writing")
        if session().work is not None:
            return redirect(url_for("working.shown"), 303)
    return None


def leave_when_idle(response: Response) -> Response:
    """A page with something on it leaves the screen by itself when the station locks itself."""
    shows = known() and session().unlocked and response.mimetype == "text/html"
    if shows and "Refresh" not in response.headers:
        response.headers["Refresh"] = f"{math.ceil(session().limit) + 1}; url={url_for('locking.form')}"
    return response
