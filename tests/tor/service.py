"""The service's tor, set up as an operator does it: `peluit tor setup`, and its torrc as it stands."""

from pathlib import Path

from hardening.deploy.tor.torrc import NAMES, Name
from peluit.tor import clients
from peluit.tor.place import SOCKETS, place
from peluit.tor.setup import set_up
from tests.e2e.browsers import until
from tests.tor.daemon import BUSY, Daemon
from tests.tor.network import Network

_PUBLISHING = (
    *("Initiating upload for hidden service", "initiated upload request"),
    "Uploading hidden service descriptor: finished",
)
"""What tor's details say of a descriptor, of each relay that is asked to keep it, and of the answer."""


class Service:
    """Three onion services of one tor; the apps' sockets, below `run`, need not be there yet."""

    def __init__(self, network: Network, folder: Path, run: Path) -> None:
        self._network, self._run = network, run
        self.place = place(folder)
        set_up(self.place, run)
        self.notices, self._details = network.folder / "notices", network.folder / "details"
        self.daemon: Daemon

    def admit(self, person: str) -> str:
        """Lets somebody reach the reviewers' app, once tor has been told; their private key."""
        return clients.add(self.place.onion("reviewers"), person)

    def start(self, more: str = "") -> None:
        """Until the addresses are there; `more` are lines that no office's torrc has.

        Nor has it a log of such details: only from that can tests see what becomes of the descriptors.
        """
        self._torrc = f"{self.place.torrc.read_text()}{more}Log [rend]info file {self._details}\n"
        self.daemon = self._network.add("service", self._torrc)
        assert until(lambda: all(map(self.address, NAMES)), BUSY), self.daemon.said()

    def reload(self) -> None:
        """SIGHUP, until tor has read everything again: then it has opened the log of a line that is new."""
        self.notices.unlink(missing_ok=True)
        self.daemon.write(f"{self._torrc}Log notice file {self.notices}\n")
        self.daemon.hang_up()
        assert until(self.notices.exists, BUSY), self.daemon.said()

    def restart(self) -> None:
        """Until whoever asks anew learns the way in. Who came before may still take the old one, in vain."""
        self.daemon.stop()
        self._details.unlink()
        self.daemon.write(self._torrc)
        self.daemon.start()
        assert until(self._published, BUSY), self.daemon.said()

    def _published(self) -> bool:
        """Whether the descriptors are where clients look: two for each service, of now and of later."""
        said = self._details.read_text() if self._details.exists() else ""
        begun, asked, done = map(said.count, _PUBLISHING)
        return begun >= 2 * self._torrc.count("HiddenServiceDir ") and asked == done

    def socket(self, name: Name) -> Path:
        """Where the app behind a service listens."""
        path = self._run / SOCKETS[name]
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def address(self, name: str) -> str:
        """`….onion`, or nothing before tor has made it."""
        path = self.place.onions / name / "hostname"
        return path.read_text().strip() if path.exists() else ""
