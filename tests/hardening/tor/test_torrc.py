"""The torrc as text, and as Debian's tor takes it: a warning counts as a refusal."""

import re
from pathlib import Path

import pytest

from hardening.deploy.tor import reading, torrc
from hardening.deploy.tor.errors import PathRefusedError, SocketTooLongError
from hardening.deploy.tor.torrc import NAMES, Name, Onion
from hardening.deploy.tor.verify import build, verify


def onions(folder: Path) -> list[Onion]:
    return [Onion(name, folder / name, folder / f"peluit-{name}" / "socket") for name in NAMES]


def text(folder: Path) -> str:
    return torrc.whole(folder / "data", folder / "tor.pid", onions(folder))


def judged(folder: Path, content: str) -> list[str]:
    file = folder / "torrc"
    file.write_text(content)
    return verify(file)


def part(whole: str, name: Name) -> str:
    """The lines of one service."""
    services = re.split(r"^(?=HiddenServiceDir )", whole, flags=re.MULTILINE)[1:]
    return next(service for service in services if service.split("\n")[0].endswith(f"/{name}"))


def test_tor_takes_it_without_a_warning(tmp_path: Path) -> None:
    assert judged(tmp_path, text(tmp_path)) == []
    others = f"DataDirectory {tmp_path}/data\nSocksPort 9050\n"
    assert judged(tmp_path, others + torrc.services(onions(tmp_path))) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("HiddenServiceAuthorizeClient basic budi", "obsolete"),  # tor itself ends with 0
        ("NoSuchOption 1", "Unknown option"),
        ("NumCPUs many", "NumCPUs"),
    ],
)
def test_a_warning_is_a_refusal(tmp_path: Path, line: str, says: str) -> None:
    (warning, *_) = judged(tmp_path, f"{text(tmp_path)}\n{line}\n")
    assert says in warning
    assert not re.search(r"\d\d:\d\d", warning), "no time"


def test_each_line_has_its_reason(tmp_path: Path) -> None:
    lines = text(tmp_path).splitlines()
    options = [i for i, line in enumerate(lines) if line and not line.startswith("#")]
    assert options
    assert all(lines[i - 1].startswith("# ") and lines[i - 1].endswith(".") for i in options)


def test_reporters_services_are_defended_and_the_reviewers_closed(tmp_path: Path) -> None:
    whole = text(tmp_path)
    for name in ("source", "noscript"):
        lines = part(whole, name).splitlines()
        for line in (
            "HiddenServicePoWDefensesEnabled 1",
            "HiddenServiceEnableIntroDoSRatePerSec 25",
            "HiddenServiceEnableIntroDoSBurstPerSec 200",
            "HiddenServiceMaxStreamsCloseCircuit 0",
        ):
            assert line in lines
    assert "PoW" not in part(whole, "reviewers")
    assert reading.targets(whole) == {onion.folder: f"unix:{onion.socket}" for onion in onions(tmp_path)}


def test_no_port_no_sandbox_no_lock(tmp_path: Path) -> None:
    found = list(reading.options(text(tmp_path)))
    ports = {name: value for name, value in found if name.endswith("Port") and name != "HiddenServicePort"}
    assert ports == {"SocksPort": "0", "ControlPort": "0", "ORPort": "0", "DirPort": "0", "DNSPort": "0"}
    assert not {"Sandbox", "DisableAllSwap", "%include", "User"} & {name for name, _ in found}


def test_what_is_read_back_is_good(tmp_path: Path) -> None:
    assert reading.problems(text(tmp_path)) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Sandbox 1", "SIGHUP"),
        ("sandbox 1", "SIGHUP"),
        ("DisableAllSwap 1", "lock memory"),
        ("%include /etc/tor/more", "elsewhere"),
        ("+SocksPort 9050", "contradicts"),
        ("SocksPort 9050", "contradicts"),
        ("SafeLogging 0", "contradicts"),
        ("ClientTransportPlugin obfs4 exec /usr/bin/x", "other programs"),
    ],
)
def test_what_somebody_added_is_found(tmp_path: Path, line: str, says: str) -> None:
    (problem,) = reading.problems(f"{text(tmp_path)}\n{line} # for a while\n")
    assert says in problem


def test_what_somebody_took_away_is_found(tmp_path: Path) -> None:
    assert reading.problems(text(tmp_path).replace("\nSocksPort 0\n", "\n#SocksPort 0\n")) == [
        "SocksPort 0 is missing."
    ]


@pytest.mark.parametrize(
    "path", ["/with space", "/new\nline", '/quo"te', "relative", "/back\\slash", "/hash#", "/a/../b", "/"]
)
def test_paths_that_would_be_read_otherwise(path: str) -> None:
    with pytest.raises(PathRefusedError):
        torrc.services([Onion("source", Path(path), Path("/run/socket"))])
    with pytest.raises(PathRefusedError):
        torrc.services([Onion("source", Path("/folder"), Path(path))])


def test_a_socket_that_the_kernel_would_not_take() -> None:
    longest = Path("/" + "s" * 106)
    assert str(longest) in torrc.services([Onion("source", Path("/folder"), longest)])
    with pytest.raises(SocketTooLongError):
        torrc.services([Onion("source", Path("/folder"), Path("/" + "s" * 107))])


def test_the_installed_tor_has_the_defence() -> None:
    found = build()
    assert found.version >= (0, 4, 8)
    assert "pow" in found.modules
