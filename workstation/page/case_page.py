"""One case: its thread as a conversation, its evidence, what became of it."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from crypto.message import Rating, Report, Text
from workstation import answers, cases, thread
from workstation.cases import Case
from workstation.commands.show import case_days, rating_heading, received_on, reviewer_title
from workstation.page.case_list import age_in_days, channel_and_kind
from workstation.page.session import session
from workstation.station import Station
from workstation.texts import HEADINGS, STATUSES, _
from workstation.thread import Entry, Sent

blueprint = Blueprint("case_page", __name__)


@dataclass(frozen=True)
class Bubble:
    """One thing that was said. `said`: pairs of a question of the office (or nothing) and untrusted words."""

    mine: bool
    day: str
    heading: str
    said: list[tuple[str, str]]
    status: str = ""
    threat: bool = False


@blueprint.get("/cases/<int:number>")
def shown(number: int) -> str:
    """The messages count as read."""
    station = session().station
    case = cases.find(station, number)
    html = render_template("case.html", **about(station, case))
    with station.vault.transaction():
        cases.mark_seen(station, case)
    return html


def about(station: Station, case: Case) -> dict[str, object]:
    """What the templates need to show a case."""
    entries, sent = thread.messages(station, case), thread.replies(station, case)
    channel, kind = channel_and_kind(station, case.head.channel)
    return {
        "case": case,
        "channel": channel,
        "kind": kind,
        "days": case_days(case),
        "age": age_in_days(case),
        "excluded": [reviewer_title(station, reviewer) for reviewer in case.head.excluded],
        "bubbles": _conversation(station, entries, sent),
        "has_report": any(isinstance(entry.message.content, Report) for entry in entries),
        "statuses": [reply for reply in sent if reply.body.status is not None],
        "status_names": {name: _(text) for name, text in STATUSES.items()},
        "pieces": [
            (number, received, evidence, thread.blobs(station, evidence.blob))
            for number, received, evidence in thread.evidence(entries)
        ],
    }


def _conversation(station: Station, entries: list[Entry], sent: list[Sent]) -> list[Bubble]:
    """By day, the only time there is; within a day, what came stands before what was answered."""
    said = [bubble for entry in entries for bubble in _of_reporter(station, entry, sent)]
    said += [_of_reviewer(station, reply) for reply in sent]
    report, others = said[:1], said[1:]
    return report + sorted(others, key=lambda bubble: (bubble.day, bubble.mine))


def _of_reporter(station: Station, entry: Entry, sent: list[Sent]) -> list[Bubble]:
    days, received = received_on(entry), entry.meta.received
    match entry.message.content:
        case Report():
            heading = _("Report, received {days}").format(days=days)
            return [Bubble(False, received, heading, answers.titled(station, entry))]
        case Text(text, kind):
            heading = _(HEADINGS[kind]).format(days=days)
            return [Bubble(False, received, heading, [("", text)], threat=kind == "threat")]
        case Rating(reply, stars, text):
            return [Bubble(False, received, rating_heading(reply, stars, days, sent), [("", text)])]
        case _:
            return []  # evidence has a list of its own


def _of_reviewer(station: Station, reply: Sent) -> Bubble:
    body = reply.body
    way = (
        _("waits for a bundle")
        if reply.outbound is None
        else _("in bundle {number}").format(number=reply.outbound)
    )
    heading = _("Reply {number} of {day}, {reviewer}, {way}").format(
        number=body.number, day=body.day, reviewer=reviewer_title(station, body.reviewer), way=way
    )
    status = _(STATUSES[body.status]) if body.status is not None else ""
    return Bubble(True, body.day, heading, [("", body.text)], status)
