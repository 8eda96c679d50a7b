"""`station cases` and `station open-waiting`."""

import argparse
from collections.abc import Collection
from typing import Final

from crypto import calendar
from workstation import cases, terminal, texts
from workstation.cases import Case
from workstation.casework import describing, merging
from workstation.casework.stages import STAGES
from workstation.commands import common
from workstation.commands.imports import problem_json, problem_lines
from workstation.opening import Problem, forget_tries, open_in_steps, problems
from workstation.station import Station
from workstation.texts import _, n_
from workstation.timing import due, duewords, escalation

_STAGE_COLUMNS: Final = 24


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "cases", _("list the cases that you can read"), run)
    parser.add_argument(
        "--stage",
        metavar="STAGE",
        choices=STAGES,
        help=_("only those in this stage: {stages}").format(stages=", ".join(STAGES)),
    )
    parser.add_argument("--mine", action="store_true", help=_("only those that you handle"))
    common.add_unlocking(parser)
    parser = common.add_command(
        subparsers, "open-waiting", _("try your keys again on every item that is still sealed"), run_waiting
    )
    common.add_unlocking(parser)
    common.add_progress(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        open_in_steps(station)  # what a colleague imported
        due.refresh(station)
        readable, sealed = list(cases.readable(station)), problems(station)
        left = {case.number for case in merging.left_behind(readable)}
        found = [case for case in readable if args.stage in (None, case.head.stage)]
        if args.mine:
            found = [case for case in found if case.head.assigned == station.reviewer]
        document = {
            "cases": [case_json(case) for case in found],
            "sealed": [problem_json(problem) for problem in sealed],
        }
        common.say(args, document, [*table(station, found, left), *_sealed_lines(station, sealed)])
    return 0


def run_waiting(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        forget_tries(station)
        opened = open_in_steps(station, common.progress_for(args))
        sealed = problems(station)
        document = {
            "cases": sorted(opened.cases),
            "messages": opened.messages,
            "new_cases": sorted(opened.new_cases),
            "sealed": [problem_json(problem) for problem in sealed],
        }
        lines = [
            n_("{count} message opened and filed.", "{count} messages opened and filed.", opened.messages)
        ]
        common.say(args, document, [*lines, *_sealed_lines(station, sealed), *_sealed_table(sealed)])
    return 0


def channel_title(station: Station, channel: str) -> str:
    """A channel's title in the language in use; its id if the office no longer has it."""
    found = station.directory.office.channel(channel)
    return terminal.safe(texts.named(found.titles)) if found else channel


def case_json(case: Case) -> dict[str, object]:
    """One case of a list."""
    head = case.head
    return {
        "assigned": head.assigned or None,
        "category": head.category or None,
        "channel": head.channel,
        "due": head.due or None,
        "due_for": head.task or None,
        "evidence": head.evidence,
        "first_day": head.first,
        "held": head.held or None,
        "last_day": head.last,
        "messages": head.messages,
        "number": case.number,
        "office": head.office or None,
        "outcome": head.outcome or None,
        "proposed_by": head.proposed or None,
        "replies": head.replies,
        "stage": head.stage,
        "threats": head.threats,
        "unanswered": head.unanswered,
        "unread": case.unread,
        "urgent": head.urgent,
    }


def table(station: Station, found: list[Case], left: Collection[int] = ()) -> list[str]:
    """The lines of a list of cases; `left`: those that were left behind (casework/merging.py)."""
    if not found:
        return [_("There is no case that you can read.")]
    head = (_("Case"), _("Stage"), _("Channel"), _("First day"), _("Until"), _("To do"))
    rows = [
        (
            str(case.number),
            terminal.fit(describing.stage_and_outcome(case.head.stage, case.head.outcome), _STAGE_COLUMNS),
            channel_title(station, case.head.channel),
            case.head.first,
            case.head.due,
            ", ".join(_marks(station, case, case.number in left)),
        )
        for case in found
    ]
    return terminal.table(head, rows, right=(0,))


def _marks(station: Station, case: Case, left: bool) -> list[str]:
    marks = []
    if case.head.threats:
        marks.append(_("THREAT"))
    if escalation.is_late(case, calendar.today()):
        marks.append(_("LATE: {task}").format(task=duewords.task(case.head.task)))
    marks += describing.whose(case, station.reviewer)
    if case.head.held:
        marks.append(_("on hold"))
    marks += describing.to_do(case, station.reviewer, left)
    if case.unread:
        marks.append(n_("{count} unread", "{count} unread", case.unread))
    if case.head.unanswered:
        marks.append(_("to be answered"))
    return marks


def _sealed_lines(station: Station, sealed: list[Problem]) -> list[str]:
    if not sealed:
        return []
    return ["", _("Still sealed for {reviewer}:").format(reviewer=station.reviewer), *problem_lines(sealed)]


def _sealed_table(sealed: list[Problem]) -> list[str]:
    if not sealed:
        return []
    head = (_("Item"), _("Channel"), _("Day"), _("Reason"))
    rows = [(p.item.hex(), terminal.safe(p.channel), p.day, p.kind) for p in sealed]
    return ["", *terminal.table(head, rows)]
