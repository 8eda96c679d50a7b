"""`peluit`: finds the command that was asked for, and says what went wrong."""

import argparse
import sys
from collections.abc import Sequence

from peluit.commands import (
    audit,
    backup,
    demo,
    doctor,
    host,
    init,
    invite,
    landing,
    manifest,
    postgres,
    publish_board,
    restore,
    retire,
    sealing_page,
    serve,
    tidy,
    tor,
)
from peluit.errors import CannotUseError, CommandError, CutOffError, NotInstalledError

_COMMANDS = (
    init,
    invite,
    serve,
    publish_board,
    tidy,
    sealing_page,
    manifest,
    audit,
    demo,
    doctor,
    tor,
    backup,
    restore,
    landing,
    retire,
    host,
    postgres,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code (0 done, 1 refused or failed, 2 wrong usage, 130 Ctrl-C)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["station"]:
        from workstation.cli import main as station

        return station(words[1:])
    options = _parser().parse_args(words)
    try:
        return int(options.run(options))
    except CommandError as error:
        return _refuse(error)
    except ModuleNotFoundError as error:
        return _refuse(NotInstalledError(error.name))
    except OSError as error:
        return _refuse(CannotUseError(error.filename or "A file or device", error.strerror))
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return _refuse(CutOffError(), 130)


def _refuse(error: CommandError, code: int = 1) -> int:
    sys.stderr.write(f"peluit: {error}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="peluit", description="A drop box for people who must stay unknown."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("station", help="the air-gapped station (peluit station --help)")
    for command in _COMMANDS:
        command.add(commands)
    return parser
