"""What went to other offices and came from them, said to people and to scripts."""

from collections.abc import Iterator
from typing import TypeAlias

from crypto import calendar
from crypto.disposition import Disposition
from crypto.fields import Day
from workstation import terminal
from workstation.cases import Case
from workstation.casework import journal
from workstation.commands.forward import forwarded_json
from workstation.dispositions import granting, kept
from workstation.dispositions.kept import Forwarded, Received
from workstation.offices import office_titles
from workstation.station import Station
from workstation.texts import _

Came: TypeAlias = list[tuple[Case, Received, Day | None]]
"""What came from other offices: its case, and the day of our last answer."""


def everything(station: Station, found: list[Case]) -> tuple[list[tuple[Case, Forwarded]], Came]:
    """What went out of these cases, those that are due first before the others, and what came in."""
    sent: list[tuple[Case, Forwarded]] = []
    came: Came = []
    for case in found:
        if not case.head.steps:
            continue
        steps = journal.of_case(station, case)
        sent += [(case, each) for each in kept.forwarded(steps)]
        replied = kept.replied(steps)
        for step in journal.of_kind(steps, "came-from-office"):
            came.append((case, kept.received_in(step), replied[-1].day if replied else None))
    return sorted(sent, key=lambda pair: (bool(pair[1].answers), pair[1].due, pair[0].number)), came


def of_case_json(station: Station, case: Case) -> dict[str, object]:
    """What went out of one case and came into it, in the document of that case."""
    sent, came = everything(station, [case])
    return {
        "came": [received_json(case, each, answered) for case, each, answered in came],
        "sent": [forwarded_json(each) for _case, each in sent],
    }


def of_case_lines(station: Station, case: Case, columns: int) -> Iterator[str]:
    """The same for people, with the words."""
    sent, came = everything(station, [case])
    for _case, each, _answered in came:
        due = each.document.due
        yield ""
        yield _("Disposition of {office}, received {day}").format(office=each.office, day=each.day)
        yield f"  {terminal.safe(each.document.subject)}" + (
            f" · {_('Answer wanted by')} {due}" if due else ""
        )
        yield from _words(each.document, columns)
    for _case, found in sent:
        yield ""
        yield _("Disposition {number} of {day} to {office}, {way}: {state}").format(
            number=found.number,
            day=found.day,
            office=found.office,
            way=office_titles.way(found.way),
            state=state_of(found, calendar.today()),
        )
        for answer in found.answers:
            yield "  " + _("Answer of the office, {day}").format(day=answer.day)
            yield from terminal.quoted(answer.text, columns, "    ")
    for answered in kept.replied(journal.of_case(station, case)) if came else ():
        yield ""
        yield _("Our answer of {day}").format(day=answered.day)
        yield from terminal.quoted(answered.document.text, columns, "    ")


def _words(document: Disposition, columns: int) -> Iterator[str]:
    if document.text:
        yield from terminal.quoted(document.text, columns, "    ")
    for title, text in document.answers:
        yield f"  {terminal.safe(title)}"
        yield from terminal.quoted(text, columns, "    ")
    yield "  " + _("Not passed on")
    for line in document.withheld:
        yield f"    {terminal.fit(line, columns - 4)}"


def received_json(case: Case, found: Received, answered: Day | None) -> dict[str, object]:
    """What came, for scripts."""
    return {
        "answered": answered,
        "case": case.number,
        "day": found.day,
        "answers": [{"text": text, "title": title} for title, text in found.document.answers],
        "due": found.document.due,
        "evidence": len(found.document.evidence),
        "id": found.document.id.hex(),
        "office": found.office,
        "reply_until": granting.last_day(found.document.right) if found.document.right else None,
        "subject": found.document.subject,
        "text": found.document.text,
        "withheld": list(found.document.withheld),
    }


def state_of(found: Forwarded, on: Day) -> str:
    """What is known of a disposition that went out."""
    if found.answers:
        return _("answered on {day}").format(day=found.answers[-1].day)
    if found.late(on):
        return _("LATE, due on {day}").format(day=found.due)
    if found.receipt is not None:
        return _("received there; due on {day}").format(day=found.due)
    return _("due on {day}").format(day=found.due)


def state_of_ours(found: Received, answered: Day | None, on: Day) -> str:
    """Whether we have answered what came."""
    if answered:
        return _("answered on {day}").format(day=answered)
    due = str(found.document.due)
    if due and due < on:
        return _("LATE, due on {day}").format(day=due)
    return _("due on {day}").format(day=due) if due else _("not answered")


def list_lines(sent: list[tuple[Case, Forwarded]], came: Came, on: Day) -> Iterator[str]:
    """One line for each."""
    if not sent and not came:
        yield _("Nothing went to another office, and nothing came from one.")
    if sent:
        head = (_("Case"), _("No."), _("Office"), _("Sent"), _("How"), _("State"))
        yield from terminal.table(
            head,
            [
                (
                    str(case.number),
                    str(each.number),
                    each.office,
                    each.day,
                    office_titles.way(each.way),
                    state_of(each, on),
                )
                for case, each in sent
            ],
        )
    if sent and came:
        yield ""
    if came:
        yield from terminal.table(
            (_("Case"), _("From"), _("Received"), _("State"), _("Subject")),
            [
                (
                    str(case.number),
                    each.office,
                    each.day,
                    state_of_ours(each, answered, on),
                    terminal.fit(each.document.subject, 30),
                )
                for case, each, answered in came
            ],
        )
    for case, each, _answered in came:
        if each.document.right:
            yield _("Case {case}: your office may reply to the reporter itself until {day}.").format(
                case=case.number, day=granting.last_day(each.document.right)
            )
