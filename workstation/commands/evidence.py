"""`station evidence`: `export` a piece of evidence to a folder, `check` that all of it is here and intact."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

from workstation import cases, evidence, terminal
from workstation.cases import Case
from workstation.commands import common
from workstation.damage import Damage
from workstation.errors import CannotReadError, EvidenceMissingError
from workstation.evidence import Exported
from workstation.progress import Progress
from workstation.station import Station
from workstation.texts import _

NOT_WHOLE: Final = 3
"""Exit code: what was asked for was done, but evidence is damaged, incomplete or not here."""

Finding: TypeAlias = Damage | EvidenceMissingError | CannotReadError


def add(subparsers: common.Subparsers) -> None:
    group = subparsers.add_parser(
        "evidence", help=_("work with evidence"), description=_("work with evidence")
    )
    verbs = group.add_subparsers(metavar=_("COMMAND"), required=True)
    parser = common.add_command(verbs, "export", _("open a piece of evidence and write it to a folder"), run)
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument("number", metavar="N", type=int, help=_("the number of the evidence in the case"))
    parser.add_argument("--to", metavar="DIR", type=Path, required=True, help=_("the folder to write to"))
    parser.add_argument(
        "--incomplete",
        action="store_true",
        help=_("if it is damaged, write what is left of it, marked as incomplete, with a note (exit code 3)"),
    )
    common.add_unlocking(parser)
    common.add_progress(parser)
    parser = common.add_command(
        verbs, "check", _("prove that evidence is here and intact, without writing it"), run_check
    )
    parser.add_argument("case", metavar="CASE", type=int, help=_("the number of the case"))
    parser.add_argument(
        "number",
        metavar="N",
        type=int,
        nargs="?",
        help=_("the number of the evidence in the case (default: all)"),
    )
    common.add_unlocking(parser)
    common.add_progress(parser)


def run(args: argparse.Namespace) -> int:
    """`export`; 3 if what was written is incomplete."""
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        done = evidence.export(
            station, case, args.number, args.to, args.incomplete, common.progress_for(args)
        )
    document: dict[str, object] = {
        "case": case.number,
        "evidence": args.number,
        "path": str(done.path),
        "sha256": done.sha256.hex(),
        "size": done.size,
    }
    if done.custody is not None:
        document["custody"] = str(done.custody)
    if done.note is not None:
        document |= {
            "incomplete": done.damage.json(),
            "note": str(done.note),
            "original_size": done.damage.size,
        }
    common.say(args, document, exported(done))
    return 0 if done.note is None else NOT_WHOLE


def run_check(args: argparse.Namespace) -> int:
    """`check`; 3 if anything is damaged or not here."""
    with common.unlocked(args) as station:
        case = cases.find(station, args.case)
        wanted = evidence.numbers(station, case) if args.number is None else [args.number]
        progress = common.progress_for(args)
        found = {number: look(station, case, number, progress) for number in wanted}
    document = {
        "case": case.number,
        "evidence": [_checked_json(number, finding) for number, finding in found.items()],
    }
    common.say(args, document, checked(case, found))
    whole = all(isinstance(finding, Damage) and not finding.found for finding in found.values())
    return 0 if whole else NOT_WHOLE


def look(station: Station, case: Case, number: int, progress: Progress) -> Finding:
    """What a check of one piece finds; NoSuchEvidenceError."""
    try:
        return evidence.check(station, case, number, progress)
    except (EvidenceMissingError, CannotReadError) as error:
        return error


def exported(done: Exported) -> Iterator[str]:
    """Where a piece of evidence was written, its hash, and what to keep in mind."""
    if done.note is not None:
        yield _("INCOMPLETE. This is not the original and must not be taken for it.")
    yield _("Written: {path} ({size})").format(
        path=terminal.safe(str(done.path)), size=terminal.size(done.size)
    )
    if done.note is not None:
        yield _("What is missing stands in: {path}").format(path=terminal.safe(str(done.note)))
        yield from _few(done.damage)
    sha256 = done.sha256.hex()
    if done.custody is not None:
        yield f"SHA-256: {sha256}"
        yield _("Custody note, signed: {path}").format(path=terminal.safe(str(done.custody)))
    else:
        yield _("SHA-256 of this incomplete file: {sha256}").format(sha256=sha256)
    yield _("This copy is not encrypted. Open it with care, and erase it when it is no longer needed.")


def checked(case: Case, found: dict[int, Finding]) -> Iterator[str]:
    """How checked pieces are, and what to do about those that are not whole."""
    if not found:
        yield _("Case {case} has no evidence.").format(case=case.number)
    for number, finding in found.items():
        yield _("Evidence {number}: {state}").format(number=number, state=_state(finding))
        if isinstance(finding, Damage):
            yield from _few(finding)
    if any(_is_spoilt(finding) for finding in found.values()):
        yield _("To put files back from their bundle: peluit station import --again PATH")
    if any(isinstance(finding, Damage) and finding.found and finding.intact for finding in found.values()):
        yield _("To save the rest: peluit station evidence export {case} N --incomplete --to DIR").format(
            case=case.number
        )


def _is_spoilt(finding: Finding) -> bool:
    """Whether it came, and is not as it came."""
    return isinstance(finding, CannotReadError) or (isinstance(finding, Damage) and finding.found)


def _few(damage: Damage) -> Iterator[str]:
    for fault in damage.few():
        yield from (f"  {line}" for line in terminal.wrap(fault, common.columns() - 2))


def _state(finding: Finding) -> str:
    if isinstance(finding, EvidenceMissingError):
        return _("not here yet")
    if isinstance(finding, CannotReadError):
        return terminal.safe(str(finding))
    if not finding.found:
        return _("intact ({size})").format(size=terminal.size(finding.size))
    return _("DAMAGED") if finding.intact else _("DAMAGED, nothing of it can be opened")


def _checked_json(number: int, finding: Finding) -> dict[str, object]:
    if isinstance(finding, EvidenceMissingError):
        return {"number": number, "state": "missing"}
    if isinstance(finding, CannotReadError):
        return {"number": number, "state": "unreadable"}
    state = "damaged" if finding.found else "intact"
    return {"damage": finding.json(), "number": number, "size": finding.size, "state": state}
