"""The installer on a computer without a network: the first time, again, after a break; what it refuses."""

import json
import re
from pathlib import Path

import pytest

from tests.station_bundle.stick import PYTHON, Computer, copy_of, write_sums

PASSPHRASES = {"office": "kunci induk yang cukup panjang", "irban": "sandi penelaah yang panjang"}

OPEN = """
import http.client, json, signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
line = [sys.argv[1], "station", "open", "--no-browser", "--json"]
page = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
address = json.loads("".join(page.stdout.readline() for _line in range(3)))["address"]
port, path = address.removeprefix("http://127.0.0.1:").split("/", 1)
statuses = []
for _time in range(2):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
    connection.request("GET", "/" + path)
    statuses.append(connection.getresponse().status)
page.send_signal(signal.SIGINT)
print(json.dumps([statuses, page.wait()]))
"""


@pytest.fixture(scope="module")
def installed(printed: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Computer:
    """A computer with the program; the tests below change it one after another."""
    computer = Computer(tmp_path_factory.mktemp("computer"))
    done = computer.install(printed[0])
    assert (done.returncode, done.stderr) == (0, "")
    assert "Terpasang di" in done.stdout
    assert f"Installed in {computer.home}/.local/share/peluit." in done.stdout
    assert printed[1].split()[-1] in done.stdout
    return computer


@pytest.fixture(scope="module")
def digits(installed: Computer) -> str:
    """The fingerprint that the key ceremony on it has shown."""
    names = ["--name-id", "Inspektorat Kota", "--name-en", "City Inspectorate", "--epochs", "1"]
    line = ["init", "--office", "kota", *names, "--reviewer", "irban=Irban/Assistant", "--to", installed.home]
    for owner, passphrase in PASSPHRASES.items():
        (installed.home / owner).write_text(passphrase + "\n")
        line += ["--passphrase-file", f"{owner}={installed.home / owner}"]
    done = installed.run(installed.peluit, "station", *line, "--json")
    assert done.returncode == 0, done.stderr
    return " ".join(json.loads(done.stdout)["digits"])


def data(computer: Computer) -> dict[str, bytes]:
    """What the station keeps."""
    folder = computer.home / "peluit-station"
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_there_is_no_network_and_no_privilege(computer: Computer) -> None:
    lines = computer.run("cat", "/proc/net/dev").stdout.splitlines()[2:]
    assert [line.split(":")[0].strip() for line in lines] == ["lo"]
    assert computer.run("cat", "/proc/net/route").stdout.splitlines()[1:] == []
    assert computer.run("id", "-u").stdout == "1000\n"
    assert "CapEff:\t0000000000000000" in computer.run("cat", "/proc/self/status").stdout


def test_ceremony_fingerprint_and_page(installed: Computer, digits: str) -> None:
    shown = installed.run(installed.peluit, "station", "--lang", "id", "fingerprint")
    assert digits in shown.stdout
    assert "Sidik kunci" in shown.stdout  # the compiled catalogue came along
    opened = installed.run(installed.program / "bin" / "python", "-c", OPEN, installed.peluit)
    assert opened.returncode == 0, opened.stderr
    assert json.loads(opened.stdout) == [[303, 403], 0]


def test_what_is_not_for_a_station_says_so(installed: Computer) -> None:
    done = installed.run(installed.peluit, "publish-board", "/nonexistent")
    assert done.returncode == 1
    assert re.match(r"peluit: peluit\.\w+ is not installed here\.", done.stderr)


def test_again_changes_nothing(installed: Computer, bundle: Path) -> None:
    before = (installed.files(), (installed.program / "complete").stat().st_mtime_ns)
    assert installed.install(bundle).returncode == 0
    assert (installed.files(), (installed.program / "complete").stat().st_mtime_ns) == before


@pytest.mark.usefixtures("digits")
def test_an_upgrade_that_is_cut_off_and_then_repeated(installed: Computer, bundle: Path) -> None:
    newer = copy_of(bundle, installed.home.parent / "newer")
    (newer / "README.txt").write_text("baru")
    write_sums(newer)
    old, kept = installed.program, data(installed)
    # Python makes half an environment, and then the power goes.
    half = 'case "$*" in *"-m venv"*) mkdir -p "$5/bin"; kill -TERM $PPID;; esac'
    installed.tool(PYTHON, half)
    assert installed.install(newer).returncode == 130
    (installed.tools / PYTHON).unlink()
    assert installed.program == old
    assert installed.run(installed.peluit, "station", "fingerprint").returncode == 0
    done = installed.install(newer)
    assert (done.returncode, done.stderr) == (0, "")
    assert installed.program != old
    assert not old.exists()
    assert installed.run(installed.peluit, "station", "fingerprint").returncode == 0
    assert data(installed) == kept
    # and what it says about removing it leaves the data alone
    (removal,) = re.findall(r"To remove it: (.*)", done.stdout)
    assert installed.run(*removal.split()).returncode == 0
    assert not any("peluit/" in path or path.endswith("bin/peluit") for path in installed.files())
    assert data(installed) == kept


def test_another_python(computer: Computer, bundle: Path) -> None:
    for name in ("python3", PYTHON):
        computer.tool(name, "exit 1")
    done = computer.install(bundle)
    assert done.returncode == 1
    indonesian, english = done.stderr.splitlines()
    assert "tidak ada. Pasang paket Debian python3 " in indonesian
    assert "is missing. Install Debian's package python3 " in english
    assert computer.files() == []


def test_what_belongs_to_others_is_left_alone(computer: Computer, bundle: Path) -> None:
    vault = computer.home / "peluit-station"
    vault.mkdir()
    (vault / "station.json").write_text("{}")
    before = computer.files()
    for folder in (vault, "peluit-station"):
        done = computer.install(bundle, "--to", folder)
        assert done.returncode == 1
        assert f"The folder {vault} holds other things." in done.stderr
    assert computer.files() == before
    computer.peluit.parent.mkdir(parents=True)
    computer.peluit.write_text("another program")
    before = computer.files()
    done = computer.install(bundle)
    assert done.returncode == 1
    assert "is another program's." in done.stderr
    assert computer.files() == before
    assert computer.peluit.read_text() == "another program"


def test_wrong_use(computer: Computer, bundle: Path) -> None:
    for words in (["--to"], ["--nonsense"]):
        assert computer.install(bundle, *words).returncode == 2
    for words, sentence in ((["--viewers"], "Only root can install Debian's packages"),):
        done = computer.install(bundle, *words)
        assert done.returncode == 1
        assert sentence in done.stderr
    assert computer.files() == []
