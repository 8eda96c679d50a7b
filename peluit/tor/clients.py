"""Who may reach the reviewers' onion service: a file in `authorized_clients` for each person's browser.

A service without clients is open to everybody. So a client whose private key nobody has, `nobody`, is there
from the beginning and stays; and no command says that it did its work while anything in the folder is wrong.

Revoking counts when tor has been started anew: until then a browser that was there lately still gets in. The
folder's own time says when somebody was revoked last (adding keeps it), and so whether that is still due.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crypto import calendar
from crypto.fields import Day
from hardening.deploy.tor import client
from hardening.deploy.tor.client import SUFFIX, ClientKey
from peluit.tor.authorized import FOLDER, SENTINEL_FILE, check_clients, folder_of
from peluit.tor.errors import ClientsDamagedError, ClientThereError, NoClientError
from peluit.tor.files import folder_like, give_to_owner_of, keeping_time, sync, write_like


@dataclass(frozen=True)
class Client:
    """Somebody's browser, and since which day it may."""

    name: str
    since: Day


def prepare(onion: Path) -> None:
    """Makes the folder in a HiddenServiceDir, closed to everybody, before tor sees it for the first time."""
    fresh = not (onion / FOLDER).exists()
    folder = folder_like(onion, FOLDER)
    _put_sentinel(folder)
    if fresh:
        forget_revocations(onion)


def add(onion: Path, untrusted_name: str) -> str:
    """Lets somebody in once tor has read the folder again; returns the private key (base32), kept nowhere.

    ClientRefusedError, ClientThereError, ClientsDamagedError, NoOnionError.
    """
    name = client.read_name(untrusted_name)
    folder = _sound(onion)
    if (folder / f"{name}{SUFFIX}").exists():
        raise ClientThereError(name)
    key = client.new_key()
    with keeping_time(folder):
        _write(folder, f"{name}{SUFFIX}", key)
    return key.private


def revoke(onion: Path, untrusted_name: str) -> None:
    """Takes somebody's file away; it counts when tor has been started anew.

    ClientRefusedError, NoClientError, NoOnionError; ClientsDamagedError afterwards, if other files are.
    """
    name = client.read_name(untrusted_name)
    folder = folder_of(onion)
    _put_sentinel(folder)
    try:
        (folder / f"{name}{SUFFIX}").unlink()
    except FileNotFoundError:
        raise NoClientError(name) from None
    sync(folder)
    _sound(onion)


def repair(onion: Path) -> list[str]:
    """Gives the files to tor, and removes those that it cannot read: their names. NoOnionError.

    Whose file is removed could not get in with it, or had somebody else's key, and needs a new one. It counts
    when tor has been started anew.
    """
    folder = folder_like(onion, folder_of(onion).name)
    for path in folder.iterdir():
        give_to_owner_of(folder, path)
    gone = [fault.path for fault in check_clients(onion) if fault.path]
    for path in gone:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    _put_sentinel(folder)
    _sound(onion)
    return [path.name for path in gone]


def listed(onion: Path) -> list[Client]:
    """Everybody who may, by name; ClientsDamagedError, NoOnionError."""
    return [
        Client(path.name.removesuffix(SUFFIX), _day(path))
        for path in sorted(_sound(onion).iterdir())
        if path.name != SENTINEL_FILE
    ]


def last_revocation(onion: Path) -> float:
    """When somebody was revoked last, in seconds since 1970, as far as the system tells; else 0."""
    return folder_of(onion).stat().st_mtime


def forget_revocations(onion: Path) -> None:
    """Called when tor has been started since: a time finer than a day stays no longer than it is needed."""
    os.utime(folder_of(onion), (0, 0))


def _put_sentinel(folder: Path) -> None:
    if not (folder / SENTINEL_FILE).exists():
        _write(folder, SENTINEL_FILE, client.new_key())


def _write(folder: Path, name: str, key: ClientKey) -> None:
    # through the folder above: what tor reads never holds anything half or foreign
    write_like(folder, name, client.line(key.public), calendar.today(), through=folder.parent)


def _sound(onion: Path) -> Path:
    if found := check_clients(onion):
        raise ClientsDamagedError(" ".join(fault.says for fault in found))
    return folder_of(onion)


def _day(path: Path) -> Day:
    return Day(datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat())
