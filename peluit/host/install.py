"""`peluit host install`: each step in a plain line; stops at the first that fails; can be repeated."""

import grp
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from hardening.deploy.host import ownership
from hardening.deploy.nftables.ruleset import Numbers
from peluit.host import program, record, steps
from peluit.host.errors import NotDebianError, NotRootError, SshInUseError, SshUnknownError, StepFailedError
from peluit.host.record import Record, below
from peluit.host.steps import DATA, PROGRAM, Command, Step
from peluit.tor import place as tor
from peluit.tor.setup import set_up
from store.layout import Layout

SYSTEM: Final = Path("/")
_ENVIRONMENT: Final = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "DEBIAN_FRONTEND": "noninteractive",
    "LANG": "C",
}
_TOR_USER: Final = "_tor-peluit"


def install(root: Path, ssh: int | None, nobody: bool, apparmor: bool, dry: bool) -> None:
    """Installs on this host, or as far as it needs no running host below `root`; `dry` only tells.

    `ssh`: the port that stays open; `nobody`: none does. Any error of peluit/host/errors.py.
    """
    _check(root, ssh, nobody, dry)
    program.check()
    noted = record.read(root) or Record()
    noted.ssh = ssh
    teller = _Teller(root, noted, dry)
    teller.do(steps.packages([name for name in steps.PACKAGES if not _is_there(name)]))
    teller.do(steps.users())
    teller.call("The program in /opt/peluit", lambda: _program(root))
    teller.call("The folder for the data", lambda: _folder(root))
    if root == SYSTEM:
        teller.call("tor's onion services", lambda: set_up(tor.DEBIAN))
    teller.do(steps.services())
    teller.do(steps.firewall(_numbers(root, ssh, dry)))
    teller.do(steps.settings())
    teller.do(steps.swap())
    if apparmor:
        teller.do(steps.apparmor())
    ready = Layout(below(root, str(DATA))).site.is_file()
    if ready:
        teller.call("Owners and modes of the data", lambda: _rights(root))
        teller.do(steps.start())
    if dry:
        sys.stdout.write("\nNothing was changed.\n")
    elif ready:
        sys.stdout.write("\nInstalled. See whether all is well: peluit doctor\n")
    else:
        sys.stdout.write(
            "\nInstalled. Now set up the server with the bundle of the key ceremony, then start it:\n\n"
            f"    peluit init --folder {DATA} --bundle FILE\n    peluit host install …   (the same again)\n"
        )


class _Teller:
    """Says each step and does it, or only says it."""

    def __init__(self, root: Path, noted: Record, dry: bool) -> None:
        self._root, self._noted, self._dry = root, noted, dry
        self._live = root == SYSTEM and Path("/run/systemd/system").is_dir()

    def do(self, step: Step) -> None:
        self._say(step.says)
        if self._dry:
            for path in step.files:
                sys.stdout.write(f"      writes {path}\n")
            for command in step.commands:
                sys.stdout.write(f"      runs {' '.join(command.line)}\n")
            return
        try:
            for path, text in step.files.items():
                self._noted.write(self._root, path, text)
        except OSError as error:
            raise StepFailedError(step.says, f"{error.filename}: {error.strerror}.") from None
        self._noted.save(self._root)
        if self._root == SYSTEM:
            run(step.says, step.commands, self._live)

    def call(self, says: str, work: Callable[[], object]) -> None:
        self._say(says)
        if self._dry:
            return
        try:
            work()
        except OSError as error:
            raise StepFailedError(says, f"{error.filename}: {error.strerror}.") from None

    def _say(self, says: str) -> None:
        sys.stdout.write(f"  {says} …\n")
        sys.stdout.flush()


def run(says: str, commands: Iterable[Command], live: bool) -> None:
    """Runs what can be run here; StepFailedError with what the program said."""
    for command in commands:
        if command.live and not live:
            continue
        try:
            done = subprocess.run(  # noqa: S603  constant lines, no shell
                list(command.line), capture_output=True, text=True, check=False, env=_ENVIRONMENT
            )
        except FileNotFoundError:
            raise StepFailedError(says, f"{command.line[0]} is missing.") from None
        if done.returncode and not command.optional:
            sys.stderr.write(done.stderr or done.stdout)
            raise StepFailedError(says, f"{command.line[0]} failed (see above).")


def _check(root: Path, ssh: int | None, nobody: bool, dry: bool) -> None:
    if os.geteuid() != 0 and root == SYSTEM and not dry:
        raise NotRootError
    if root == SYSTEM and not dry and 'VERSION_ID="12"' not in Path("/etc/os-release").read_text("utf-8"):
        raise NotDebianError
    if ssh is None and not nobody:
        raise SshUnknownError
    if nobody and (session := os.environ.get("SSH_CONNECTION")):
        raise SshInUseError(session.split()[-1])


def _is_there(package: str) -> bool:
    line = ["/usr/bin/dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    try:
        done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return False
    return done.stdout == "installed"


def _program(root: Path) -> None:
    target = below(root, str(PROGRAM))
    target.mkdir(mode=0o755, parents=True, exist_ok=True)
    program.place(target, root)
    link = below(root, "/usr/local/bin/peluit")
    link.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(PROGRAM / "bin/peluit")


def _folder(root: Path) -> None:
    data = below(root, str(DATA))
    data.mkdir(mode=0o710, parents=True, exist_ok=True)
    if root == SYSTEM:
        os.chown(data, 0, ownership.numbers()[1][ownership.SHARED])
        data.chmod(0o710)


def _rights(root: Path) -> int:
    return ownership.apply(below(root, str(DATA)), *ownership.numbers()) if root == SYSTEM else 0


def _numbers(root: Path, ssh: int | None, dry: bool) -> Numbers:
    def number(user: str) -> int:
        try:
            return pwd.getpwnam(user).pw_uid
        except KeyError:
            if dry or root != SYSTEM:
                return 65_534  # Made in an earlier step, when it is done in earnest.
            raise StepFailedError("The firewall", f"there is no user {user}.") from None

    return Numbers(number(_TOR_USER), number("_apt"), number("systemd-timesync"), ssh)


def remove(root: Path, dry: bool) -> None:
    """`peluit host remove`: takes away all that `install` put here; the data and tor's keys stay."""
    if os.geteuid() != 0 and root == SYSTEM and not dry:
        raise NotRootError
    noted = record.read(root)
    if noted is None:
        from peluit.host.errors import NotInstalledHereError

        raise NotInstalledHereError(steps.RECORD)
    live = root == SYSTEM and Path("/run/systemd/system").is_dir()
    _told(
        dry,
        "The services end",
        lambda: run("The services end", steps.stop(), live) if root == SYSTEM else None,
    )
    _told(dry, "Files of configuration", lambda: _restore(root, noted))
    if live:
        reload = (
            Command((steps.SYSTEMCTL, "daemon-reload")),
            Command((steps.SYSTEMCTL, "restart", "systemd-journald")),
            Command((steps.SYSTEMCTL, "reset-failed"), optional=True),
        )
        _told(dry, "systemd and the journal begin anew", lambda: run("systemd", reload, live))
    _told(dry, "The program", lambda: _remove_program(root))
    if root == SYSTEM:
        _told(dry, "The users", _remove_users)
        _told(dry, "The data becomes root's alone", _close_data)
    sys.stdout.write(
        "\nNothing was changed.\n"
        if dry
        else f"\nRemoved. What stays: {DATA}, tor's keys in {tor.DEBIAN.onions}, and Debian's packages.\n"
    )


def _told(dry: bool, says: str, work: Callable[[], object]) -> None:
    sys.stdout.write(f"  {says} …\n")
    sys.stdout.flush()
    if not dry:
        work()


def _restore(root: Path, noted: Record) -> None:
    for path in noted.files:
        place = below(root, path)
        if path in noted.former:
            place.write_text(noted.former[path], "utf-8")
        else:
            place.unlink(missing_ok=True)
    config = below(root, str(steps.CONFIG))
    below(root, str(steps.RECORD)).unlink()
    if not any(config.iterdir()):
        config.rmdir()


def _remove_program(root: Path) -> None:
    shutil.rmtree(below(root, str(PROGRAM)), ignore_errors=True)
    below(root, "/usr/local/bin/peluit").unlink(missing_ok=True)


def _close_data() -> None:
    """The users' numbers may be given to others one day."""
    if DATA.is_dir():
        os.chown(DATA, 0, 0)
        DATA.chmod(0o700)


def _remove_users() -> None:
    names: Sequence[str] = ownership.USERS
    present = {entry.pw_name for entry in pwd.getpwall()}
    run("The users", [Command(("/usr/sbin/userdel", name)) for name in names if name in present], live=True)
    groups = {entry.gr_name for entry in grp.getgrall()}
    left = [Command(("/usr/sbin/groupdel", name)) for name in (*names, ownership.SHARED) if name in groups]
    run("The users", left, live=True)
