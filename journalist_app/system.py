"""The server, for whoever runs it: room, board and keys, and nothing about what any office was sent."""

from flask import Blueprint, g, render_template

from crypto.directory import Directory
from journalist_app import notices
from journalist_app.front import PREFIX
from journalist_app.parts import parts
from store import space
from store.errors import NoDirectoryError
from store.quota import Quota
from store.site import SiteOffice

blueprint = Blueprint("system", __name__, url_prefix=PREFIX)


@blueprint.get("/system")
def state() -> str:
    here = parts()
    return render_template(
        "system.html",
        room=space.room(here.layout.root, 0),
        reserve=here.limits.reserve,
        spent=Quota(here.layout.spent, here.limits.evidence_per_day).spent(here.today()),
        per_day=here.limits.evidence_per_day,
        has_inodes=space.has_inodes(here.layout.root),
        board_day=here.board_day.read(),
        next=here.schedule.next(here.clock()),
        notices=list(notices.of_server(here)),
        offices=[
            (office.names[g.language], _keys(office), list(notices.of_keys(here, office)))
            for office in here.site.offices
        ],
    )


def _keys(office: SiteOffice) -> Directory | None:
    try:
        return parts().directories.directory(office.id)
    except NoDirectoryError:
        return None
