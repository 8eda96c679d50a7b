"""`peluit tor` and `peluit init --tor` as an operator types them; the addresses are a real tor's."""

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hardening.deploy.tor.torrc import NAMES, Onion, whole
from hardening.deploy.tor.verify import verify
from peluit.demo_office import DemoOffice
from peluit.reporter_pages import place
from peluit.tor import clients
from peluit.tor.addresses import address
from peluit.tor.authorized import check_clients
from peluit.tor.place import DEBIAN, RUN, SOCKETS, Place
from store.layout import Layout
from tests.e2e.browsers import until
from tests.noscript.test_own_user import OTHERS
from tests.peluit.running import PELUIT, refusal, run
from tests.privacy.ledger import LEDGER

# Nobody's in /etc/passwd.
SOMEBODY_ELSE = 61_003
_PRIVATE = re.compile(r"^ {4}([A-Z2-7]{52})$", re.MULTILINE)


def said(*line: object) -> str:
    """What a command says that does its work."""
    done = run(PELUIT, "tor", *line)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_setup_leaves_nothing_open(office: Place, tmp_path: Path) -> None:
    assert verify(office.torrc) == []
    assert check_clients(office.onion("reviewers")) == []
    folders = [path for path in (office.onions, *office.onions.rglob("*")) if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    assert f"unix:{tmp_path}/run/peluit-journalist/socket" in office.torrc.read_text()


def test_setup_again_keeps_what_is_there(office: Place, start: Callable[[], None]) -> None:
    start()
    before = [address(office, name) for name in NAMES]
    said("client", "add", "budi", "--tor", office.onions)
    said("setup", "--to", office.onions)
    assert [address(office, name) for name in NAMES] == before
    assert [client.name for client in clients.listed(office.onion("reviewers"))] == ["budi"]


def test_setup_without_the_door(tmp_path: Path) -> None:
    said("setup", "--to", tmp_path / "tor", "--without-noscript")
    assert "noscript" not in (tmp_path / "tor" / "torrc").read_text()
    assert not (tmp_path / "tor" / "noscript").exists()


def test_setup_where_tor_could_not_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "with space"
    assert "choose one" in refusal("tor", "setup", "--to", folder)
    assert list(folder.glob("torrc")) == []


def test_addresses_are_tors_and_the_pages_lead_there(
    office: Place, start: Callable[[], None], demo_office: DemoOffice
) -> None:
    assert "Start it first" in refusal("tor", "addresses", "--tor", office.onions)
    start()
    layout = Layout(demo_office.server)
    told = said("addresses", "--tor", office.onions, "--folder", layout.root)
    page = (layout.pages / "id" / "index.html").read_text("utf-8")
    place(layout)  # the demo office is other tests' too
    for name in NAMES:
        onion = (office.onion(name) / "hostname").read_text().strip()
        assert re.search(rf"^http://{onion}/  ", told, re.MULTILINE)
        assert page.count(onion) == (1 if name == "noscript" else 0)


def test_a_key_is_shown_once_and_the_list_shows_none(office: Place, start: Callable[[], None]) -> None:
    before = said("client", "add", "budi", "--tor", office.onions)
    assert "The address is not there yet" in before
    start()
    told = said("client", "add", "siti", "--tor", office.onions)
    (private,) = _PRIVATE.findall(told)
    onion = address(office, "reviewers").removesuffix(".onion")
    assert f"    {onion}:descriptor:x25519:{private}\n" in told
    listed = said("client", "list", "--tor", office.onions)
    assert re.fullmatch(r"budi  since \d{4}-\d\d-\d\d\nsiti  since \d{4}-\d\d-\d\d\n", listed)
    for path in office.onions.rglob("*"):
        assert not path.is_file() or private.encode() not in path.read_bytes()


def test_revoking_says_that_a_restart_is_due(office: Place) -> None:
    said("client", "add", "budi", "--tor", office.onions)
    told = said("client", "revoke", "budi", "--tor", office.onions)
    assert "started anew" in told and f"tor --defaults-torrc /dev/null -f {office.torrc}" in told
    assert "Nobody has a key" in said("client", "list", "--tor", office.onions)


def test_where_there_is_no_systemd_it_says_what_to_type(office: Place) -> None:
    said("client", "add", "budi", "--tor", office.onions)
    assert "run by systemd" in refusal("tor", "client", "revoke", "budi", "--restart", "--tor", office.onions)
    assert clients.listed(office.onion("reviewers")) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "nobody", "bu di", "\x1b[31m", "-"])
def test_names_that_are_none(office: Place, name: str) -> None:
    for act in ("add", "revoke"):
        sentence = refusal("tor", "client", act, "--tor", office.onions, "--", name)
        assert "is no name" in sentence and sentence.isprintable()


def test_what_is_damaged_is_named_and_repaired(office: Place) -> None:
    (office.onion("reviewers") / "authorized_clients" / "budi.auth").write_text("oops")
    assert "peluit tor client repair" in refusal("tor", "client", "add", "siti", "--tor", office.onions)
    assert "Removed: budi.auth" in said("client", "repair", "--tor", office.onions)
    said("client", "add", "siti", "--tor", office.onions)


def test_before_setup(tmp_path: Path) -> None:
    for line in (("client", "list"), ("client", "add", "budi"), ("addresses",)):
        assert "Set it up first" in refusal("tor", *line, "--tor", tmp_path)


def test_init_sets_up_both(tmp_path: Path, demo_office: DemoOffice) -> None:
    bundle = next(demo_office.stick.glob("peluit-out-*-1.tar"))
    line = ("init", "--folder", tmp_path / "server", "--bundle", bundle, "--tor", "--to", tmp_path / "tor")
    done = run(PELUIT, *line, typed="yes\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert Layout(tmp_path / "server").site.is_file()
    assert verify(tmp_path / "tor" / "torrc") == []
    assert check_clients(tmp_path / "tor" / "reviewers") == []


@pytest.mark.skipif(not OTHERS, reason="needs root, setpriv, and a Python that other users may read")
def test_root_writes_the_pages_as_their_owner(
    office: Place, start: Callable[[], None], demo_office: DemoOffice, tmp_path: Path
) -> None:
    start()
    copied = Layout(shutil.copytree(demo_office.server, tmp_path / "server"))
    for path in (copied.root, *copied.root.rglob("*")):
        os.chown(path, SOMEBODY_ELSE, SOMEBODY_ELSE)
    for outer in (tmp_path, *tmp_path.parents[:2]):
        outer.chmod(0o711)
    line = [PELUIT, "tor", "addresses", "--tor", str(office.onions), "--folder", str(copied.root)]
    done = subprocess.run(line, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert address(office, "noscript") in (copied.pages / "id" / "index.html").read_text("utf-8")
    assert {path.stat().st_uid for path in copied.pages.rglob("*")} == {SOMEBODY_ELSE}


def test_what_tor_leaves_is_in_the_ledger(office: Place, start: Callable[[], None]) -> None:
    said("client", "add", "budi", "--tor", office.onions)
    start()
    services = {
        f"{name}/{file}"
        for name in NAMES
        for file in ("hs_ed25519_secret_key", "hs_ed25519_public_key", "hostname")
    }
    files = {
        path.relative_to(office.onions).as_posix() for path in office.onions.rglob("*") if path.is_file()
    }
    assert files == {
        *services,
        *("reviewers/authorized_clients/budi.auth", "reviewers/authorized_clients/nobody.auth"),
        *("torrc", "tor.pid", "data/lock", "data/state"),
    }
    ledger = LEDGER.read_text("utf-8")
    assert all(Path(path).name.replace("budi", "NAME") in ledger for path in files - {"torrc", "tor.pid"})


def test_tor_says_nothing_and_no_time_finer_than_a_day(office: Place, tmp_path: Path) -> None:
    more, torrc = tmp_path / "more", tmp_path / "torrc"
    torrc.write_text(f"{office.torrc.read_text()}Log notice file {more}\n")
    line = ["tor", "--defaults-torrc", os.devnull, "-f", str(torrc), "--DisableNetwork", "1"]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "TZ": "UTC"}
    ) as process:
        assert until(lambda: more.exists() and "Bootstrapped" in more.read_text())
        process.terminate()
        heard = process.communicate()[0]
    # before its configuration counts: its version, what it is not for, where it reads, the last option
    assert [bool(re.search(r"\[notice\]", said)) for said in heard.splitlines()] == [True] * 4
    # what it would say from then on, had somebody asked for it
    spoken = re.search(r"^.*Bootstrapped(?s:.*)", more.read_text(), re.MULTILINE)
    assert spoken and all(re.match(r"\w{3} \d\d 00:00:00\.000 ", said) for said in spoken[0].splitlines())


def test_it_fits_what_debians_unit_reads_first(tmp_path: Path) -> None:
    assert DEBIAN.defaults
    unit = DEBIAN.defaults.read_text("utf-8")
    assert "\nUser _tor-@@NAME@@\n" in unit and "DataDirectory /var/lib/tor-instances/@@NAME@@" in unit
    # the instance's user is made with the instance, and tor would miss it here
    (tmp_path / "defaults").write_text(unit.replace("User _tor-@@NAME@@", ""))
    onions = [Onion(name, DEBIAN.onion(name), RUN / SOCKETS[name]) for name in NAMES]
    (tmp_path / "torrc").write_text(whole(DEBIAN.data, DEBIAN.pid, onions))
    with replace(DEBIAN, defaults=tmp_path / "defaults").filled_defaults() as defaults:
        assert defaults and "@@" not in defaults.read_text()
        assert verify(tmp_path / "torrc", defaults) == []
