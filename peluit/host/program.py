"""The program in /opt/peluit: a copy of the folder that Peluit came in, and its packages from the lock.

    bin/peluit    the command
    code/         crypto, store, … as they are, with the built pages
    venv/         the packages of requirements/server.txt, each checked against its hash

Everything belongs to root, and no service may write there.
"""

import filecmp
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from peluit.host.errors import NotBuiltHereError, StepFailedError

_HERE: Final = Path(__file__).resolve().parents[2]
_PARTS: Final = ("crypto", "store", "hardening", "source_app", "journalist_app", "peluit", "requirements")
_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "node_modules", "src", "*.po")
_LOCK: Final = "requirements/server.txt"
_COMMAND: Final = """\
#!{python} -I
import sys

from peluit.cli import main

sys.exit(main())
"""


def check() -> None:
    """NotBuiltHereError unless everything is here that is to be copied."""
    for path in (_LOCK, "source_app/web/dist/assets.json"):
        if not (_HERE / path).is_file():
            raise NotBuiltHereError(_HERE / path)


def place(target: Path, root: Path) -> None:
    """Copies the code and installs the packages; `root` is / but in trials. StepFailedError."""
    if target.resolve() not in _HERE.parents:
        _copy(target / "code")
    if root == Path("/"):
        _packages(target)
    python = Path("/") / target.relative_to(root) / "venv/bin/python"
    (target / "bin").mkdir(mode=0o755, exist_ok=True)
    _write(target / "bin/peluit", _COMMAND.format(python=python), 0o755)


def _copy(code: Path) -> None:
    fresh = code.with_name("code.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in _PARTS:
        shutil.copytree(_HERE / part, fresh / part, ignore=_LEFT_OUT, copy_function=shutil.copyfile)
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(code, ignore_errors=True)
    fresh.rename(code)


def _packages(target: Path) -> None:
    venv, lock = target / "venv", target / "code" / _LOCK
    stamp = venv / "server.txt"
    if stamp.is_file() and filecmp.cmp(stamp, lock, shallow=False):
        return
    shutil.rmtree(venv, ignore_errors=True)
    python = str(venv / "bin/python")
    for line in (
        ["/usr/bin/python3", "-m", "venv", str(venv)],
        [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(lock),
        ],
    ):
        done = subprocess.run(line, stderr=subprocess.PIPE, text=True, check=False, umask=0o022)  # noqa: S603
        if done.returncode:
            sys.stderr.write(done.stderr)
            raise StepFailedError("The program's packages", "could not be installed (see above).")
    (packages,) = venv.glob("lib/python3*/site-packages")
    _write(packages / "peluit.pth", f"{target / 'code'}\n", 0o644)
    shutil.copyfile(lock, stamp)


def _write(path: Path, text: str, mode: int) -> None:
    path.write_text(text, "utf-8")
    path.chmod(mode)
