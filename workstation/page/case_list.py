"""The cases that the reviewer who is here may read: filters, search, pages."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, render_template, request

from crypto import calendar
from crypto.constants import STATUSES as IDS
from crypto.fields import Day
from workstation import cases, terminal, texts
from workstation.cases import Case
from workstation.casework import describing, merging, titles
from workstation.casework.stages import STAGES
from workstation.page.session import session
from workstation.station import Station
from workstation.texts import KIND_NAMES, STATUSES, _
from workstation.timing import due, duewords, escalation

blueprint = Blueprint("case_list", __name__)

PAGE: Final = 50
_EXCERPT: Final = 90
_TO_DO: Final = ("unread", "unanswered", "threat", "agree", "held", "mine")


@dataclass(frozen=True)
class Row:
    """One case as the list shows it. `age`: days since the first day on which something came."""

    case: Case
    excerpt: str
    channel: str
    kind: str
    age: int
    standing: str
    task: str
    distance: str
    late: bool
    to_do: list[str]


@blueprint.get("/cases")
def listed() -> str:
    station = session().station
    wanted = {name: request.args.get(name, "") for name in ("q", "stage", "status", "channel", "todo")}
    due.refresh(station)
    readable = list(cases.readable(station))
    left = {case.number for case in merging.left_behind(readable)}
    chosen = [case for case in readable if _fits(station, case, wanted)]
    found = session().finder.find(station, chosen, wanted["q"])
    used = {case.head.channel for case in readable}
    pages = max(1, -(-len(found) // PAGE))
    page = min(pages, max(1, request.args.get("page", 1, type=int)))
    return render_template(
        "cases.html",
        rows=[_row(station, case, case.number in left) for case in found[(page - 1) * PAGE : page * PAGE]],
        count=len(found),
        all=len(readable),
        page=page,
        pages=pages,
        wanted=wanted,
        stages={name: titles.stage(name) for name in STAGES},
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


def _row(station: Station, case: Case, left: bool) -> Row:
    channel, kind = channel_and_kind(station, case.head.channel)
    return Row(
        case,
        terminal.fit(case.head.excerpt, _EXCERPT),
        channel,
        kind,
        age_in_days(case),
        describing.standing(case.head),
        duewords.task(case.head.task) if case.head.due else "",
        duewords.distance(case.head.task, Day(case.head.due), calendar.today()) if case.head.due else "",
        escalation.is_late(case, calendar.today()),
        [*describing.whose(case, station.reviewer), *describing.to_do(case, station.reviewer, left)],
    )


def _fits(station: Station, case: Case, wanted: dict[str, str]) -> bool:
    head = case.head
    waits = case.waits_for(station.reviewer)
    mine = head.assigned == station.reviewer
    found = (case.unread > 0, head.unanswered, head.threats > 0, waits, bool(head.held), mine)
    marks = dict(zip(_TO_DO, found, strict=True))
    return (
        wanted["stage"] in ("", head.stage)
        and wanted["status"] in ("", head.status or "none")
        and wanted["channel"] in ("", head.channel)
        and marks.get(wanted["todo"], True)
    )
