"""What each app needs of an installation, for the confinement of its workers (hardening/confinement.py)."""

from pathlib import Path
from typing import Final

from hardening.confinement import Reach, reach_of_address
from hardening.seccomp import TCP, UNIX
from store.broker import UNIX as BROKER
from store.engine import POSTGRES
from store.layout import Layout

_FILES: Final = ("passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl")
_PORT: Final = "5432"


def of_source(layout: Layout, inbox: str) -> Reach:
    """The reporters' side: public files, evidence on its way, and the inbox. Nothing of the staff."""
    folders = (layout.incoming, layout.done, layout.blanks, layout.spent)
    return _with_inbox(layout, inbox, (layout.public, layout.ticket_key.parent), folders)


def of_journalist(layout: Layout, inbox: str) -> Reach:
    """The reviewers' side: all but the keys of upload tickets."""
    blobs = layout.done.parent
    folders = (layout.staff.parent, blobs, layout.public, layout.imports, layout.run)
    return _with_inbox(layout, inbox, (), folders)


def of_broker(layout: Layout, socket: Path | None) -> Reach:
    """The broker: the inbox, and whether a file is there; at its end it removes `socket`, if it made one."""
    own = () if socket is None else (socket.parent,)
    return Reach((layout.public,), (layout.inbox.parent, layout.done, *own))


def _with_inbox(layout: Layout, inbox: str, reads: tuple[Path, ...], writes: tuple[Path, ...]) -> Reach:
    if inbox.startswith(POSTGRES):
        from psycopg.conninfo import conninfo_to_dict

        said = {name: str(value) for name, value in conninfo_to_dict(inbox).items()}
        files = tuple(Path(said[name]) for name in _FILES if name in said)
        ports = tuple(int(port or _PORT) for port in said.get("port", _PORT).split(","))
        return Reach((*reads, Path("/etc/ssl"), *files), writes, (*UNIX, *TCP), ports)
    if inbox.startswith(BROKER):
        return Reach(reads, writes, reach_of_address(inbox).families)
    return Reach(reads, (*writes, layout.inbox.parent))
