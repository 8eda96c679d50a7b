"""A PostgreSQL server of the tests' own: on a Unix socket, in a temporary folder, with our settings."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.e2e.office import PELUIT

DATABASE = "peluit"
ROLES = ("peluit_source", "peluit_eraser", "peluit_office")
_INSTALLED = Path("/usr/lib/postgresql")
_NEW = ("--encoding=UTF8", "--locale=C", "--no-sync")


@dataclass(frozen=True)
class Postgres:
    """A server. `data` is its folder, `log` all that it wrote."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def address(self) -> str:
        """What PELUIT_INBOX says."""
        return f"postgresql:///{DATABASE}?host={self.folder}"

    def connect(self, role: str) -> psycopg.Connection:
        """A connection as this role; "postgres" is a superuser."""
        return psycopg.connect(self.address, user=role, autocommit=True, options="-c search_path=peluit")

    def start(self) -> None:
        self._control("start", "-l", str(self.log))

    def stop(self, mode: str = "fast") -> None:
        """`immediate`: as if the power was cut."""
        self._control("stop", "-m", mode)

    def empty(self) -> None:
        """Every table as after setting up."""
        with self.connect("postgres") as connection:
            connection.execute("TRUNCATE item, body, bundle, fetched, last_bundle, doomed, slot, pending")

    def psql(self, database: str, text: str) -> None:
        arguments = ["psql", "-X", "-q", "-h", str(self.folder), "-U", "postgres", "-d", database]
        subprocess.run(arguments, input=text.encode(), check=True, stdout=subprocess.DEVNULL)

    def _control(self, verb: str, *options: str) -> None:
        run("pg_ctl", verb, "-D", str(self.data), "-w", "-s", *options)


def make() -> Postgres:
    """A new server with the schema, running."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    folder.chmod(0o711)
    server = Postgres(folder)
    run("initdb", "-D", str(server.data), "--username=postgres", "--auth=trust", *_NEW)
    (server.data / "pg_hba.conf").write_text("local all all peer map=tests\n")
    us = {getpass.getuser(), "nobody"}
    (server.data / "pg_ident.conf").write_text(
        "".join(f"tests {user} {role}\n" for user in us for role in ("postgres", *ROLES))
    )
    # No power is cut here, and what a process has written outlives it.
    ours = f"listen_addresses = ''\nunix_socket_directories = '{folder}'\nfsync = off\n"
    (server.data / "postgresql.conf").write_text(printed("settings") + ours)
    server.start()
    server.psql("postgres", f"CREATE DATABASE {DATABASE}")
    server.psql(DATABASE, printed("sql"))
    return server


def printed(act: str) -> str:
    """What `peluit postgres` prints."""
    return subprocess.run([PELUIT, "postgres", act], check=True, capture_output=True, text=True).stdout


def remove(server: Postgres) -> None:
    if (server.data / "postmaster.pid").exists():
        server.stop("immediate")
    shutil.rmtree(server.folder)


def run(name: str, *arguments: str) -> None:
    """One of PostgreSQL's programs, of the newest version; as another user than root, whom it refuses."""
    versions = sorted(_INSTALLED.iterdir(), key=lambda path: int(path.name))
    program = str(versions[-1] / "bin" / name)
    subprocess.run([*_other_user(), program, *arguments], cwd="/", check=True, stdout=subprocess.DEVNULL)


def _other_user() -> list[str]:
    if os.geteuid():
        return []
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
