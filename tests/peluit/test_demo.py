"""`make run`: it starts, stops and starts again, and says in a sentence what is in its way."""

import json
import shutil
import signal
from itertools import combinations
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from crypto import canonical, signed
from crypto.constants import SIGNATURE_SIZE
from peluit.demo_office import DemoOffice
from tests.e2e.browsers import until
from tests.peluit.running import APPS, PELUIT, Demo, make, ports, refusal, run, taken_port
from workstation import identity

REPORTERS = "Reporters"
END = "Ctrl-C stops everything."


@pytest.fixture
def office(demo_office: DemoOffice, tmp_path: Path) -> Path:
    """A demo folder of the test's own, made before."""
    return Path(shutil.copytree(demo_office.folder, tmp_path / "demo"))


def test_it_is_made_started_stopped_and_started_again(tmp_path: Path) -> None:
    folder = tmp_path / "a demo" / "of mine"
    demo = Demo(folder, END)
    for word in ("Making the demo office", REPORTERS, "Reviewers", "passphrase", "six digits", "Root key"):
        assert word in demo.said
    assert f"rm -r '{folder}'" in demo.said
    assert demo.listens() == [True, True, True]
    assert demo.end() == (0, "\nStopped. The data stays; a second `make run` goes on with it.\n", "")
    assert demo.listens() == [False, False, False]
    account = (folder / "sign-in.json").read_bytes()
    assert not (folder / "unfinished").exists()
    again = Demo(folder, END)
    assert "Making" not in again.said
    assert json.loads(account)["passphrase"] in again.said
    assert again.end(signal.SIGTERM)[0] == 0
    assert (folder / "sign-in.json").read_bytes() == account


def test_the_page_leads_to_the_door_without_scripts(office: Path) -> None:
    demo = Demo(office, END)
    door = f"http://127.0.0.1:{demo.ports['noscript']}/"
    assert door in demo.said and "there the server sees a report" in demo.said
    page = urlopen(f"http://127.0.0.1:{demo.ports['source']}/en/").read().decode()
    assert page.count(f'<a href="{door}en/">To the door without scripts</a>') == 1
    assert "Here the server sees your text" in urlopen(f"{door}en/").read().decode()
    demo.end()
    # Off with one setting; the page that was made before then leads nowhere.
    demo = Demo(office, END, "noscript")
    assert demo.listens() == [True, True, False]
    assert "works without scripts" not in demo.said
    page = urlopen(f"http://127.0.0.1:{demo.ports['source']}/en/").read().decode()
    assert "To the door without scripts" not in page
    demo.end()


def test_a_closed_terminal_stops_all(office: Path) -> None:
    demo = Demo(office, END)
    assert demo.end(signal.SIGHUP)[0] == 0
    assert demo.listens() == [False, False, False]


def test_the_commands_that_it_prints_work_as_they_stand(office: Path) -> None:
    demo = Demo(office, END)
    demo.end()
    printed = demo.said[demo.said.index("station()") : demo.said.index("station import")]
    shell = run("sh", "-c", f"{printed}\nstation cases --lang en && station bundle --to '{office}/stick'")
    assert shell.returncode == 0, shell.stderr
    assert "There is no case" in shell.stdout
    (digits,) = [line for line in demo.said.splitlines() if "new digits" in line]
    code = run("sh", "-c", digits.replace("new digits", ""))
    assert len(code.stdout.strip()) == 6, code.stderr


def test_a_server_that_is_killed_ends_the_others_with_a_sentence(office: Path) -> None:
    demo = Demo(office, END)
    servers = psutil.Process(demo.process.pid).children()
    assert len(servers) == 3
    servers[0].kill()
    code, _, errors = demo.wait()
    assert code == 1
    assert errors.startswith("peluit: The source app stopped by itself (exit code -9)")
    assert demo.listens()[1:] == [False, False]


def test_when_it_is_killed_itself_no_port_stays_taken(office: Path) -> None:
    demo = Demo(office, END)
    demo.process.kill()
    assert demo.wait()[0] == -signal.SIGKILL
    assert until(lambda: demo.listens() == [False, False, False])


def test_a_making_that_was_cut_off_is_begun_anew(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "demo", "Making")
    demo.process.kill()
    demo.process.communicate()
    assert not (tmp_path / "demo" / "sign-in.json").exists()
    demo = Demo(tmp_path / "demo", END)
    assert demo.end()[0] == 0


def test_ctrl_c_while_it_is_made(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "demo", "Making")
    code, _, errors = demo.end()
    assert code == 130
    assert errors == "\npeluit: Interrupted before the end. Repeat the command to begin anew.\n"


def test_what_it_did_not_make_it_does_not_touch(tmp_path: Path) -> None:
    mine = tmp_path / "server" / "mine"
    mine.parent.mkdir()
    mine.write_text("precious")
    said = refusal("demo", "--folder", tmp_path, *_ports())
    assert "holds other things" in said
    assert mine.read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["server"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("closed/demo", "you may not"),
        ("file", "not a directory"),
        ("file/demo", "not a directory"),
    ],
)
def test_a_folder_that_cannot_be_used(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    (tmp_path / "file").write_text("")
    said = refusal("demo", "--folder", tmp_path / name, *_ports())
    assert str(tmp_path / name) in said
    assert "PELUIT_DEMO=/path" in said


def test_a_demo_that_others_closed(office: Path) -> None:
    (office / "server" / "public" / "pages").chmod(0o500)
    (office / "server" / "public" / "pages" / "assets").chmod(0o500)
    assert "cannot be used" in refusal("demo", "--folder", office, *_ports())


@pytest.mark.parametrize("broken", ["{", "[]", '{"totp": "x"}'])
def test_a_damaged_demo(office: Path, broken: str) -> None:
    (office / "sign-in.json").write_text(broken)
    assert "damaged" in refusal("demo", "--folder", office, *_ports())
    assert "damaged" in refusal("demo-code", "--folder", office)


def test_a_demo_without_its_server(office: Path) -> None:
    shutil.rmtree(office / "server")
    assert "damaged" in refusal("demo", "--folder", office, *_ports())


def test_a_demo_of_an_earlier_version(office: Path) -> None:
    """Its directory has a good signature, but no forms."""
    directory = office / "station" / "directories" / "1"
    passphrase = (office / "passphrases" / "office").read_text("utf-8")
    root = identity.open_office((office / "station" / "office.key").read_bytes(), passphrase).root
    body = canonical.parse(directory.read_bytes()[SIGNATURE_SIZE:])
    assert isinstance(body, dict)
    del body["forms"]
    directory.write_bytes(signed.sign(body, "directory", root))
    assert "earlier Peluit. Remove that folder" in refusal("demo", "--folder", office, *_ports())
    directory.write_bytes(bytes(SIGNATURE_SIZE) + canonical.dump(body))
    assert "damaged" in refusal("demo", "--folder", office, *_ports())
    directory.unlink()
    assert "damaged" in refusal("demo", "--folder", office, *_ports())


@pytest.mark.parametrize("app", ["source", "journalist", "noscript"])
def test_a_taken_port(office: Path, app: str) -> None:
    with taken_port() as port:
        said = refusal("demo", "--folder", office, *_ports(), f"--{app}-port", port)
    assert f"Port {port}" in said
    assert f"make run {app.upper()}_PORT=" in said


def test_one_port_for_two(office: Path) -> None:
    port = ports()[0]
    for one, two in combinations(APPS, 2):
        said = refusal("demo", "--folder", office, *_ports(), f"--{one}-port", port, f"--{two}-port", port)
        assert f"port {port}" in said


@pytest.mark.parametrize("port", ["0", "65536", "-1", "many", "٨٠٨٠"])
def test_no_port(tmp_path: Path, port: str) -> None:
    done = run(PELUIT, "demo", f"--source-port={port}")
    assert done.returncode == 2
    assert "is no port" in done.stderr


def test_make_passes_the_folder_and_the_ports_on(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    with taken_port() as port:
        done = make("run", f"SOURCE_PORT={port}", f"PELUIT_DEMO={tmp_path}")
        assert f"Port {port}" in done.stderr
        done = make("run", f"SOURCE_PORT={ports()[0]}", f"NOSCRIPT_PORT={port}", f"PELUIT_DEMO={tmp_path}")
        assert f"Port {port}" in done.stderr
    free = [f"{app.upper()}_PORT={port}" for app, port in zip(APPS, ports(), strict=True)]
    done = make("run", *free, f"PELUIT_DEMO={tmp_path}")
    assert f"{tmp_path} holds other things" in done.stderr
    assert done.returncode != 0


def _ports() -> list[str]:
    each = zip(APPS, ports(), strict=True)
    return [word for app, port in each for word in (f"--{app}-port", port)]
