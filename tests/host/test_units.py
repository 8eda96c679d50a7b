"""The units as systemd itself reads them, and the small files as their own programs read them."""

import re
import subprocess
from pathlib import Path

import pytest

from hardening.deploy.apparmor.profiles import profiles
from hardening.deploy.host.ownership import RULES
from hardening.deploy.nftables.ruleset import Numbers, ruleset
from hardening.deploy.systemd.units import PROGRAM, SERVICES, units

DOCS = Path(__file__).parents[2] / "docs" / "host.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All units, in which a program that is there stands for ours."""
    made = tmp_path_factory.mktemp("units")
    for name, text in units().items():
        (made / name).write_text(text.replace(f"{PROGRAM}/bin/peluit", "/usr/bin/true"))
    return made


def run(*line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_systemd_takes_the_units_without_a_word(folder: Path) -> None:
    done = run("systemd-analyze", "verify", "--man=no", *map(str, sorted(folder.iterdir())))
    ours = [line for line in done.stderr.splitlines() if "peluit" in line]
    assert (done.returncode, ours) == (0, [])


def score(unit: Path) -> float:
    told = run("systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)).stdout
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", told)
    assert found, told
    return float(found[1])


def test_each_service_is_as_closed_as_the_docs_say(folder: Path) -> None:
    told = dict(
        re.findall(r"^\| `(peluit-[a-z]+)` \|.*\| ([\d.]+) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    )
    found = {service.name: score(folder / service.unit) for service in SERVICES}
    assert found == {name: float(number) for name, number in told.items()}


def test_a_missing_setting_would_be_seen(folder: Path, tmp_path: Path) -> None:
    unit = SERVICES[0].unit
    text = (folder / unit).read_text()
    (tmp_path / unit).write_text(text.replace("PrivateNetwork=yes\n", ""))
    assert score(tmp_path / unit) > score(folder / unit)


def test_what_a_service_may_write_is_its_own_or_its_groups() -> None:
    rules = {rule.path: rule for rule in RULES}
    for service in SERVICES:
        groups = {service.user, *service.groups}
        for path in service.writes:
            assert rules[path].owner == service.user or rules[path].group in groups, (service.name, path)
        assert not set(service.writes) & set(service.hidden)


@pytest.mark.parametrize("name", sorted(profiles()))
def test_apparmor_takes_the_profiles(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(profiles()[name])
    done = run("/usr/sbin/apparmor_parser", "--skip-kernel-load", "--skip-cache", str(path))
    assert done.returncode == 0, done.stderr
    path.write_text(profiles()[name].replace("{", "", 1))
    assert run("/usr/sbin/apparmor_parser", "--skip-kernel-load", "--skip-cache", str(path)).returncode != 0


@pytest.mark.parametrize("ssh", [22, None])
def test_nftables_takes_the_rules(tmp_path: Path, ssh: int | None) -> None:
    """Without rights on the network: in a network of its own."""
    path = tmp_path / "nftables.conf"
    path.write_text(ruleset(Numbers(1_001, 42, 998, ssh)))
    line = ("unshare", "--user", "--map-root-user", "--net", "/usr/sbin/nft")
    listed = f"{' '.join(line[-1:])} --file {path} && {line[-1]} --file {path} && {line[-1]} list ruleset"
    done = run(*line[:-1], "sh", "-c", listed)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("policy drop") == 3 and done.stdout.count("table inet peluit") == 1
    assert ("tcp dport 22 accept" in done.stdout) is (ssh is not None)
    out = done.stdout.partition("chain output")[2]
    assert re.findall(r"skuid (\d+) meta l4proto tcp accept", out) == ["1001"] and "reject" in out
