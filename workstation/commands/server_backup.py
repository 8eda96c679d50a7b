"""`station server-backup`: shows the code that opens a backup of the server."""

import argparse
from pathlib import Path

from crypto import server_backup
from crypto.errors import CannotOpenError, ProtocolError
from crypto.open.server_backup import open_code
from workstation import terminal
from workstation.commands import common
from workstation.errors import (
    CannotReadError,
    NoServerBackupError,
    OtherServerBackupError,
    ServerBackupLockedError,
)
from workstation.reasons import reason
from workstation.station import Station
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(
        subparsers, "server-backup", _("show the code that opens a backup of the server"), run
    )
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        type=Path,
        required=True,
        help=_("the backup, or its first 2 MB"),
    )
    common.add_unlocking(parser)


def run(args: argparse.Namespace) -> int:
    head = _head(args.source)
    with common.unlocked(args) as station:
        code = server_backup.spell(_code(station, head))
        with station.vault.transaction():
            station.log("server-backup-opened", head.day)
    lines = [
        _("A backup of the server, of {day}. The code that opens it:").format(day=head.day),
        "",
        f"    {code}",
        "",
        _("Type it at the new server, and nowhere else: it opens this backup for whoever has the file."),
    ]
    common.say(args, {"code": code, "day": head.day}, lines)
    return 0


def _head(path: Path) -> server_backup.Head:
    try:
        with path.open("rb") as file:
            return server_backup.read_head(file)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    except ProtocolError:
        raise NoServerBackupError(path=terminal.safe(str(path))) from None


def _code(station: Station, head: server_backup.Head) -> bytes:
    place = station.keys.place
    office = head.office(place.office)
    if office is None or head.instance != place.instance:
        raise OtherServerBackupError(office=place.office)
    key = station.keys.epoch_key(office.epoch)
    if key is None:
        raise ServerBackupLockedError(reviewer=station.reviewer, day=head.day)
    try:
        return open_code(head, place.office, station.reviewer, key)
    except CannotOpenError:
        raise ServerBackupLockedError(reviewer=station.reviewer, day=head.day) from None
