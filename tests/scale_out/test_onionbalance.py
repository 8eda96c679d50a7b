"""The files for Onionbalance: tor takes them without a warning, and they fit the torrc of a single host."""

from pathlib import Path

import pytest

from hardening.deploy.tor import torrc
from hardening.deploy.tor.verify import verify

FILES = Path(__file__).parents[2] / "hardening" / "deploy" / "onionbalance"
FRONT = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid"


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def placed(name: str, tmp_path: Path) -> Path:
    """One of the torrcs, with its folders below a temporary one."""
    text = (FILES / name).read_text().replace("/var/lib", f"{tmp_path}").replace("/run", f"{tmp_path}/run")
    data = "" if "DataDirectory" in text else f"DataDirectory {tmp_path}/data\nSocksPort 0\n"
    for folder in (
        "tor-instances/peluit/source",
        "tor-front",
        "data",
        "run/peluit-front",
        "run/peluit-source",
    ):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        (tmp_path / folder).chmod(0o700)
    path = tmp_path / name
    path.write_text(data + text)
    return path


@pytest.mark.parametrize("name", ["backend.torrc", "front.torrc"])
def test_tor_takes_it_without_a_warning(tmp_path: Path, name: str) -> None:
    path = placed(name, tmp_path)
    (tmp_path / "tor-instances/peluit/source/ob_config").write_text(f"MasterOnionAddress {FRONT}.onion\n")
    assert verify(path) == []


def test_a_backend_that_knows_no_front_would_be_noticed(tmp_path: Path) -> None:
    assert verify(placed("backend.torrc", tmp_path)) != []


def test_a_backend_is_a_reporters_page_but_for_two_lines() -> None:
    folder, socket = Path("/var/lib/tor-instances/peluit/source"), Path("/run/peluit-source/socket")
    alone = lines(torrc.services([torrc.Onion("source", folder, socket)]))
    backend = lines((FILES / "backend.torrc").read_text())
    assert {line for line in alone if "PoW" not in line} == {
        line for line in backend if "PoW" not in line and "OnionBalance" not in line
    }
    assert [line for line in backend if line not in alone] == [
        "HiddenServiceOnionBalanceInstance 1",
        "HiddenServicePoWDefensesEnabled 0",
    ]
