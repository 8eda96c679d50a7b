"""Clients of the reviewers' onion service: no act leaves the folder open, and no fault stays unseen."""

import os
import stat
from pathlib import Path

import pytest

from crypto import calendar
from hardening.deploy.tor import client
from hardening.deploy.tor.errors import ClientRefusedError
from peluit.tor import clients
from peluit.tor.authorized import check_clients
from peluit.tor.errors import ClientsDamagedError, ClientThereError, NoClientError, NoOnionError

# The public key of RFC 7748 section 6.1: a fresh one would give the tests other names in each process.
GOOD = client.line(bytes.fromhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"))
SOMEBODY_ELSE = 61_003


@pytest.fixture
def onion(tmp_path: Path) -> Path:
    """A HiddenServiceDir that is prepared."""
    made = tmp_path / "reviewers"
    made.mkdir(mode=0o700)
    clients.prepare(made)
    return made


@pytest.fixture
def folder(onion: Path) -> Path:
    return onion / "authorized_clients"


def says(onion: Path) -> str:
    (fault,) = check_clients(onion)
    return fault.says


def test_it_is_closed_from_the_beginning_and_stays(onion: Path, folder: Path) -> None:
    sentinel = (folder / "nobody.auth").read_bytes()
    assert client.read_line(sentinel)
    assert (check_clients(onion), clients.listed(onion)) == ([], [])
    clients.add(onion, "budi")
    clients.revoke(onion, "budi")
    clients.prepare(onion)
    assert [path.name for path in folder.iterdir()] == ["nobody.auth"]
    assert (folder / "nobody.auth").read_bytes() == sentinel
    with pytest.raises(ClientRefusedError):
        clients.revoke(onion, "nobody")


def test_a_client_is_one_line_for_tor_alone(onion: Path, folder: Path) -> None:
    private = clients.add(onion, "budi")
    file = folder / "budi.auth"
    assert client.read_line(file.read_bytes())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_mtime % 86_400 == 0
    assert private not in "".join(path.read_text() for path in onion.rglob("*") if path.is_file())
    assert [entry.name for entry in clients.listed(onion)] == ["budi"]
    assert clients.listed(onion)[0].since in (calendar.today(), calendar.add_days(calendar.today(), -1))
    assert sorted(path.name for path in onion.iterdir()) == ["authorized_clients"]


def test_a_name_is_taken_once(onion: Path) -> None:
    clients.add(onion, "budi")
    before = (onion / "authorized_clients" / "budi.auth").read_bytes()
    with pytest.raises(ClientThereError):
        clients.add(onion, "budi")
    assert (onion / "authorized_clients" / "budi.auth").read_bytes() == before
    with pytest.raises(NoClientError):
        clients.revoke(onion, "siti")


@pytest.mark.parametrize("name", ["../budi", "/tmp/budi", "budi.auth", "", ".", "b\0", "b\nb", "-r", "Budi"])
def test_hostile_names_touch_nothing(onion: Path, name: str) -> None:
    (onion / "budi.auth").write_text("mine")
    before = sorted(path.relative_to(onion) for path in onion.rglob("*"))
    for act in (clients.add, clients.revoke):
        with pytest.raises(ClientRefusedError):
            act(onion, name)
    assert sorted(path.relative_to(onion) for path in onion.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("budi.auth", b"", "not the one line"),
        ("budi.auth", GOOD.replace(b"\n", b"====\n"), "not the one line"),
        ("budi.auth", GOOD + b"# budi\n", "not the one line"),
        ("budi.auth", b"x" * 10_000, "not the one line"),
        ("budi.auth_private", GOOD, "end in .auth"),
        ("budi", GOOD, "end in .auth"),
        (".auth", GOOD, "no name"),
        ("Budi.auth", GOOD, "no name"),
        ("a b\n.auth", GOOD, "a b\\n.auth"),
    ],
)
def test_what_tor_would_not_read_is_found_and_repaired(
    onion: Path, folder: Path, name: str, text: bytes, sentence: str
) -> None:
    clients.add(onion, "siti")
    (folder / name).write_bytes(text)
    (folder / name).chmod(0o600)
    found = says(onion)
    assert sentence in found and found.isprintable()
    for act in (lambda: clients.add(onion, "irban"), lambda: clients.revoke(onion, "siti")):
        with pytest.raises(ClientsDamagedError):
            act()
    assert not (folder / "irban.auth").exists()
    assert clients.repair(onion) == [name]
    assert check_clients(onion) == []


def test_links_folders_and_pipes_are_no_clients(onion: Path, folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(GOOD)
    elsewhere.chmod(0o644)
    (folder / "a.auth").symlink_to(elsewhere)
    (folder / "b.auth").mkdir()
    os.mkfifo(folder / "c.auth", 0o600)
    (folder / "d.auth").symlink_to(tmp_path / "nowhere")
    assert len(check_clients(onion)) == 4
    assert sorted(clients.repair(onion)) == ["a.auth", "b.auth", "c.auth", "d.auth"]
    assert (elsewhere.read_bytes(), stat.S_IMODE(elsewhere.stat().st_mode)) == (GOOD, 0o644)


def test_a_hard_link_gives_nothing_away(onion: Path, folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(GOOD)
    elsewhere.chmod(0o644)
    (folder / "a.auth").hardlink_to(elsewhere)
    assert clients.repair(onion) == ["a.auth"]
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


def test_one_key_for_two_is_found(onion: Path, folder: Path) -> None:
    clients.add(onion, "budi")
    (folder / "siti.auth").write_bytes((folder / "budi.auth").read_bytes())
    (folder / "siti.auth").chmod(0o600)
    assert "siti.auth: Somebody else has the same key" in says(onion)


def test_a_mode_that_keeps_tor_out_or_lets_others_in(onion: Path, folder: Path) -> None:
    clients.add(onion, "budi")
    for mode in (0o644, 0o000, 0o200):
        (folder / "budi.auth").chmod(mode)
        assert "mode 0600" in says(onion)
    assert clients.repair(onion) == []
    folder.chmod(0o755)
    assert "mode 0700" in says(onion)
    assert clients.repair(onion) == []
    assert check_clients(onion) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_belong_to_tors_user(onion: Path, folder: Path) -> None:
    clients.add(onion, "budi")
    for path in (onion, folder, folder / "nobody.auth"):
        os.chown(path, SOMEBODY_ELSE, SOMEBODY_ELSE)
    assert "budi.auth: It must belong to tor's user" in says(onion)
    assert clients.repair(onion) == []
    clients.add(onion, "siti")
    assert {path.stat().st_uid for path in folder.iterdir()} == {SOMEBODY_ELSE}
    os.chown(folder, 0, 0)
    assert "authorized_clients must belong" in says(onion)


def test_without_the_sentinel_it_is_not_sound_and_no_act_opens_it(onion: Path, folder: Path) -> None:
    clients.add(onion, "budi")
    (folder / "nobody.auth").unlink()
    assert "open to everybody" in says(onion)
    clients.revoke(onion, "budi")
    assert [path.name for path in folder.iterdir()] == ["nobody.auth"]
    assert check_clients(onion) == []


def test_a_sentinel_that_is_damaged_is_renewed(onion: Path, folder: Path) -> None:
    (folder / "nobody.auth").write_bytes(b"")
    assert clients.repair(onion) == ["nobody.auth"]
    assert check_clients(onion) == []


def test_a_folder_that_is_not_there_is_no_empty_one(tmp_path: Path) -> None:
    for act in (check_clients, clients.listed, clients.repair, clients.last_revocation):
        with pytest.raises(NoOnionError):
            act(tmp_path)
    (tmp_path / "authorized_clients").symlink_to(tmp_path)
    with pytest.raises(NoOnionError):
        check_clients(tmp_path)


def test_the_folder_tells_of_revocations_only(onion: Path) -> None:
    assert clients.last_revocation(onion) == 0
    clients.add(onion, "budi")
    clients.add(onion, "siti")
    assert clients.last_revocation(onion) == 0
    clients.revoke(onion, "budi")
    revoked = clients.last_revocation(onion)
    assert revoked > 0
    clients.add(onion, "budi")
    assert clients.last_revocation(onion) == revoked
    clients.forget_revocations(onion)
    assert clients.last_revocation(onion) == 0


def test_a_full_disk_leaves_no_half_client(
    onion: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            clients.add(onion, "budi")
    assert [path.name for path in folder.iterdir()] == ["nobody.auth"]
    assert [path.name for path in onion.iterdir()] == ["authorized_clients"]
