"""`station erase`: after it, there is no case."""

import argparse

from workstation import cases, erasing
from workstation.cases import Case
from workstation.commands import common
from workstation.erasing import REASONS, Erased
from workstation.texts import _, n_


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "erase", _("erase a case with all its files, for good"), run)
    parser.add_argument("case", metavar=_("CASE"), type=int)
    parser.add_argument(
        "--reason",
        choices=tuple(REASONS),
        required=True,
        help="; ".join(f"{name}: {_(what)}" for name, what in REASONS.items()),
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        _confirm(case)
        erased = erasing.erase(station, case, args.reason)
    common.say(args, _json(args, erased), erased_lines(case, erased))
    return 0


def _confirm(case: Case) -> None:
    """NotConfirmedError unless the number and then a word are typed."""
    common.warn(warning(case))
    word = _("erase")
    common.typed(_("Type the number of the case: "), str(case.number))
    common.typed(_("Type the word {word}: ").format(word=word), word)


def warning(case: Case) -> str:
    """What will be gone."""
    head = case.head
    return _(
        "Case {number}: {messages} messages, {evidence} pieces of evidence, {replies} replies, "
        "{first} to {last}. All of it will be gone, for every reviewer. Backups that were made "
        "before still hold it."
    ).format(
        number=case.number,
        messages=head.messages,
        evidence=head.evidence,
        replies=head.replies,
        first=head.first,
        last=head.last,
    )


def _json(args: argparse.Namespace, erased: Erased) -> dict[str, object]:
    return {
        "case": args.case,
        "files": erased.files,
        "messages": erased.messages,
        "reason": args.reason,
        "replies": erased.replies,
    }


def erased_lines(case: Case, erased: Erased) -> list[str]:
    """What went, and what to do about backups."""
    return [
        _("Case {number} is erased.").format(number=case.number),
        "  " + n_("{count} message", "{count} messages", erased.messages),
        "  " + n_("{count} evidence file", "{count} evidence files", erased.files),
        _("Destroy backups of before, when a newer one has been rehearsed."),
    ]
