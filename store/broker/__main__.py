"""What `peluit serve inbox` runs: the broker for the data folder that PELUIT_DATA names.

PELUIT_BIND: the socket (unix:/path), unless systemd hands one over. PELUIT_PEER: the user of the source app,
a name or a number. PELUIT_RESERVE: how many bytes of the disk stay free.
"""

import os
import pwd
import signal
import socket
import stat
import sys
from pathlib import Path
from types import FrameType
from typing import Final

from hardening import logs
from hardening.confinement import confine
from hardening.process import harden
from store import reach
from store.broker import UNIX
from store.broker.server import MOST_CONNECTIONS, Desk, serve
from store.errors import StoreError
from store.layout import Layout
from store.space import DEFAULT_RESERVE

_FIRST_HANDED_OVER: Final = 3  # sd_listen_fds(3)


def main() -> int:
    """Serves until it is told to end; 0, or 1 if it could not begin."""
    harden(os.environ.get("PELUIT_SEARCHABLE") == "1")
    logs.be_quiet()
    try:
        reserve = int(os.environ.get("PELUIT_RESERVE", DEFAULT_RESERVE))
        layout = Layout(Path(os.environ["PELUIT_DATA"]))
        desk = Desk(layout, reserve)
    except StoreError as error:
        sys.stderr.write(f"peluit: {error}\n")
        return 1
    listener = _listener()

    def end(_signal: int, _frame: FrameType | None) -> None:
        listener.shutdown(socket.SHUT_RDWR)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    users = {0, os.getuid(), *_user(os.environ.get("PELUIT_PEER", ""))}
    confine(reach.of_broker(layout, None if _handed_over() else _path()))
    serve(desk, listener, users)
    desk.close()
    if not _handed_over():
        _path().unlink(missing_ok=True)
    return 0


def _handed_over() -> bool:
    return os.environ.get("LISTEN_PID") == str(os.getpid())


def _path() -> Path:
    return Path(os.environ["PELUIT_BIND"].removeprefix(UNIX))


def _listener() -> socket.socket:
    if _handed_over():
        return socket.socket(fileno=_FIRST_HANDED_OVER)
    path = _path()
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    # Whoever may enter the folder as its group may connect.
    path.chmod(0o660 if path.parent.stat().st_mode & stat.S_IXGRP else 0o600)
    listener.listen(MOST_CONNECTIONS)
    return listener


def _user(name: str) -> set[int]:
    if not name:
        return set()
    return {int(name)} if name.isdigit() else {pwd.getpwnam(name).pw_uid}


if __name__ == "__main__":
    sys.exit(main())
