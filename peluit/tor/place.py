"""Where tor's things lie: an instance of Debian's tor, or a folder of one's own."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardening.deploy.tor.torrc import Name

INSTANCE: Final = "peluit"
_DEBIAN_DEFAULTS: Final = Path("/usr/share/tor/tor-service-defaults-torrc-instances")

RUN: Final = Path("/run")
SOCKETS: Final[Mapping[Name, str]] = {
    "source": "peluit-source/socket",
    "noscript": "peluit-noscript/socket",
    "reviewers": "peluit-journalist/socket",
}
"""The apps' sockets, below RUN."""


@dataclass(frozen=True)
class Place:
    """`onions` holds a folder for each onion service (a HiddenServiceDir), `data` is tor's DataDirectory.

    `defaults` is what the service reads before the torrc, with the instance's name to be filled in; `unit` is
    the systemd unit that runs it. A folder of one's own has neither.
    """

    torrc: Path
    data: Path
    onions: Path
    pid: Path
    defaults: Path | None = None
    unit: str | None = None

    def onion(self, name: Name) -> Path:
        return self.onions / name

    @contextmanager
    def filled_defaults(self) -> Iterator[Path | None]:
        """`defaults` as the unit fills them in (tor@.service does so with sed at every start)."""
        if self.defaults is None:
            yield None
            return
        with tempfile.NamedTemporaryFile("w", prefix="peluit-", encoding="utf-8") as file:
            file.write(self.defaults.read_text("utf-8").replace("@@NAME@@", INSTANCE))
            file.flush()
            yield Path(file.name)


DEBIAN: Final = Place(
    torrc=Path("/etc/tor/instances", INSTANCE, "torrc"),
    data=Path("/var/lib/tor-instances", INSTANCE),
    onions=Path("/var/lib/tor-instances", INSTANCE),
    pid=Path("/run/tor-instances", INSTANCE, "tor.pid"),
    defaults=_DEBIAN_DEFAULTS,
    unit=f"tor@{INSTANCE}.service",
)


def place(folder: Path | None) -> Place:
    """Debian's instance, or all in one folder: `torrc`, `tor.pid`, `data/`, the onion services' folders."""
    if folder is None:
        return DEBIAN
    root = folder.absolute()
    return Place(torrc=root / "torrc", data=root / "data", onions=root, pid=root / "tor.pid")
