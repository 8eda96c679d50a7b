"""A demo office behind three onion services: the same apps, data and station, reached through Tor alone."""

import contextlib
import http.client
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from hardening.deploy.tor.client import for_browser
from hardening.deploy.tor.torrc import NAMES
from peluit.demo_office import open_office
from peluit.tor import addresses
from tests.e2e.browsers import until
from tests.e2e.office import Office
from tests.tor import apps
from tests.tor.apps import App
from tests.tor.daemon import BUSY, Daemon
from tests.tor.network import Network
from tests.tor.service import Service
from tests.tor.socks import Proxy, SocksError

REVIEWER = "inspektur"


@dataclass(frozen=True)
class Client:
    """A tor as in somebody's Tor Browser."""

    daemon: Daemon
    proxy: Proxy


@dataclass(frozen=True, kw_only=True)
class OnionOffice(Office):
    """What `Office` is on loopback. `stranger` is a client like any reporter's, `reviewer` one with a key."""

    network: Network
    service: Service
    apps: Mapping[str, App]
    log: Path
    stranger: Client
    reviewer: Client

    @property
    def source(self) -> str:
        return f"http://{self.service.address('source')}/"

    @property
    def noscript(self) -> str:
        return f"http://{self.service.address('noscript')}/"

    @property
    def journalist(self) -> str:
        return f"http://{self.service.address('reviewers')}/"

    def server_processes(self) -> list[int]:
        masters = [psutil.Process(app.process.pid) for app in self.apps.values()]
        return [process.pid for app in masters for process in (app, *app.children(recursive=True))]

    def wait_for_services(self) -> None:
        """Until each of the three answers whom it should, through the network."""
        for name in NAMES:
            client = self.reviewer if name == "reviewers" else self.stranger
            assert until(partial(answers, client.proxy, self.service.address(name)), BUSY), name


def answers(proxy: Proxy, onion: str) -> bool:
    """Whether an app behind an onion service answers now; SocksError where waiting would not help."""
    try:
        return proxy.get(onion)[0] < 500
    except SocksError as error:
        if error.passing:
            return False
        raise
    except (OSError, http.client.HTTPException):
        return False


def refusal(proxy: Proxy, onion: str) -> int:
    """Why SOCKS keeps a new visit away from an onion service, once it says so for good; 0 if it does not."""

    def codes() -> list[int]:
        try:
            proxy.connect(onion, secrets.token_hex(8)).close()
        except SocksError as error:
            return [] if error.passing else [error.code]
        return [0]

    (code,) = until(codes, BUSY)
    return code


@contextlib.contextmanager
def onion_office(folder: Path, network: Network, more: str = "") -> Iterator[OnionOffice]:
    """An office in `folder`, reached through the network; `more` are lines for the service's torrc."""
    service = Service(network, network.folder / "onions", network.folder / "run")
    key = service.admit(REVIEWER)
    service.start(more)
    stranger, reviewer = _clients(network, for_browser(service.address("reviewers"), key))
    open_office(folder)
    data = folder / "server"
    addresses.show(service.place, data)
    log = network.folder / "log"
    source, noscript, reviewers = map(service.socket, NAMES)
    served = {
        "source": apps.peluit("source", source, log, "--folder", str(data)),
        "noscript": apps.peluit("noscript", noscript, log, "--source", f"unix:{source}"),
        "journalist": apps.peluit("journalist", reviewers, log, "--folder", str(data)),
    }
    try:
        for app in served.values():
            app.start()
        office = OnionOffice(
            *(folder, 0, 0, served["source"].process),
            network=network,
            service=service,
            apps=served,
            log=log,
            stranger=stranger,
            reviewer=reviewer,
        )
        office.wait_for_services()
        yield office
    finally:
        for app in served.values():
            app.stop()


def _clients(network: Network, auth_private: str) -> list[Client]:
    keys = network.folder / "reviewer-keys"
    keys.mkdir(mode=0o700)
    (keys / "reviewers.auth_private").write_text(auth_private + "\n")
    made = [network.client("stranger"), network.client("reviewer", f"ClientOnionAuthDir {keys}\n")]
    network.wait_for(*(daemon for daemon, _ in made))
    return [Client(*client) for client in made]
