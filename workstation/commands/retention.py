"""`station retention`: how long closed cases are kept, which are due, and destruction by two persons."""

import argparse
from pathlib import Path

from crypto import calendar
from workstation import cases, terminal
from workstation.casework.errors import NotACertificateError
from workstation.commands import common
from workstation.commands.retention_words import (
    destroyed_lines,
    due_lines,
    proposed_lines,
    proven_lines,
    rule_lines,
    warning,
)
from workstation.errors import CannotReadError, NotAFolderError
from workstation.keeping import certificate, retention, retention_rules
from workstation.keeping.retention import Kept
from workstation.reasons import reason
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    about = _("how long closed cases are kept, and what is due to be destroyed")
    parser = subparsers.add_parser("retention", help=about, description=about)
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)

    shown = common.add_command(actions, "show", _("the rules that hold"), run_show)
    common.add_unlocking(shown)

    chosen = common.add_command(actions, "set", _("rules of your own"), run_set)
    chosen.add_argument(
        "file", metavar="FILE", type=Path, help=_("one JSON object, as retention show --json gives it")
    )
    common.add_unlocking(chosen)

    due = common.add_command(actions, "due", _("closed cases whose time is over"), run_due)
    due.add_argument(
        "--all", action="store_true", help=_("all closed cases, with the day on which each is due")
    )
    common.add_unlocking(due)

    for name, about, run in (
        ("hold", _("keep a case for a legal process"), run_hold),
        ("free", _("the legal process is over"), run_free),
    ):
        parser = common.add_command(actions, name, about, run)
        parser.add_argument("case", metavar=_("CASE"), type=int)
        parser.add_argument(
            "--reason", metavar="TEXT", required=True, help=_("why, for the readers of the case")
        )
        common.add_unlocking(parser)

    erase = common.add_command(
        actions,
        "erase",
        _("propose to destroy due cases, or destroy those that a colleague proposed"),
        run_erase,
    )
    erase.add_argument("cases", metavar=_("CASE"), type=int, nargs="+")
    erase.add_argument(
        "--to",
        metavar="DIR",
        type=Path,
        required=True,
        help=_("the folder for the certificate of destruction"),
    )
    common.add_unlocking(erase)

    paper = common.add_command(
        actions, "certificate", _("write a certificate of destruction once more"), run_certificate
    )
    paper.add_argument("number", metavar=_("NUMBER"), type=int)
    paper.add_argument("--to", metavar="DIR", type=Path, required=True, help=_("the folder to write it to"))
    common.add_unlocking(paper)

    checked = common.add_command(actions, "check", _("check a certificate of destruction"), run_check)
    checked.add_argument("file", metavar="FILE", type=Path, help=_("the certificate"))
    common.add_unlocking(checked)


def run_show(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        found = retention_rules.rules(station)
    common.say(args, retention_rules.rules_json(found), rule_lines(found))
    return 0


def run_set(args: argparse.Namespace) -> int:
    found = retention_rules.load(args.file)
    with common.unlocked(args) as station:
        retention_rules.keep(station, found)
    common.say(args, retention_rules.rules_json(found), rule_lines(found))
    return 0


def run_due(args: argparse.Namespace) -> int:
    on = calendar.today()
    with common.unlocked(args) as station:
        found = retention.closed(station)
        made = certificate.kept(station)
    shown = found if args.all else [kept for kept in found if kept.is_due(on)]
    document = {"cases": [_kept_json(kept) for kept in shown], "certificates": [number for number, _ in made]}
    common.say(args, document, due_lines(shown))
    return 0


def run_hold(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        retention.hold(station, cases.find(station, args.case), args.reason, calendar.today())
    told = _("Case {number} is kept until the legal process is over.").format(number=args.case)
    common.say(args, {"case": args.case, "held": True}, [told])
    return 0


def run_free(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        retention.free(station, cases.find(station, args.case), args.reason, calendar.today())
    told = _("Nothing holds case {number} any more.").format(number=args.case)
    common.say(args, {"case": args.case, "held": False}, [told])
    return 0


def run_erase(args: argparse.Namespace) -> int:
    """The first of two persons proposes; the second types the numbers and destroys."""
    if not args.to.is_dir():
        raise NotAFolderError(path=args.to)
    on = calendar.today()
    with common.unlocked(args) as station:
        wanted = retention.chosen(station, args.cases, on)
        numbers = [kept.case.number for kept in wanted]
        if not retention.agreed(station, wanted):
            retention.propose(station, wanted, on)
            common.say(args, {"cases": numbers, "destroyed": False}, proposed_lines(wanted))
            return 0
        common.warn(warning(wanted))
        common.typed(_("Type the numbers of the cases: "), " ".join(map(str, numbers)))
        made = retention.destroy(station, wanted, on)
    path = certificate.write(made, args.to)
    document = {"cases": numbers, "certificate": made.number, "destroyed": True, "path": str(path)}
    common.say(args, document, destroyed_lines(numbers, path))
    return 0


def run_certificate(args: argparse.Namespace) -> int:
    with common.unlocked(args) as station:
        path = certificate.write(certificate.again(station, args.number), args.to)
    common.say(args, {"path": str(path)}, [_("Written: {path}").format(path=terminal.safe(str(path)))])
    return 0


def run_check(args: argparse.Namespace) -> int:
    text = read_text(args.file)
    with common.unlocked(args) as station:
        found = certificate.read(station, text)
    document = {
        "cases": [each.case for each in found.destroyed],
        "day": found.day,
        "reviewer": found.reviewer,
    }
    common.say(args, document, proven_lines(found))
    return 0


def read_text(path: Path) -> str:
    """The text of a certificate from a file; NotACertificateError, CannotReadError."""
    try:
        with path.open("rb") as file:
            return file.read(certificate.LONGEST + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotACertificateError from None
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None


def _kept_json(kept: Kept) -> dict[str, object]:
    return {
        "due": kept.ends,
        "held": bool(kept.held),
        "number": kept.case.number,
        "outcome": kept.rule.outcome,
        "proposed": kept.proposed,
        "with": [number for number in kept.group if number != kept.case.number],
    }
