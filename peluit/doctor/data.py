"""Checks of the data folder: keys and databases."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation
from peluit.doctor.opened import DatabaseError, opened
from store import keyfile, site
from store.errors import KeyFileModeError, NoSiteError, StoreError
from store.schema import INBOX
from store.settings import pragma
from store.soundness import is_sound
from store.staff.schema import STAFF

_OTHERS: Final = 0o007
_PENDING: Final = "1"
_RESTORE: Final = "peluit restore --from BACKUP --folder NEW"


def folder(installation: Installation) -> Iterator[Finding]:
    """Whether a server is there, and closed to other accounts."""
    layout = installation.layout
    try:
        site.read(layout)
    except NoSiteError:
        says = "There is no server's data, or its site file is damaged."
        yield Finding("data.folder", "bad", says, f"peluit init --folder {layout.root} --bundle FILE")
        return
    if layout.root.stat().st_mode & _OTHERS:
        says = "Other accounts of this host may look into the data folder."
        yield Finding("data.folder", "bad", says, f"chmod o= {layout.root}")
    else:
        yield Finding("data.folder", "good", "The data folder is there, and closed to other accounts.")


def keys(installation: Installation) -> Iterator[Finding]:
    """The key files: there, whole, and closed."""
    layout = installation.layout
    paths = {"inbox": layout.inbox_key, "staff": layout.staff_key, "tickets": layout.ticket_key}
    for name, path in paths.items():
        try:
            keyfile.read(path)
            yield Finding("data.keys", "good", f"The key of {name} is there, and closed.")
        except KeyFileModeError:
            yield Finding("data.keys", "bad", f"Others may read the key of {name}.", f"chmod 600 {path}")
        except StoreError:
            says = f"The key of {name} is missing or damaged."
            yield Finding("data.keys", "bad", says, _RESTORE)


def databases(installation: Installation) -> Iterator[Finding]:
    """Both databases: they open, are of this version, whole, and hold no traces of what was erased."""
    layout = installation.layout
    for name, path, key, migrations in (
        ("inbox", layout.inbox, layout.inbox_key, INBOX),
        ("staff", layout.staff, layout.staff_key, STAFF),
    ):
        yield from _database(installation, name, path, key, migrations)


def _database(
    installation: Installation, name: str, path: Path, key: Path, migrations: Sequence[str]
) -> Iterator[Finding]:
    check = f"data.{name}"
    if not path.exists():
        says = f"There is no database of the {name} here."
        if name == "inbox":
            says += " If PELUIT_INBOX names a PostgreSQL server, that is as it should be."
        yield Finding(check, "unknown", says)
        return
    try:
        with opened(path, keyfile.read(key)) as connection:
            version, pending = pragma(connection, "user_version"), pragma(connection, "application_id")
            sound = is_sound(connection)
    except PermissionError:
        raise
    except (DatabaseError, StoreError):
        says = f"The database of the {name} does not open: it is damaged, or its key is another one's."
        yield Finding(check, "bad", says, _RESTORE)
        return
    restart = "systemctl restart peluit.target"
    if not sound:
        yield Finding(check, "bad", f"The database of the {name} is damaged.", _RESTORE)
    elif int(version) > len(migrations):
        says = f"The database of the {name} was made by a newer Peluit than this one."
        yield Finding(check, "bad", says, "peluit host install")
    elif int(version) < len(migrations):
        says = f"The database of the {name} is of an older version; the apps renew it when they start."
        yield Finding(check, "bad", says, restart)
    elif pending == _PENDING:
        says = f"In the database of the {name}, traces of what was erased are left."
        yield Finding(check, "bad", says, f"peluit tidy {installation.data}")
    else:
        yield Finding(check, "good", f"The database of the {name} opens, and every page of it is whole.")


CHECKS: Final[tuple[Check, ...]] = (folder, keys, databases)
