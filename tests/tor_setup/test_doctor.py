"""What `peluit doctor` says of tor: good of an office that is set up, and each trap found."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardening.deploy.tor.address import OnionAddress
from peluit.doctor import tor
from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import BINDS, Installation
from peluit.doctor.socket_access import closed_socket_fault
from peluit.tor import clients
from peluit.tor.place import Place
from peluit.tor.probe import probe
from tests.peluit.running import PELUIT, run

ADDRESS = OnionAddress("k3jbxeugkomwg3ji7r52z5hskum7sd52sf7bpgonteo57i7ngmecmiad.onion")


@pytest.fixture
def apps(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Sockets as the apps have them, each in a folder that others may not enter."""
    listening = []
    binds = {}
    for app in ("source", "noscript", "journalist"):
        folder = tmp_path / "run" / f"peluit-{app}"
        folder.mkdir(parents=True, mode=0o700)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(folder / "socket"))
        listening.append(listener)
        binds[app] = f"unix:{folder}/socket"
    yield binds
    for listener in listening:
        listener.close()


@pytest.fixture
def installation(office: Place, apps: dict[str, str], tmp_path: Path) -> Installation:
    return Installation(data=tmp_path, tor=office.onions, binds=apps)


def found(check: Check, installation: Installation) -> list[Finding]:
    return list(check(installation))


def bad(check: Check, installation: Installation) -> list[str]:
    findings = found(check, installation)
    assert findings
    return [finding.says for finding in findings if finding.state == "bad"]


def test_all_is_good_of_an_office_that_runs(installation: Installation, start: Callable[[], None]) -> None:
    clients.add(installation.tor / "reviewers", "budi")
    start()
    for check in tor.CHECKS:
        findings = found(check, installation)
        states = {finding.state for finding in findings}
        # the tests' tor is started by whoever runs them
        if check is tor.process and os.geteuid() == 0:
            assert [finding.says for finding in findings if finding.state == "bad"] == ["tor runs as root."]
        elif check is not tor.stranger:
            assert states == {"good"}, findings


def test_before_setup_everything_is_said_once(tmp_path: Path) -> None:
    findings = [finding for check in tor.CHECKS for finding in check(Installation(tor=tmp_path))]
    assert [finding.check for finding in findings if finding.state == "bad"] == [
        "tor.configuration",
        "tor.reviewers",
        "tor.process",
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Sandbox 1", "SIGHUP"),
        ("HiddenServiceAuthorizeClient basic budi", "obsolete"),
        ("SocksPort 9050", "contradicts"),
        ("DisableAllSwap 1", "lock memory"),
    ],
)
def test_a_torrc_that_somebody_changed(
    installation: Installation, office: Place, line: str, says: str
) -> None:
    with office.torrc.open("a") as file:
        file.write(f"{line}\n")
    sentences = bad(tor.configuration, installation)
    assert any(says in sentence for sentence in sentences)
    for finding in found(tor.configuration, installation):
        assert finding.mend == f"peluit tor setup --to {office.onions}"


def test_a_service_that_leads_elsewhere(installation: Installation, apps: dict[str, str]) -> None:
    apps["journalist"] = "127.0.0.1:8000"
    (sentence,) = bad(tor.configuration, installation)
    assert "reviewers does not lead to where its app listens" in sentence


def test_a_door_that_was_left_out_stays_out(tmp_path: Path) -> None:
    assert run(PELUIT, "tor", "setup", "--to", tmp_path / "tor", "--without-noscript").returncode == 0
    (finding, *_) = found(
        tor.configuration, Installation(tor=tmp_path / "tor", binds={**BINDS, "source": "x"})
    )
    assert finding.mend == f"peluit tor setup --to {tmp_path / 'tor'} --without-noscript"


def test_clients_that_fail_open(installation: Installation, office: Place) -> None:
    folder = office.onion("reviewers") / "authorized_clients"
    (folder / "nobody.auth").write_text("descriptor:x25519:AAAA====\n")
    (finding,) = found(tor.reviewers, installation)
    assert (finding.state, finding.mend) == ("bad", f"peluit tor client repair --tor {office.onions}")
    (folder / "nobody.auth").unlink()
    (sentence,) = bad(tor.reviewers, installation)
    assert "open to everybody" in sentence


def test_a_revocation_waits_for_a_restart(
    installation: Installation, office: Place, start: Callable[[], None]
) -> None:
    def due() -> bool:
        return any("Somebody's key was revoked" in said for said in bad(tor.process, installation))

    clients.add(office.onion("reviewers"), "budi")
    start()
    clients.add(office.onion("reviewers"), "siti")
    assert not due()
    clients.revoke(office.onion("reviewers"), "budi")
    assert due()
    clients.add(office.onion("reviewers"), "irban")
    assert due()
    # A minute ago, as it would be: the clocks of files and of processes are not the same.
    folder = office.onion("reviewers") / "authorized_clients"
    os.utime(folder, (folder.stat().st_mtime - 60,) * 2)
    start()
    assert not due()


def test_a_tor_that_does_not_run(installation: Installation, office: Place) -> None:
    assert bad(tor.process, installation) == ["tor does not run."]
    office.pid.write_text(str(os.getpid()))  # another program has its number now
    assert bad(tor.process, installation) == ["tor does not run."]


def test_without_addresses(installation: Installation) -> None:
    assert len(bad(tor.addresses, installation)) == 3


def test_sockets_are_tors_alone(tmp_path: Path, apps: dict[str, str]) -> None:
    path = Path(apps["source"].removeprefix("unix:"))
    user = os.geteuid()
    stranger = user + 1
    assert closed_socket_fault(path, user) is None
    assert "may not connect" in str(closed_socket_fault(path, stranger))
    path.chmod(0o777)
    assert closed_socket_fault(path, user) is None, "the folder keeps others out"
    path.unlink()
    assert "is missing" in str(closed_socket_fault(path, user))
    path.write_text("")
    assert "is no socket" in str(closed_socket_fault(path, user))


def test_a_socket_for_everybody(tmp_path_factory: pytest.TempPathFactory) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        path = Path(f"/tmp/peluit-test-{os.getpid()}")
        listener.bind(str(path))
        try:
            path.chmod(0o666)
            assert "Every program" in str(closed_socket_fault(path, os.geteuid()))
            path.chmod(0o600)
            assert closed_socket_fault(path, os.geteuid()) is None
        finally:
            path.unlink()


@pytest.mark.parametrize(
    ("reply", "answer"),
    [(b"\x05\x00", "open"), (b"\x05\xf4", "closed"), (b"\x05\x01", "unknown"), (b"", "unknown")],
)
def test_what_a_tor_answers_a_stranger(reply: bytes, answer: str) -> None:
    """The words of SOCKS; a real network is in tests/tor."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            connection = server.accept()[0]
            with connection:
                assert connection.recv(3) == b"\x05\x01\x00"
                connection.sendall(b"\x05\x00")
                assert connection.recv(100) == b"\x05\x01\x00\x03\x3e" + ADDRESS.encode() + b"\x00\x50"
                connection.sendall(reply)

        other = threading.Thread(target=talk)
        other.start()
        assert probe(ADDRESS, server.getsockname()[1]) == answer
        other.join()
