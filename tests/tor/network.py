"""A private Tor network: one directory authority and four relays on an address of 127.0.0.0/8.

Nothing of it can leave the machine: all addresses are loopback's, and no relay is an exit. The address is
drawn by lot, so that networks of several test runs do not meet; the ports are always the same.

The order of the start is what makes it quick (12 to 17 s in all on a quiet machine): a vote that comes before
every relay is known, or a client that comes before every relay has the consensus, waits for minutes.
"""

import http.client
import re
import secrets
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.e2e.browsers import until
from tests.tor import identity
from tests.tor.daemon import BUSY, Daemon
from tests.tor.socks import Proxy

AUTHORITY, RELAYS = "authority", tuple(f"relay{number}" for number in range(1, 5))
_PORTS = {name: 21_000 + number for number, name in enumerate((AUTHORITY, *RELAYS))}
_DIRECTORY_PORT, _FIRST_CLIENT = 21_010, 21_020

# Seconds. A vote takes place when the test says so, and its consensus is good for three intervals.
_INTERVAL, _VOTE, _DISTRIBUTION = 1_800, 2, 2

# The defaults let a circuit on loopback carry 1 MB/s: its round trip is too short to learn a window from.
_CONSENSUS = "cc_cwnd_init=1000 cc_cwnd_min=1000"

_EVERYBODY = """\
TestingTorNetwork 1
ShutdownWaitLength 0
AddressDisableIPv6 1
PathsNeededToBuildCircuits 0.67
TestingClientMaxIntervalWithoutRequest 1
# Learned from circuits that take milliseconds, the timeout is too short for a busy machine.
LearnCircuitBuildTimeout 0
CircuitBuildTimeout 30
"""

_OURS = """\
DataDirectory {folder}
ControlSocket {folder}/control
Log notice stdout
"""

_CLIENT = """\
# How long it waits for a service that was introduced to it hangs on this: three times as long.
CircuitBuildTimeout 10
SocksPort {proxy.host}:{proxy.port} ExtendedErrors KeepAliveIsolateSOCKSAuth
"""

_RELAY = """\
Nickname {name}
SocksPort 0
Address {address}
ORPort {address}:{port} IPv4Only
MaxAdvertisedBandwidth 1 MB
ExitRelay 0
ExitPolicy reject *:*
AssumeReachable 1
ContactInfo nobody@test.invalid
"""

_AUTHORITY = """\
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
DirPort {address}:{port}
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingMinExitFlagThreshold 0
# Circuits of onion services end in stable relays only.
AuthDirVoteStableGuaranteeMinUptime 0
AuthDirVoteStableGuaranteeMTBF 0
TestingV3AuthInitialVotingInterval {interval}
TestingV3AuthInitialVoteDelay {vote}
TestingV3AuthInitialDistDelay {distribution}
TestingV3AuthVotingStartOffset {offset}
V3AuthVotingInterval {interval}
V3AuthVoteDelay {vote}
V3AuthDistDelay {distribution}
V3AuthNIntervalsValid 3
ConsensusParams {consensus}
"""


class Network:
    """The network; entering it starts authority and relays, leaving it ends every tor that it started."""

    def __init__(self, folder: Path) -> None:
        # tor takes no path of a socket that is longer than 107 bytes
        self.folder = folder
        self.address = "127." + ".".join(str(1 + secrets.randbelow(254)) for _ in range(3))
        self.daemons: dict[str, Daemon] = {}
        self._defaults = _EVERYBODY

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends the clients and services first, which would look for the others."""
        for daemon in reversed(self.daemons.values()):
            daemon.stop()

    def add(self, name: str, torrc: str) -> Daemon:
        """Another tor of this network, started, with this torrc."""
        daemon = self.daemons[name] = Daemon(self.folder / name, self._defaults, torrc)
        daemon.start()
        return daemon

    def client(self, name: str, more: str = "") -> tuple[Daemon, Proxy]:
        """A tor as in Tor Browser, started, and its SOCKS port; `more` are lines of its torrc."""
        proxy = Proxy(self.address, _FIRST_CLIENT + len(self.daemons))
        lines = _OURS.format(folder=self.folder / name) + _CLIENT.format(proxy=proxy)
        return self.add(name, lines + more), proxy

    def wait_for(self, *daemons: Daemon) -> None:
        """Until these have found their way into the network."""
        for daemon in daemons:
            daemon.wait_until("status/bootstrap-phase", "PROGRESS=100")

    def _start(self) -> None:
        known = identity.make(self.folder / AUTHORITY, AUTHORITY)
        self._defaults += (
            f"DirAuthority {AUTHORITY} orport={_PORTS[AUTHORITY]} no-v2 v3ident={known.votes} "
            f"{self.address}:{_DIRECTORY_PORT} {known.relay}\n"
        )
        for name in (AUTHORITY, *RELAYS):
            _give_history(self.folder / name)
            self.add(name, self._relay(name))
        servers = 1 + len(RELAYS)
        self._wait_for_directory("server/all", r"^router ", servers)
        self._vote()
        self._wait_for_directory("status-vote/current/consensus-microdesc", r"^s .*\bRunning\b", servers)
        # A client that asks a relay for what it does not have yet sleeps for 10 s.
        for name in RELAYS:
            self.daemons[name].hang_up()
        for name in (AUTHORITY, *RELAYS):
            self.daemons[name].wait_until("status/enough-dir-info", "1")

    def _relay(self, name: str) -> str:
        lines = _OURS.format(folder=self.folder / name)
        lines += _RELAY.format(name=name, address=self.address, port=_PORTS[name])
        if name == AUTHORITY:
            lines += _AUTHORITY.format(
                address=self.address,
                port=_DIRECTORY_PORT,
                interval=_INTERVAL,
                vote=_VOTE,
                distribution=_DISTRIBUTION,
                offset=int(time.time() + _INTERVAL / 2) % _INTERVAL,  # as far away as can be
                consensus=_CONSENSUS,
            )
        return lines

    def _vote(self) -> None:
        """Moves the vote to now."""
        valid_after = int(time.time() + _VOTE + _DISTRIBUTION + 1.5)
        with self.daemons[AUTHORITY].control() as control:
            control.ask(f"SETCONF TestingV3AuthVotingStartOffset={valid_after % _INTERVAL}")

    def _wait_for_directory(self, path: str, pattern: str, count: int) -> None:
        ended = f"the authority did not come to know {count} servers"
        assert until(lambda: len(self._lines(path, pattern)) >= count, BUSY), ended

    def _lines(self, path: str, pattern: str) -> list[str]:
        """The lines of a document of the authority that match; none while there is no such document."""
        connection = http.client.HTTPConnection(self.address, _DIRECTORY_PORT, timeout=60)
        try:
            connection.request("GET", f"/tor/{path}")
            answer = connection.getresponse()
            found = answer.read().decode("latin-1")
        except OSError:
            return []
        finally:
            connection.close()
        return re.findall(pattern, found, re.MULTILINE) if answer.status == 200 else []


def _give_history(folder: Path) -> None:
    """A made-up past: the first relay to report any bandwidth would be chosen for both ends of a circuit."""
    folder.mkdir(mode=0o700, exist_ok=True)
    ends = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - 10))
    (folder / "state").write_text(
        "".join(
            f"BWHistory{way}Ends {ends}\nBWHistory{way}Interval 86400\n"
            f"BWHistory{way}Values 8640000000,8640000000\nBWHistory{way}Maxima 10000000,10000000\n"
            for way in ("Read", "Write")
        )
    )
