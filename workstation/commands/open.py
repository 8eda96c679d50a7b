"""`station open`: the station as a page in this computer's browser."""

import argparse
import sys
import threading
import webbrowser

from workstation import terminal
from workstation.commands import common
from workstation.errors import BadPlanError
from workstation.layout import Layout
from workstation.texts import _

_SHORTEST, _LONGEST, _USUAL = 1, 120, 10


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "open", _("open the station as a page in this computer's browser"), run
    )
    parser.add_argument(
        "--idle",
        metavar="MINUTES",
        type=int,
        default=_USUAL,
        help=_("lock itself after so many minutes without use, 1 to 120 (default: 10)"),
    )
    parser.add_argument(
        "--no-browser", action="store_true", help=_("only print the address, and start no browser")
    )


def run(args: argparse.Namespace) -> int:
    """Serves until Ctrl+C, then locks."""
    # here, because Flask takes longer to load than most commands to end
    from workstation.page.app import create_app
    from workstation.page.server import Server
    from workstation.page.session import Session
    from workstation.page.visit import Visit

    if not _SHORTEST <= args.idle <= _LONGEST:
        raise BadPlanError(what=_("the station locks itself after 1 to 120 minutes"))
    folder = common.folder_of(args)
    Layout(folder).check()
    session = Session(folder, idle=args.idle * 60)
    server = Server(session.lock_if_idle)
    visit = Visit(server.origin)
    common.say(args, {"address": visit.address}, _lines(visit.address, args.idle))
    sys.stdout.flush()
    try:
        if not args.no_browser:
            threading.Thread(target=webbrowser.open, args=[visit.address], daemon=True).start()
        server.serve(create_app(session, visit))
    except KeyboardInterrupt:
        pass
    finally:
        server.end(session.lock)
    if not args.json:
        common.say(args, {}, [_("Locked and stopped.")])
    return 0


def _lines(address: str, minutes: int) -> list[str]:
    return [
        _("The station's page, for the browser of this computer alone:"),
        f"  {terminal.safe(address)}",
        _("The address works once. It answers nobody else, on this computer or elsewhere."),
        _("It locks itself after {minutes} minutes without use, and with the button Lock.").format(
            minutes=minutes
        ),
        _("To stop it: Ctrl+C in this window."),
    ]
