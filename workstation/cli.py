"""`peluit station …`: the command line of the air-gapped station.

Exit codes: 0 done, 1 refused or failed, 2 wrong use, 3 done but evidence is damaged, incomplete or not here,
130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from functools import cache

from workstation import texts
from workstation.commands import (
    answer_office,
    authorship,
    backup,
    bundle,
    bundles,
    cases,
    classify,
    clean,
    common,
    conflict,
    custodian,
    custody,
    deadlines,
    destroy_keys,
    dispositions,
    due,
    erase,
    evidence,
    fingerprint,
    forms,
    forward,
    hold,
    identity,
    imports,
    init,
    intake,
    lessons_report,
    log,
    move,
    note,
    offices,
    package,
    performance,
    plan,
    recap,
    register,
    renew,
    reply,
    retention,
    review,
    reviewer,
    routing,
    search,
    server_backup,
    share,
    show,
    stages,
    statistics,
    training,
    view,
    workdays,
)
from workstation.commands import open as open_page
from workstation.errors import CannotReadError, StationError
from workstation.reasons import reason
from workstation.texts import _

_COMMANDS = (
    init,
    forms,
    fingerprint,
    open_page,
    imports,
    bundles,
    cases,
    search,
    show,
    evidence,
    view,
    clean,
    custody,
    classify,
    review,
    stages,
    move,
    hold,
    due,
    plan,
    conflict,
    routing,
    deadlines,
    workdays,
    offices,
    forward,
    dispositions,
    answer_office,
    package,
    identity,
    reply,
    note,
    intake,
    bundle,
    authorship,
    renew,
    reviewer,
    custodian,
    share,
    destroy_keys,
    backup,
    server_backup,
    erase,
    retention,
    register,
    recap,
    performance,
    lessons_report,
    statistics,
    training,
    log,
)


def add_commands(subparsers: common.Subparsers) -> None:
    """Adds every command; each sets `run`, a function of the parsed arguments that gives the exit code."""
    for command in _COMMANDS:
        command.add(subparsers)


def main(argv: Sequence[str]) -> int:
    """Runs `peluit station` with these arguments (without the words `peluit station`)."""
    os.umask(0o077)
    language = _language(argv)
    texts.use(language)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        args = _parser(language).parse_args(argv)
        common.mark(args)
        return int(args.run(args))
    except SystemExit as end:
        return int(end.code or 0)
    except StationError as error:
        common.warn(str(error))
        return error.exit_code
    except OSError as error:
        common.warn(str(CannotReadError(path=error.filename or "–", reason=reason(error))))
        return 1
    except KeyboardInterrupt:
        common.warn(_("Interrupted; nothing is half done."))
        return 130


@cache
def _parser(_language: str) -> argparse.ArgumentParser:
    """All commands, in the language in use: that of the argument."""
    parser = argparse.ArgumentParser(
        prog="peluit station",
        description=_("The air-gapped station: the only place where reports are opened."),
    )
    common.add_common(parser)
    add_commands(parser.add_subparsers(metavar=_("COMMAND"), required=True))
    return parser


def _language(argv: Sequence[str]) -> str:
    """The language must be known before the texts of the options are made."""
    for before, argument in zip(("", *argv), argv, strict=False):
        wanted = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if before == "--lang":
            wanted = argument
        if wanted in texts.LANGUAGES:
            return wanted
    return texts.from_environment()
