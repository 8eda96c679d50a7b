"""The cases that the reviewer who is here may read: filters, search, pages."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, render_template, request

from crypto import calendar
from crypto.constants import STATUSES as IDS
from workstation import cases, terminal, texts
from workstation.cases import Case
from workstation.page.session import session
from workstation.station import Station
from workstation.texts import KIND_NAMES, STATUSES, _

blueprint = Blueprint("case_list", __name__)

PAGE: Final = 50
_EXCERPT: Final = 90
_TO_DO: Final = ("unread", "unanswered", "threat")


@dataclass(frozen=True)
class Row:
    """One case as the list shows it. `age`: days since the first day on which something came."""

    case: Case
    excerpt: str
    channel: str
    kind: str
    age: int


@blueprint.get("/cases")
def listed() -> str:
    station = session().station
    wanted = {name: request.args.get(name, "") for name in ("q", "status", "channel", "todo")}
    readable = list(cases.readable(station))
    chosen = [case for case in readable if _fits(case, wanted)]
    found = session().finder.find(station, chosen, wanted["q"])
    used = {case.head.channel for case in readable}
    pages = max(1, -(-len(found) // PAGE))
    page = min(pages, max(1, request.args.get("page", 1, type=int)))
    return render_template(
        "cases.html",
        rows=[_row(station, case) for case in found[(page - 1) * PAGE : page * PAGE]],
        count=len(found),
        all=len(readable),
        page=page,
        pages=pages,
        wanted=wanted,
        statuses={name: _(STATUSES[name]) for name in IDS},
        channels=sorted((id_, channel_and_kind(station, id_)[0]) for id_ in used),
    )


def channel_and_kind(station: Station, channel: str) -> tuple[str, str]:
    """A channel's title, and what kind of report it takes; its id and nothing if the office dropped it."""
    found = station.directory.office.channel(channel)
    return (terminal.safe(texts.named(found.titles)), _(KIND_NAMES[found.kind])) if found else (channel, "")


def age_in_days(case: Case) -> int:
    """Days since the first day on which something came."""
    return (date.fromisoformat(calendar.today()) - date.fromisoformat(case.head.first)).days


def _row(station: Station, case: Case) -> Row:
    channel, kind = channel_and_kind(station, case.head.channel)
    return Row(case, terminal.fit(case.head.excerpt, _EXCERPT), channel, kind, age_in_days(case))


def _fits(case: Case, wanted: dict[str, str]) -> bool:
    head = case.head
    marks = dict(zip(_TO_DO, (case.unread > 0, head.unanswered, head.threats > 0), strict=True))
    return (
        wanted["status"] in ("", head.status or "none")
        and wanted["channel"] in ("", head.channel)
        and marks.get(wanted["todo"], True)
    )
