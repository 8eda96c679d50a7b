"""`peluit`: dispatches to the parts; each is imported only when it is asked for."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from peluit.errors import (
    CannotUseError,
    CommandError,
    CutOffError,
    NotInstalledError,
    OtherPlaceError,
)

_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?")
_UNITS: Final = {"M": 2**20, "G": 2**30, "T": 2**40}
_DAY: Final = 86_400
_PERIODS: Final = {"m": 60, "h": 3_600, "d": _DAY}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code (0 done, 1 refused or failed, 2 wrong usage, 130 Ctrl-C)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["station"]:
        from workstation.cli import main as station

        return station(words[1:])
    options = _parser().parse_args(words)
    try:
        return _run(options)
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


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text} is no port; choose a number from 1024 to 65535")
    return int(text)


def _port_or_none(text: str) -> int | None:
    return None if text == "0" else _port(text)


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text} is no address; write http://name.onion/ or the like")
    return text.rstrip("/") + "/"


def _size(text: str) -> int:
    number, unit = (text[:-1], text[-1:]) if text[-1:] in _UNITS else (text, "")
    if not number.isascii() or not number.isdigit() or not int(number):
        raise argparse.ArgumentTypeError(f"{text} is no size; write bytes, or a number with M, G or T: 8G")
    return int(number) * _UNITS.get(unit, 1)


def _period(text: str) -> int:
    number, unit = text[:-1], text[-1:]
    seconds = (
        int(number) * _PERIODS[unit] if number.isascii() and number.isdigit() and unit in _PERIODS else 0
    )
    if not seconds or (_DAY % seconds and seconds % _DAY):
        raise argparse.ArgumentTypeError(
            f"{text} is no period; write one that fits into a day, or whole days: 30m, 24h, 7d"
        )
    return seconds


def _note(text: str) -> str:
    from crypto.chained_log import read_note
    from crypto.errors import MalformedError

    try:
        return read_note(text)
    except MalformedError:
        raise argparse.ArgumentTypeError(
            f"{text} is not what the log page shows; write its eight groups of five digits: 01234-56789-…"
        ) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="peluit", description="A drop box for people who must stay unknown."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("station", help="the air-gapped station (peluit station --help)")
    init = commands.add_parser("init", help="set up a server from the station's first bundle")
    init.add_argument(
        "--folder", type=Path, required=True, help="the folder for the server's data: a new or an empty one"
    )
    init.add_argument("--bundle", type=Path, required=True, help="the bundle that the key ceremony wrote")
    init.add_argument(
        "--noscript-address",
        type=_address,
        metavar="URL",
        help="where the door without scripts will be found; the page with scripts then leads there",
    )
    invite = commands.add_parser(
        "invite", help="let somebody in, or in again: prints the code of an invitation"
    )
    invite.add_argument("--folder", type=Path, required=True)
    invite.add_argument("--office", help="the office's id; without it, the person runs the server")
    invite.add_argument("--role", choices=("administrator", "reviewer", "monitor"), default="administrator")
    invite.add_argument("name")
    serve = commands.add_parser("serve", help="run one of the web apps under gunicorn")
    serve.add_argument("app", choices=("source", "noscript", "journalist"))
    where = serve.add_mutually_exclusive_group(required=True)
    where.add_argument("--folder", type=Path, help="source, journalist: the server's data")
    where.add_argument("--source", metavar="BIND", help="noscript: the source app's --bind")
    serve.add_argument("--bind", required=True, help="unix:/path/to/socket or 127.0.0.1:port")
    serve.add_argument(
        "--largest-file", type=_size, metavar="SIZE", help="the largest file taken (8G; noscript: 25 MB)"
    )
    serve.add_argument(
        "--evidence-per-day",
        type=_size,
        metavar="SIZE",
        help="what all files of a day may take (32G; journalist: to show the same)",
    )
    serve.add_argument(
        "--board-every",
        type=_period,
        metavar="PERIOD",
        help="journalist: how often the board is published (24h; counted from 20:00 UTC)",
    )
    publish = commands.add_parser(
        "publish-board", help="publish the board now (the running journalist app does so every day)"
    )
    publish.add_argument("folder", type=Path, metavar="DATA")
    tidy = commands.add_parser(
        "tidy", help="remove uploads that nobody finished (the running server does so every hour)"
    )
    tidy.add_argument("folder", type=Path, metavar="DATA")
    sealing = commands.add_parser(
        "sealing-page", help="write the page that locks reports where no network is, and print its SHA-256"
    )
    sealing.add_argument("--folder", type=Path, required=True, help="the server's data")
    sealing.add_argument("--to", type=Path, required=True, metavar="FILE", help="the file to be written")
    sealing.add_argument("--language", choices=("id", "en"), required=True)
    demo = commands.add_parser("demo", help="start a demo office on this machine (make run)")
    demo.add_argument("--folder", type=Path, help="where its data is kept (default: $PELUIT_DEMO or ./demo)")
    demo.add_argument("--source-port", type=_port, metavar="PORT", default=8700)
    demo.add_argument("--journalist-port", type=_port, metavar="PORT", default=8701)
    demo.add_argument(
        "--noscript-port", type=_port_or_none, metavar="PORT", default=8702, help="0: no such door"
    )
    audit = commands.add_parser("audit", help="the log of what the staff did")
    verify = audit.add_subparsers(dest="act", required=True, metavar="ACT").add_parser(
        "verify",
        help="check a downloaded log of the reviewers' app (0: whole, 1: broken, 2: cannot be read)",
    )
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument(
        "--since", type=_note, metavar="NUMBERS", help="what was written down from the log page before"
    )
    code = commands.add_parser("demo-code", help="the six digits of the demo account, now")
    code.add_argument("--folder", type=Path)
    return parser


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "init":
            from peluit.init import init

            init(options.folder, options.bundle, options.noscript_address)
        case "invite":
            from peluit.invite import invite

            role = options.role if options.office else "operator"
            invite(options.folder, options.office, role, options.name)
        case "serve":
            from peluit.serve import of_folder, of_source, serve

            if (options.app == "noscript") is not (options.source is not None):
                raise OtherPlaceError
            serve(
                options.app,
                of_folder(options.folder) if options.folder else of_source(options.source),
                options.bind,
                options.largest_file,
                options.evidence_per_day,
                options.board_every,
            )
        case "publish-board":
            from peluit.publish_board import publish_board

            publish_board(options.folder)
        case "tidy":
            from peluit.tidy import tidy

            tidy(options.folder)
        case "sealing-page":
            from peluit.sealing_page import write

            write(options.folder, options.to, options.language)
        case "audit":
            from peluit.audit import verify

            return verify(options.file, options.since)
        case "demo":
            from peluit.demo import run

            return run(options.folder, options.source_port, options.journalist_port, options.noscript_port)
        case "demo-code":
            from peluit.demo_office import print_code

            print_code(options.folder)
    return 0
