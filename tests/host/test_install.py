"""What `peluit host install` writes below a root of its own, and what `remove` leaves of it."""

import json
import os
from pathlib import Path

import pytest

from hardening.deploy.systemd.units import units
from peluit.doctor import host
from peluit.doctor.installation import Installation
from peluit.host import program, steps
from peluit.host.errors import SshInUseError, SshUnknownError
from peluit.host.install import install, remove
from peluit.host.record import read
from tests.peluit.running import PELUIT, run

OWN = "// mine\n"


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages need not be built for this."""
    monkeypatch.setattr(program, "check", lambda: None)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)


def files(root: Path) -> set[str]:
    return {f"/{path.relative_to(root)}" for path in root.rglob("*") if not path.is_dir()}


def test_everything_is_written_once_and_taken_away_again(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    upgrades = tmp_path / "etc/apt/apt.conf.d/52peluit-upgrades"
    upgrades.parent.mkdir(parents=True)
    upgrades.write_text(OWN)
    before = files(tmp_path)
    install(tmp_path, 2222, nobody=False, apparmor=True, dry=False)
    ours = {path for path in files(tmp_path) if not path.startswith(("/opt/", "/usr/"))}
    first = {path: (tmp_path / path[1:]).read_bytes() for path in ours}
    assert {f"/etc/systemd/system/{name}" for name in units()} <= set(first)
    assert b"tcp dport 2222 accept" in first[steps.RULES_FILE] and upgrades.read_text() != OWN
    assert (tmp_path / "opt/peluit/code/store/broker/server.py").is_file()
    assert (tmp_path / "opt/peluit/bin/peluit").stat().st_mode & 0o777 == 0o755
    writable = [path for path in (tmp_path / "opt").rglob("*") if path.stat().st_mode & 0o022]
    assert writable == []
    install(tmp_path, 2222, nobody=False, apparmor=True, dry=False)
    assert {path: (tmp_path / path[1:]).read_bytes() for path in first} == first
    said = capsys.readouterr().out
    assert (
        "The firewall: ssh on port 2222 comes in" in said and "peluit init --folder /var/lib/peluit" in said
    )
    record = json.loads((tmp_path / "etc/peluit/installed.json").read_text())
    assert set(record) == {"files", "former", "ssh"} and set(record["former"]) == {
        str(upgrades)[len(str(tmp_path)) :]
    }
    remove(tmp_path, dry=False)
    assert files(tmp_path) == before and upgrades.read_text() == OWN
    assert (tmp_path / "var/lib/peluit").is_dir()


def test_a_dry_run_changes_nothing_and_tells_all(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    install(tmp_path, None, nobody=True, apparmor=True, dry=True)
    assert list(tmp_path.iterdir()) == []
    said = capsys.readouterr().out
    for name in units():
        assert f"writes /etc/systemd/system/{name}" in said
    assert "nobody comes in" in said and "Nothing was changed." in said


def test_nobody_is_locked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SshUnknownError):
        install(tmp_path, None, nobody=False, apparmor=False, dry=False)
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 2222")
    with pytest.raises(SshInUseError, match="--ssh-port 2222"):
        install(tmp_path, None, nobody=True, apparmor=False, dry=False)
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_sees_what_was_changed(tmp_path: Path) -> None:
    place = Installation(etc=tmp_path / "etc")
    assert [found.state for found in host.installed(place)] == ["unknown"]
    assert [list(check(place)) for check in host.CHECKS[1:]] == [[]] * (len(host.CHECKS) - 1)
    install(tmp_path, 22, nobody=False, apparmor=False, dry=False)
    assert [found.state for found in host.installed(place)] == ["good"]
    (tmp_path / "etc/systemd/system/peluit-inbox.service").write_text("[Service]\n")
    (tmp_path / "etc/sysctl.d/70-peluit.conf").unlink()
    (found,) = host.installed(place)
    assert found.state == "bad" and found.mend == "peluit host install --ssh-port 22"
    assert "peluit-inbox.service" in found.says and "70-peluit.conf" in found.says
    record = read(tmp_path)
    assert record and len(record.changed(tmp_path)) == 2


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [("kernel.core_pattern", "core", "bad"), ("kernel.core_pattern", "|/bin/false", "good")],
)
def test_the_doctor_reads_the_kernels_settings(tmp_path: Path, name: str, value: str, state: str) -> None:
    install(tmp_path, 22, nobody=False, apparmor=False, dry=False)
    path = tmp_path / "proc/sys" / Path(*name.split("."))
    path.parent.mkdir(parents=True)
    path.write_text(f"{value}\n")
    (found,) = host.kernel(Installation(etc=tmp_path / "etc", proc=tmp_path / "proc"))
    assert found.state == state


@pytest.mark.parametrize(("line", "state"), [("", "good"), ("/swapfile file 1048572 0 -2\n", "bad")])
def test_the_doctor_sees_swap(tmp_path: Path, line: str, state: str) -> None:
    install(tmp_path, 22, nobody=False, apparmor=False, dry=False)
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/swaps").write_text(f"Filename Type Size Used Priority\n{line}")
    (found,) = host.swap(Installation(etc=tmp_path / "etc", proc=tmp_path / "proc"))
    assert found.state == state


def test_the_command_asks_how_one_comes_in() -> None:
    done = run(PELUIT, "host", "install", "--dry-run")
    assert done.returncode == 1
    assert "--ssh-port 22, or --no-ssh" in done.stderr or os.environ.get("SSH_CONNECTION")
