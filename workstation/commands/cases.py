"""`station cases` and `station open-waiting`."""

import argparse

from workstation import cases, terminal, texts
from workstation.cases import Case
from workstation.commands import common
from workstation.commands.imports import problem_json, problem_lines
from workstation.opening import Problem, forget_tries, open_in_steps, problems
from workstation.station import Station
from workstation.texts import _, n_


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "cases", _("list the cases that you can read"), run)
    common.add_unlocking(parser)
    parser = common.add_command(
        subparsers, "open-waiting", _("try your keys again on every item that is still sealed"), run_waiting
    )
    common.add_unlocking(parser)
    common.add_progress(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        open_in_steps(station)  # what a colleague imported
        found, sealed = list(cases.readable(station)), problems(station)
        document = {
            "cases": [case_json(case) for case in found],
            "sealed": [problem_json(problem) for problem in sealed],
        }
        common.say(args, document, [*table(station, found), *_sealed_lines(station, sealed)])
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
        "channel": head.channel,
        "evidence": head.evidence,
        "first_day": head.first,
        "last_day": head.last,
        "messages": head.messages,
        "number": case.number,
        "replies": head.replies,
        "threats": head.threats,
        "unanswered": head.unanswered,
        "unread": case.unread,
    }


def table(station: Station, found: list[Case]) -> list[str]:
    """The lines of a list of cases."""
    if not found:
        return [_("There is no case that you can read.")]
    head = (_("Case"), _("Channel"), _("First day"), _("Last day"), _("Messages"), _("Evidence"), _("To do"))
    rows = [
        (
            str(case.number),
            channel_title(station, case.head.channel),
            case.head.first,
            case.head.last,
            str(case.head.messages),
            str(case.head.evidence),
            _marks(case),
        )
        for case in found
    ]
    return terminal.table(head, rows, right=(0, 4, 5))


def _marks(case: Case) -> str:
    marks = []
    if case.head.threats:
        marks.append(_("THREAT"))
    if case.unread:
        marks.append(n_("{count} unread", "{count} unread", case.unread))
    if case.head.unanswered:
        marks.append(_("to be answered"))
    return ", ".join(marks)


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
