"""One case: its thread as a conversation, its evidence, what became of it, its notes and its log."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from crypto.message import Identity, Rating, Report, Text
from workstation import answers, attachments, caselog, cases, logwords, notes, replies, thread
from workstation.byhand import intake
from workstation.cases import Case
from workstation.casework import identity, journal
from workstation.commands.show import case_days, identity_heading, rating_heading, received_on, reviewer_title
from workstation.errors import StationError
from workstation.page import between, casework, standing, timing
from workstation.page.case_list import age_in_days, channel_and_kind
from workstation.page.session import session
from workstation.page.words import written_day
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
    html = page(station, case)
    with station.vault.transaction():
        cases.mark_seen(station, case)
    return html


@blueprint.post("/cases/<int:number>")
def note(number: int) -> str | Response:
    """Keeps a note; one that was sent twice, by two clicks, is kept once."""
    station = session().station
    case = cases.find(station, number)
    text = request.form.get("text", "").replace("\r\n", "\n")
    if request.form.get("note") == str(case.head.notes + 1):
        try:
            notes.add(station, case, text, calendar.today())
        except StationError as error:
            return page(station, case, text, error)
    return redirect(url_for("case_page.shown", number=number, _anchor="notes"), 303)


def page(station: Station, case: Case, note: str = "", problem: StationError | None = None) -> str:
    """All of the case; `note`: what was typed, if there is a `problem` with it."""
    told, written = caselog.of_case(station, case.key), notes.of_case(station, case)
    deeds = [deed for _entry, deed in told]
    notes.check(written, deeds)
    journal.check(journal.of_case(station, case), deeds)
    return render_template(
        "case.html",
        notes=[(each, reviewer_title(station, each.reviewer)) for each in written],
        log=[(entry, logwords.said_in_case(deed)) for entry, deed in told],
        note=note,
        problem=problem,
        **standing.shown(station, case),
        **timing.shown(station, case),
        **casework.shown(station, case),
        **between.shown(station, case),
        identity_waits=identity.is_waiting(station, case, calendar.today()),
        **about(station, case),
    )


def about(station: Station, case: Case) -> dict[str, object]:
    """What the templates need to show what was said in a case."""
    entries, sent = thread.messages(station, case), thread.replies(station, case)
    channel, kind = channel_and_kind(station, case.head.channel)
    return {
        "can_reply": replies.possible(station, case),
        "case": case,
        "channel": channel,
        "kind": kind,
        "days": case_days(case, written_day),
        "age": age_in_days(case),
        "taken_in": intake.told(station, case),
        "excluded": [reviewer_title(station, reviewer) for reviewer in case.head.excluded],
        "bubbles": _conversation(station, entries, sent),
        "has_report": any(isinstance(entry.message.content, Report) for entry in entries),
        "statuses": [reply for reply in sent if reply.body.status is not None],
        "status_names": {name: _(text) for name, text in STATUSES.items()},
        "pieces": [
            (number, received, evidence, thread.blobs(station, evidence.blob))
            for number, received, evidence in attachments.of_case(station, case)
        ],
    }


def _conversation(station: Station, entries: list[Entry], sent: list[Sent]) -> list[Bubble]:
    """By day, the only time there is; within a day, what came stands before what was answered."""
    said = [bubble for entry in entries for bubble in _of_reporter(station, entry, sent)]
    said += [_of_reviewer(station, reply) for reply in sent]
    report, others = said[:1], said[1:]
    return report + sorted(others, key=lambda bubble: (bubble.day, bubble.mine))


def _of_reporter(station: Station, entry: Entry, sent: list[Sent]) -> list[Bubble]:
    days, received = received_on(entry, written_day), entry.meta.received
    match entry.message.content:
        case Report():
            heading = _("Report, received {days}").format(days=days)
            return [Bubble(False, received, heading, answers.titled(station, entry))]
        case Text(text, kind):
            heading = _(HEADINGS[kind]).format(days=days)
            return [Bubble(False, received, heading, [("", text)], threat=kind == "threat")]
        case Rating(reply, stars, text):
            return [Bubble(False, received, rating_heading(reply, stars, days, sent), [("", text)])]
        case Identity(sealed):
            return [Bubble(False, received, identity_heading(sealed, days), [])]
        case _:
            return []  # evidence has a list of its own


def _of_reviewer(station: Station, reply: Sent) -> Bubble:
    body = reply.body
    way = (
        _("waits for a bundle")
        if reply.outbound is None
        else _("in bundle {number}").format(number=reply.outbound)
    )
    day, who = written_day(body.day), reviewer_title(station, body.reviewer)
    heading = _("Reply {number} of {day}, {reviewer}, {way}").format(
        number=body.number, day=day, reviewer=who, way=way
    )
    status = _(STATUSES[body.status]) if body.status is not None else ""
    return Bubble(True, body.day, heading, [("", body.text)], status)
