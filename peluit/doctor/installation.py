"""Where things lie on this host, for the checks of the doctor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crypto import calendar
from crypto.fields import Day
from store.layout import Layout
from store.space import DEFAULT_RESERVE

DATA: Final = Path("/var/lib/peluit")
BINDS: Final[Mapping[str, str]] = {
    "source": "unix:/run/peluit-source/socket",
    "noscript": "unix:/run/peluit-noscript/socket",
    "journalist": "unix:/run/peluit-journalist/socket",
}


@dataclass(frozen=True)
class Installation:
    """One server.

    `tor`: the folder of its onion services' folders, None if it has none or Debian's is meant. `socks`: the
    port of another tor, which has no key for the reviewers' onion service. `binds`: where the apps listen, by
    their names. `reserve`: bytes of the disk that stay free. `board_days`: how many days at most lie between
    two publications of the board. `etc`, `proc`, `sys`, `run`: where the host keeps these, for tests.
    """

    data: Path = DATA
    tor: Path | None = None
    binds: Mapping[str, str] = field(default_factory=lambda: dict(BINDS))
    socks: int | None = None
    config: Path = Path("/etc/peluit")
    program: Path = Path("/opt/peluit")
    reserve: int = DEFAULT_RESERVE
    board_days: int = 1
    today: Day = field(default_factory=calendar.today)
    etc: Path = Path("/etc")
    proc: Path = Path("/proc")
    sys: Path = Path("/sys")
    run: Path = Path("/run")

    @property
    def layout(self) -> Layout:
        return Layout(self.data)
