"""All of Peluit over a private Tor network: the stories, doors that stay shut, and lines that break.

In one file, as the network is started once for it. What tor itself does is shown here as it is, where Peluit
has to reckon with it: the numbers of the traps are those of docs/decisions/0041-private-tor-network.md.
"""

import json
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.binding import b64
from crypto.constants import PIECE_SIZE
from hardening.deploy.tor import client
from peluit.manifest.fetch import Place
from peluit.manifest.verify import DIFFERS, GOOD, verify
from peluit.tor import clients
from peluit.tor.authorized import check_clients
from source_app.noscript.source import Source
from store.layout import Layout
from tests.e2e import reporter, reviewer
from tests.e2e.browsers import Browser, CountingProxy, until
from tests.e2e.browsers.firefox_prefs import Prefs
from tests.e2e.story import Story
from tests.e2e.test_evidence import ANSWERS, digest, exported, hold, unfinished
from tests.e2e.test_story import STEPS
from tests.hardening.manifest.offering import sign
from tests.noscript.test_story import Safest
from tests.privacy.canaries import Search
from tests.tor.apps import mirror
from tests.tor.browsing import tor_browser
from tests.tor.daemon import BUSY
from tests.tor.network import Network
from tests.tor.office import Client, OnionOffice, onion_office, refusal
from tests.tor.socks import NO_KEY, WRONG_KEY, Proxy

pytestmark = pytest.mark.browser

MB = 1_000_000
SIZE = 100 * MB
TALK = 3 * MB
"""More than all else takes that is sent meanwhile, and what a broken connection had taken up already."""
LONG = 600
"""Seconds after which an upload of that size is held to be hanging, on a busy machine."""

# As a hand might write them: the key with its padding, a comment above it, a name that tor does not read.
MALFORMED = {
    "padded.auth": "descriptor:x25519:{key}====\n",
    "commented.auth": "# irban, by hand\ndescriptor:x25519:{key}\n",
    "wrong-suffix.txt": "descriptor:x25519:{key}\n",
}


TORS_OWN = {
    *("lock", "state", "cached-certs", "cached-microdesc-consensus"),
    *("cached-microdescs", "cached-microdescs.new"),
}
"""What lies in tor's data folder: the public directory, which every client has, and its state."""
STATE = {"Dormant", "Guard", "LastWritten", "MinutesSinceUserActivity", "TorVersion", "CircuitBuildTimeBin"}
"""The state's words. `Guard` counts circuits since the guard was chosen; no time in it but drawn by lot."""


@pytest.fixture(scope="module")
def careless(network: Network) -> Path:
    """The folder of an onion service whose clients' keys were put there by hand, none as tor wants them."""
    onion = network.folder / "careless"
    folder = onion / "authorized_clients"
    folder.mkdir(mode=0o700, parents=True)
    onion.chmod(0o700)
    for name, text in MALFORMED.items():
        path = folder / name
        path.write_text(text.format(key="A" * 52))
        path.chmod(0o600)
    return onion


@pytest.fixture(scope="module")
def office(
    network: Network, careless: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OnionOffice]:
    """An office, and on the same tor the careless service, with an app that shows what apps are told."""
    socket = network.folder / "mirror"
    more = f"HiddenServiceDir {careless}\nHiddenServicePort 80 unix:{socket}\n"
    with onion_office(tmp_path_factory.mktemp("office") / "demo", network, more) as running:
        app = mirror(socket, running.log)
        app.start()
        yield running
        app.stop()


@pytest.fixture(scope="module")
def online(office: OnionOffice) -> Iterator[Browser]:
    """The reviewer's browser, signed in."""
    with tor_browser(office.reviewer.proxy) as browser:
        reviewer.sign_in(browser, office)
        yield browser


def test_story_at_safer(office: OnionOffice, tmp_path: Path) -> None:
    def at_safer() -> Browser:
        return tor_browser(office.stranger.proxy, safer=True)

    story = Story(office, at_safer, lambda: tor_browser(office.reviewer.proxy), tmp_path)
    assert list(story.tell()) == STEPS
    assert Search(story.secrets.canaries()).tree(office.network.folder) == set()


def test_story_without_scripts(office: OnionOffice, online: Browser, tmp_path: Path) -> None:
    """The reporters' page leads a browser at Safest to the other onion service, which takes text and file."""
    evidence = tmp_path / "surat.pdf"
    evidence.write_bytes(secrets.token_bytes(MB))
    with tor_browser(office.stranger.proxy, safest=True) as browser:
        browser.open(f"{office.source}id/")
        browser.click(f"a[href='{office.noscript}id/']")
        browser.wait_until(f"location.href === '{office.noscript}id/'", seconds=BUSY)
        person = Safest(f"{office.noscript}id/", browser)
        codename = person.report("Pungli di terminal")
        person.send_file(codename, evidence)
        assert person.replies(codename) == []
    (found,) = exported(office, online, tmp_path / "in", evidence.name)
    assert digest(found) == digest(evidence)


def test_the_site_behind_tor_is_compared_with_what_was_signed(
    office: OnionOffice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From another place, through SOCKS; signed for this site, and then for one whose answers differ."""
    manifest, signers = sign(Layout(office.folder / "server"), tmp_path)
    proxy = office.stranger.proxy
    place = Place.of(office.source, (proxy.host, proxy.port), BUSY)
    assert verify(place, manifest, signers) == GOOD, capsys.readouterr().out
    assert verify(Place.of(office.noscript, place.socks, BUSY), manifest, signers) == DIFFERS


def test_an_upload_goes_on_where_it_stopped(office: OnionOffice, online: Browser, tmp_path: Path) -> None:
    """100 MB. Circuits break, then the app is started anew, then tor: each time in the middle of requests."""
    film = tmp_path / "film.mp4"
    film.write_bytes(secrets.token_bytes(SIZE))
    stranger = office.stranger
    with (
        CountingProxy(stranger.proxy.host, stranger.proxy.port) as line,
        tor_browser(Proxy("127.0.0.1", line.port)) as browser,
    ):
        reporter.write_report(browser, f"{office.source}en/", ANSWERS, [film])
        reporter.take_codename(browser)
        line.reset()
        line.hold_at(20 * MB)
        browser.click("#send")

        hold(line, 20 * MB)
        lose_circuits(stranger)
        line.let_go()

        hold(line, 45 * MB)
        office.apps["source"].restart()
        line.let_go()

        hold(line, 70 * MB)
        office.service.restart()
        lose_circuits(stranger)
        there = stored(office)
        assert 0 < there < 70 * MB
        line.reset()
        line.let_go()
        browser.wait_for("#sent", seconds=LONG)
        assert not browser.visible("#sent-skipped")
        assert browser.console_errors() == []
        assert line.sent < SIZE - there + TALK
    # The reviewer's tor knows ways that ended with the service's.
    new_identity(office.reviewer)
    office.wait_for_services()
    (found,) = exported(office, online, tmp_path / "in", film.name)
    assert digest(found) == digest(film)


def lose_circuits(client: Client) -> None:
    with client.daemon.control() as control:
        assert control.close_circuits() > 0


def stored(office: OnionOffice) -> int:
    """How many bytes of the one unfinished file the server says it has."""
    source = Source(f"unix:{office.service.socket('source')}")
    ((blob, size),) = (name.split("/") for name in unfinished(office))
    wish = {"blob": b64(bytes.fromhex(blob)), "office": "kota-contoh", "size": int(size)}
    ticket = json.loads(source.ask("POST", "/api/ticket", json.dumps(wish).encode(), "application/json"))
    path = f"/api/blob/kota-contoh/{blob}/{size}"
    held = json.loads(source.ask("GET", path, ticket=ticket["ticket"]))["pieces"]
    return sum(PIECE_SIZE * int(count) for _, count in held)


def test_reviewers_need_a_key(office: OnionOffice) -> None:
    onion = office.service.address("reviewers")
    assert refusal(office.reviewer.proxy, onion) == 0
    assert refusal(office.stranger.proxy, onion) == NO_KEY
    with office.stranger.daemon.control() as control, control.key(onion, client.new_key().private):
        assert refusal(office.stranger.proxy, onion) == WRONG_KEY
    assert refusal(office.stranger.proxy, onion) == NO_KEY


def test_files_that_tor_cannot_read_let_everybody_in(office: OnionOffice, careless: Path) -> None:
    """Trap 1, as it is. The check sees it before tor does, and with the client `nobody` it cannot be."""
    assert refusal(office.stranger.proxy, (careless / "hostname").read_text().strip()) == 0
    faults = check_clients(careless)
    assert {fault.path.name for fault in faults if fault.path} == set(MALFORMED)
    assert any("nobody.auth is missing" in fault.says for fault in faults)
    assert check_clients(office.service.place.onion("reviewers")) == []


def test_who_is_revoked_gets_in_until_tor_is_started_anew(office: OnionOffice) -> None:
    """Trap 2; and trap 3: with our torrc tor outlives SIGHUP, which Debian's logrotate sends every day."""
    service, stranger = office.service, office.stranger
    onion, key = service.address("reviewers"), service.admit("irban")
    with stranger.daemon.control() as control:
        with control.key(onion, key):
            service.reload()
            assert until(lambda: refusal(stranger.proxy, onion) == 0, BUSY)
            clients.revoke(service.place.onion("reviewers"), "irban")
            service.reload()
            assert service.daemon.running
            assert refusal(stranger.proxy, onion) == 0
        service.restart()
        for each in (stranger, office.reviewer):
            new_identity(each)
        assert refusal(office.reviewer.proxy, onion) == 0
        with control.key(onion, key):
            assert refusal(stranger.proxy, onion) == WRONG_KEY


def new_identity(client: Client) -> None:
    """As Tor Browser's button: tor forgets the ways that it knew, and need not try them first; keys too."""
    with client.daemon.control() as control:
        control.ask("SIGNAL NEWNYM")


def test_apps_are_not_told_who_asks(office: OnionOffice, careless: Path) -> None:
    """Trap 5. Two visits, on circuits of their own, look the same: nothing to log, nothing to throttle by."""
    onion = (careless / "hostname").read_text().strip()
    told = [told_of_visit(office.stranger.proxy, onion, visit) for visit in ("one", "two")]
    assert told[0] == told[1]
    assert told[0]["REMOTE_ADDR"] == "''" and "REMOTE_PORT" not in told[0]
    assert not [name for name in told[0] if "PROXY" in name or "FORWARD" in name]


def told_of_visit(proxy: Proxy, onion: str, visit: str) -> dict[str, str]:
    found: dict[str, str] = until(lambda: json.loads(proxy.get(onion, visit=visit)[1]), BUSY)
    return found


def test_a_browser_that_takes_onions_for_insecure(office: OnionOffice) -> None:
    """Trap 4: a Firefox that is not Tor Browser has no WebCrypto there. The page says so, opens no door."""
    prefs: Prefs = {"dom.securecontext.allowlist_onions": False}
    with tor_browser(office.stranger.proxy, prefs=prefs) as browser:
        browser.open(f"{office.source}en/")
        browser.wait_for("#needs-crypto")
        assert browser.evaluate("[isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
        assert "Tor Browser" in browser.text("#needs-crypto")
        assert not browser.visible("#doors") and not browser.visible("form")
        assert not [each.url for each in browser.requests() if "/api/" in each.url]


def test_nothing_is_left_of_all_that(office: OnionOffice) -> None:
    """After everything above: the apps said nothing, tor nothing but at its starts, and no visit is kept."""
    service = office.service
    service.reload()
    assert refusal(office.stranger.proxy, service.address("source")) == 0
    visited = service.daemon.said()
    service.restart()
    service.daemon.stop()
    assert office.log.read_text() == ""
    assert messages(visited) == messages(service.daemon.said())
    for path in (path for path in service.place.data.rglob("*") if path.is_file()):
        assert path.name in TORS_OWN, path
    state = (service.place.data / "state").read_text()
    assert {line.split()[0] for line in state.splitlines() if line[:1] not in ("", "#")} <= STATE
    # At the level of notices, which the torrc asks for nowhere, addresses are scrubbed too.
    noticed = service.notices.read_text()
    assert messages(noticed) and office.network.address not in noticed


def messages(said: str) -> set[str]:
    """What tor said, without the times."""
    return set(re.findall(r"\[\w+\] (.*)", said))
