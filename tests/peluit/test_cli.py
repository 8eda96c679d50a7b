"""`peluit`: what it says when a command cannot be carried out."""

import os
import pty
import re
import signal
from pathlib import Path

import pytest

from crypto.fields import OfficeId
from peluit.demo_office import DemoOffice
from store.layout import Layout
from store.staff import open_staff
from store.staff.account import SERVER
from tests.peluit.running import PELUIT, as_a_person, refusal, run


def test_help_names_every_command() -> None:
    done = run(PELUIT, "--help")
    assert done.returncode == 0
    for command in (
        "station",
        "init",
        "invite",
        "serve",
        "publish-board",
        "tidy",
        "audit",
        "sealing-page",
        "demo",
        "demo-code",
    ):
        assert command in done.stdout


@pytest.mark.parametrize(
    "words", [[], ["nonsense"], ["serve", "other"], ["init"], ["invite", "--folder", "x"]]
)
def test_wrong_usage(words: list[str]) -> None:
    done = run(PELUIT, *words)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: peluit")


def test_station_is_passed_on() -> None:
    done = run(PELUIT, "station", "cases", "--folder", "/nonexistent", "--lang", "en")
    assert (done.returncode, done.stderr) == (
        1,
        "There is no station in /nonexistent. Make one with: peluit station init\n",
    )


def test_serving_and_inviting_need_a_server(tmp_path: Path) -> None:
    place = ["--folder", tmp_path]
    assert "holds no server's data" in refusal("serve", "source", *place, "--bind", "127.0.0.1:1")
    assert "holds no server's data" in refusal("invite", *place, "--office", "kota-contoh", "irban")
    assert "no demo office" in refusal("demo-code", *place)


def test_invitations_from_the_shell(demo_office: DemoOffice) -> None:
    line = [PELUIT, "invite", "--folder", str(demo_office.server)]
    here = ["--office", "kota-contoh"]
    for words in ([*here, "ani"], [*here, "ani"], [*here, "--role", "monitor", "mona"], ["opi"]):
        done = run(*line, *words)
        assert done.returncode == 0, done.stderr
        assert re.search(r"\n    ([0-9a-z]{4}-){3}[0-9a-z]{4}\n", done.stdout)
    assert "no such office" in refusal(*line[1:], "--office", "nowhere", "ani")
    assert refusal(*line[1:], *here, "No Name")
    staff = open_staff(Layout(demo_office.server))
    listed = {person.name: person.role for person in staff.people.listed(OfficeId("kota-contoh"))}
    assert listed == listed | {"ani": "administrator", "mona": "monitor", "inspektur": "reviewer"}
    assert [person.name for person in staff.people.listed(SERVER)] == ["opi"]
    staff.close()


def test_ctrl_c_at_a_question(demo_office: DemoOffice, tmp_path: Path) -> None:
    bundle = next(demo_office.stick.glob("peluit-out-*-1.tar"))
    pid, terminal = pty.fork()
    if pid == 0:
        line = [PELUIT, "init", "--folder", str(tmp_path / "server"), "--bundle", str(bundle)]
        as_a_person()
        os.execv(PELUIT, line)
    screen = _read_until(terminal, b"Type yes: ")
    os.kill(pid, signal.SIGINT)
    screen += _read_until(terminal, b"anew.")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    os.close(terminal)
    assert b"Traceback" not in screen


def _read_until(terminal: int, words: bytes) -> bytes:
    screen = b""
    while words not in screen:
        screen += os.read(terminal, 1_000)
    return screen
