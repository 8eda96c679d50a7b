"""All programs of a server, each as a system user of its own, as `peluit host install` sets them up."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pyotp

from crypto.binding import b64
from crypto.blob import BlobId
from hardening.deploy.host.ownership import INBOX, JOURNALIST, MEMBERS, NOSCRIPT, SHARED, SOURCE, apply
from hardening.logs import OURS
from store.layout import Layout
from store.staff import open_staff
from tests.e2e.browsers import until
from tests.e2e.office import free_port
from tests.source_app import sealed
from tests.store.installation import CHANNEL, OFFICE, OTHER, install

ROOT: Final = Path(__file__).parents[2]

# Nobody's in /etc/passwd.
USERS: Final = {"root": 0, SOURCE: 61_001, NOSCRIPT: 61_002, JOURNALIST: 61_003, INBOX: 61_004}
GROUPS: Final = USERS | {SHARED: 61_005}
_PASSPHRASE: Final = "gajah-terbang-melintasi-sungai-sepi"
_TRY: Final = """
import json, os, sys
def tried(how, path):
    try:
        {"read": lambda: open(path, "rb").close(), "list": lambda: os.listdir(path),
         "write": lambda: open(path, "r+b").close(), "stat": lambda: os.stat(path)}[how]()
    except PermissionError:
        return False
    return True
print(json.dumps([tried(how, path) for how, path in json.loads(sys.argv[1])]))
"""
_PELUIT: Final = "import sys; from peluit.cli import main; sys.exit(main())"
# `peluit serve` starts Python anew.
_AGAIN: Final = (
    "import os, sys; os.execv(sys.executable, [sys.executable, '-c', 'import gunicorn, peluit.cli'])"
)


def as_user(user: str) -> list[str]:
    """What a command line begins with to run as one of the users, in the groups that it is in; needs root."""
    groups = [GROUPS[group] for group, members in MEMBERS.items() if user in members]
    several = f"--groups={','.join(map(str, groups))}" if groups else "--clear-groups"
    return ["setpriv", f"--reuid={USERS[user]}", f"--regid={GROUPS[user]}", several, "--"]


def readable_python(folder: Path) -> Path:
    """A Python with this one's packages that other users may run: root's own may lie in root's home.

    An environment as `venv` makes it, with Debian's Python of the same version if this one will not do. Where
    others may not enter the checkout either, it gets the packages' files by second names.
    """
    packages = Path(sysconfig.get_path("purelib"))
    for interpreter in (Path(sys.executable), Path("/usr/bin", f"python3.{sys.version_info.minor}")):
        made = folder / interpreter.name
        (made / "bin").mkdir(parents=True)
        python = made / "bin" / "python"
        python.symlink_to(interpreter.resolve())
        (made / "pyvenv.cfg").write_text(f"home = {interpreter.resolve().parent}\n")
        within = made / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
        if may(SOURCE, ("list", packages)) == [True]:
            within.mkdir(parents=True)
            (within / "peluit.pth").write_text(f"import site; site.addsitedir({str(packages)!r})\n")
        else:
            _linked(packages, within)
            for package in OURS:
                _linked(ROOT / package, within / package)
        line = [*as_user(SOURCE), str(python), "-c", _AGAIN]
        if subprocess.run(line, capture_output=True, cwd="/", check=False).returncode == 0:
            return python
    raise AssertionError("no Python here that other users than root may run")


def _linked(folder: Path, to: Path) -> None:
    """The same files under another name; those of another disk copied."""
    hidden = shutil.ignore_patterns("node_modules", "__pycache__", "*.pth", "__editable__*")
    shutil.copytree(folder, to, ignore=hidden, copy_function=_link)


def _link(path: str, to: str) -> None:
    try:
        os.link(path, to)
    except OSError:
        shutil.copy2(path, to)


def may(user: str, *tries: tuple[str, Path]) -> list[bool]:
    """Whether a user may do each of these: "read", "write", "list" or "stat" a path."""
    asked = json.dumps([(how, str(path)) for how, path in tries])
    line = [*as_user(user), "/usr/bin/python3", "-I", "-c", _TRY, asked]
    found: list[bool] = json.loads(subprocess.run(line, capture_output=True, check=True, cwd="/").stdout)
    return found


@dataclass
class Programs:
    """What runs. `log` holds all that it said, `secret` the reviewer's second factor."""

    layout: Layout
    secret: str
    python: Path
    tmp: Path
    run: Path
    log: Path
    source: int = field(default_factory=free_port)
    noscript: int = field(default_factory=free_port)
    journalist: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def socket(self) -> Path:
        return self.run / "socket"

    def start(self, user: str, app: str, bind: str, *told: str, **more: str) -> None:
        environment = os.environ | {"TMPDIR": str(self.tmp)} | more
        line = [*as_user(user), str(self.python), "-c", _PELUIT, "serve", app, "--bind", bind, *told]
        with self.log.open("ab") as output:
            self.running[app] = subprocess.Popen(line, stdout=output, stderr=output, env=environment, cwd="/")

    def start_broker(self) -> None:
        folder = "--folder", str(self.layout.root)
        self.start(INBOX, "inbox", f"unix:{self.socket}", *folder, "--peer", str(USERS[SOURCE]))
        assert until(lambda: self.running["inbox"].poll() is not None or listens(self.socket))
        assert self.running["inbox"].poll() is None, self.log.read_text()

    def start_apps(self) -> None:
        folder, local = ("--folder", str(self.layout.root)), "127.0.0.1"
        self.start(SOURCE, "source", f"{local}:{self.source}", *folder, PELUIT_INBOX=f"unix:{self.socket}")
        self.start(JOURNALIST, "journalist", f"{local}:{self.journalist}", *folder)
        self.start(NOSCRIPT, "noscript", f"{local}:{self.noscript}", "--source", f"{local}:{self.source}")
        for port in (self.source, self.journalist, self.noscript):
            assert until(lambda port=port: self._dead() or answers(port)), self.log.read_text()
        assert not self._dead(), self.log.read_text()

    def stop(self, *apps: str) -> None:
        """Ends these programs, or all."""
        for app in apps or tuple(self.running):
            process = self.running.pop(app)
            process.send_signal(signal.SIGTERM)
            process.wait(60)

    def _dead(self) -> bool:
        return any(process.poll() is not None for process in self.running.values())


def listens(path: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        return True
    return False


def answers(port: int) -> bool:
    with suppress(OSError):
        return ask(port, "GET", "/")[0] < 500
    return False


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    """Status and body of an answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    kind = {"Content-Type": "application/octet-stream"} if body else {}
    try:
        connection.request(method, path, body or None, kind | headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@dataclass
class Reporter:
    port: int

    def send(self, deletion: bytes = sealed.DELETION) -> tuple[int, bytes]:
        """Sends an item; status and what was sent."""
        item = sealed.item()
        return ask(self.port, "POST", f"/api/item/{OFFICE}/{CHANNEL}", deletion + item)[0], item

    def upload(self, padded: int) -> BlobId:
        """A blob, complete."""
        blob = sealed.new_blob()
        asked = json.dumps({"blob": b64(blob), "office": OFFICE, "size": padded}).encode()
        _, told = ask(self.port, "POST", "/api/ticket", asked, **{"Content-Type": "application/json"})
        address, bearer = f"/api/blob/{OFFICE}/{blob.hex()}/{padded}", json.loads(told)["ticket"]
        for first, data in sealed.runs(blob, padded):
            status, told = ask(self.port, "PUT", f"{address}/{first}", data, **{"Peluit-Ticket": bearer})
            assert status < 300, told
        status, told = ask(self.port, "POST", f"{address}/done", sealed.DELETION, **{"Peluit-Ticket": bearer})
        assert status < 300, told
        return blob

    def erase(self, tokens: bytes) -> int:
        """How many things were erased."""
        status, told = ask(self.port, "POST", f"/api/deletion/{OFFICE}", tokens)
        assert status == 200, told
        return int(json.loads(told)["erased"])


@dataclass
class Reviewer:
    """A browser."""

    port: int
    secret: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form).encode()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer, answer.read()
        finally:
            connection.close()

    def send(self, path: str, on: str, **form: str) -> str:
        """Sends a form of the page `on`; where the answer leads."""
        proof = re.search(rb'name="proof" value="([^"]*)"', self.ask("GET", on)[1])
        assert proof
        answer, body = self.ask("POST", path, form | {"proof": proof[1].decode()})
        assert answer.status == 303, body
        return str(answer.headers["Location"])

    def sign_in(self) -> None:
        code = pyotp.TOTP(self.secret).at(time.time())
        self.send("/en/sign-in", "/en/sign-in", name="rina", passphrase=_PASSPHRASE, code=code)

    def bundle(self) -> bytes:
        """A bundle of all that waits, made and downloaded."""
        ready = self.send("/en/bundles", "/en/import")
        found = re.search(rb'href="([^"]*)" download', self.ask("GET", ready)[1])
        assert found
        answer, data = self.ask("GET", found[1].decode())
        assert answer.status == 200
        return data


@contextmanager
def installed(folder: Path) -> Iterator[Programs]:
    """A server in `folder`, owned as the table says; nothing runs yet. Ends what was started.

    Other users must reach the folder: pytest's own ones are closed again whenever somebody starts it.
    """
    folder.chmod(0o711)
    layout = Layout(folder / "data")
    install(layout)
    layout.make_done((OFFICE, OTHER))
    staff = open_staff(layout)
    secret = staff.people.add("rina", OFFICE, _PASSPHRASE, "reviewer")
    staff.close()
    apply(layout.root, USERS, GROUPS)
    tmp, run = folder / "tmp", folder / "run"
    tmp.mkdir()
    tmp.chmod(0o1777)
    run.mkdir(mode=0o700)
    os.chown(run, USERS[INBOX], GROUPS[SOURCE])
    run.chmod(0o2750)
    programs = Programs(layout, secret, readable_python(folder / "python"), tmp, run, folder / "log")
    try:
        yield programs
    finally:
        programs.stop()


def denied(user: str, tries: Sequence[tuple[str, Path]]) -> list[tuple[str, Path]]:
    """Those of these tries that the system refuses the user."""
    return [each for each, allowed in zip(tries, may(user, *tries), strict=True) if not allowed]
