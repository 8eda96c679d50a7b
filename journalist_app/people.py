"""The people of one's own office, for its administrators."""

from typing import Final

from flask import Blueprint, abort, g, redirect, render_template, url_for
from werkzeug import Response

from crypto.errors import MalformedError
from journalist_app import problems
from journalist_app.confirming import LIMITS, confirm, field
from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from store.errors import (
    AccountExistsError,
    LastAdministratorError,
    NoMatchError,
    NoSuchAccountError,
    NoSuchRoleError,
)
from store.staff.account import folded_name, roles_in
from store.staff.invitations import DAYS

blueprint = Blueprint("people", __name__, url_prefix=PREFIX)

_ACT = "<any(role, reset, remove):act>"
_MENDABLE: Final = (AccountExistsError, LastAdministratorError, MalformedError, NoSuchRoleError)


@blueprint.get("/people")
def listed() -> str:
    office = my_office()
    return render_template(
        "people.html",
        office=office.names[g.language],
        people=parts().staff.people.listed(office.id),
        today=parts().today(),
    )


@blueprint.get("/invite")
def invite_form() -> str:
    return _invite_form(None)


@blueprint.post("/invite")
def invite() -> str | tuple[str, int]:
    """A new person, who cannot sign in before the invitation is accepted."""
    name = folded_name(field("name"))
    try:
        confirm()
        code = parts().staff.people.invite(g.account, name, field("role"))
    except NoMatchError:
        return _invite_form(problems.of_confirmation()), 403
    except _MENDABLE as error:
        return _invite_form(problems.of_error(error)), 400
    return _invited(name, code)


@blueprint.get(f"/people/<name>/{_ACT}")
def act_form(name: str, act: str) -> str:
    return _act_form(name, act, None)


@blueprint.post(f"/people/<name>/{_ACT}")
def act(name: str, act: str) -> str | Response | tuple[str, int]:
    """Another role, a new sign-in, or the end of an account of one's own office; 404 for any other."""
    people = parts().staff.people
    try:
        people.person(my_office().id, name)
        confirm()
        if act == "reset":
            return _invited(name, people.reset(g.account, name))
        if act == "role":
            people.change_role(g.account, name, field("role"))
        else:
            people.remove(g.account, name)
    except NoSuchAccountError:
        abort(404)
    except NoMatchError:
        return _act_form(name, act, problems.of_confirmation()), 403
    except _MENDABLE as error:
        return _act_form(name, act, problems.of_error(error)), 400
    return redirect(url_for("people.listed"), 303)


def _invite_form(problem: str | None) -> str:
    return render_template("invite.html", **_about_form(problem), name=field("name"), chosen=field("role"))


def _act_form(name: str, act: str, problem: str | None) -> str:
    try:
        person = parts().staff.people.person(my_office().id, name)
    except NoSuchAccountError:
        abort(404)
    return render_template("person_act.html", **_about_form(problem), person=person, act=act)


def _about_form(problem: str | None) -> dict[str, object]:
    return {"problem": problem, "limits": LIMITS, "roles": roles_in(my_office().id)}


def _invited(name: str, code: str) -> str:
    return render_template("invited.html", name=name, code=code, days=DAYS)
