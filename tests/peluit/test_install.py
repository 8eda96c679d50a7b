"""`scripts/install` with programs that stand in for Python and npm, and write down what they were asked."""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.peluit.running import REPOSITORY, as_a_person

PYTHON = """#!/bin/sh
# Stands in for Python: `VERSION` is whether it is new enough; `-m venv` makes another one like itself.
echo "$*" >>"$LOG"
case "$1 $2" in
"-c "*) exit "$TOO_OLD" ;;
"-m venv")
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    [ -z "$NO_VENV" ] || exit 1
    printf '#!%s/.venv/bin/python\\n' "$PWD" >"$3/bin/pip"
    for tool in npm pybabel; do
        printf '#!/bin/sh\\necho "%s $*" >>"$LOG"\\n[ "$FAILS" != %s ]\\n' $tool $tool >"$3/bin/$tool"
        chmod +x "$3/bin/$tool"
    done ;;
"-m pip") [ "$FAILS" != pip ] ;;
esac
"""


class Checkout:
    """The files that the installer reads, with a Python of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a checkout"
        self.log = folder / "log"
        self.python = folder / "python3"
        self.python.write_text(PYTHON)
        self.python.chmod(0o755)
        for part in ("scripts", "requirements", "crypto/wordlists", "source_app/locales"):
            shutil.copytree(REPOSITORY / part, self.folder / part)
        web = self.folder / "source_app" / "web"
        (web / "src").mkdir(parents=True)
        for part in ("journalist_app", "workstation"):
            (self.folder / part).mkdir()
        for name in ("pyproject.toml", "source_app/web/package-lock.json", "source_app/web/build.mjs"):
            shutil.copy(REPOSITORY / name, self.folder / name)
        (web / "src" / "main.ts").write_text("")
        # what the packages and the build would leave
        (web / "node_modules").mkdir()
        (web / "dist").mkdir()
        (web / "dist" / "assets.json").write_text("{}")

    def install(self, wanted: str = "run", **settings: str) -> tuple[int, str, list[str]]:
        """Exit code, standard error, and what the stand-ins were asked."""
        self.log.write_text("")
        known = {"PYTHON": str(self.python), "TOO_OLD": "0", "NO_VENV": "", "FAILS": "", "LOG": str(self.log)}
        done = subprocess.run(
            [str(self.folder / "scripts" / "install"), wanted],
            env={"PATH": os.environ["PATH"]} | known | settings,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=as_a_person,
        )
        asked = [line for line in self.log.read_text().splitlines() if not line.startswith("-c ")]
        return done.returncode, done.stderr, asked


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_time_and_the_second(checkout: Checkout) -> None:
    code, said, asked = checkout.install()
    assert (code, said) == (0, "")
    assert asked[0] == "-m venv .venv"
    assert "--require-hashes -r requirements/run.txt" in asked[1]
    assert "npm ci --ignore-scripts" in asked[3]
    assert "run --silent build" in asked[4]
    assert checkout.install() == (0, "", [])


def test_a_changed_lock_and_a_changed_page_count(checkout: Checkout) -> None:
    checkout.install()
    (checkout.folder / "source_app" / "web" / "src" / "main.ts").write_text("new")
    assert [line.split()[:2] for line in checkout.install()[2]] == [["npm", "run"]]
    with (checkout.folder / "requirements" / "run.txt").open("a") as lock:
        lock.write("# new\n")
    assert any("requirements/run.txt" in line for line in checkout.install()[2])


def test_what_is_there_for_tests_serves_a_run_too(checkout: Checkout) -> None:
    assert checkout.install("test")[0] == 0
    assert checkout.install("run") == (0, "", [])


def test_an_old_python(checkout: Checkout) -> None:
    code, said, asked = checkout.install(TOO_OLD="1")
    assert (code, asked) == (1, [])
    assert said == (
        "peluit: Python 3.11 or newer is needed. Install it and try again, "
        "or name it: make run PYTHON=/path/to/python3\n"
    )
    assert not (checkout.folder / ".venv").exists()


def test_the_oldest_python_is_the_one_that_the_project_names() -> None:
    named = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["requires-python"]
    assert named == ">=3.11"
    assert "(3, 11)" in (REPOSITORY / "scripts" / "install").read_text()


def test_no_python_at_all(checkout: Checkout) -> None:
    assert "Python 3.11 or newer" in checkout.install(PYTHON="/nonexistent/python3")[1]


def test_a_checkout_that_cannot_be_written_to(checkout: Checkout) -> None:
    checkout.folder.chmod(0o500)
    code, said, _ = checkout.install()
    checkout.folder.chmod(0o700)
    assert code == 1
    assert said.startswith("peluit: This folder cannot be written to.")


def test_without_venv_and_then_with_it(checkout: Checkout) -> None:
    """Debian's Python without python3-venv leaves half a .venv behind."""
    code, said, _ = checkout.install(NO_VENV="1")
    assert code == 1
    assert "apt-get install python3-venv" in said
    code, said, asked = checkout.install()
    assert (code, said) == (0, "")
    assert asked[0] == "-m venv .venv"


def test_a_folder_that_was_moved_is_installed_anew(checkout: Checkout) -> None:
    checkout.install()
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("moved"))
    assert checkout.install()[2][0] == "-m venv .venv"
    assert checkout.install()[2] == []


def test_a_python_that_has_gone(checkout: Checkout) -> None:
    checkout.install()
    (checkout.folder / ".venv" / "bin" / "python").unlink()
    assert checkout.install()[2][0] == "-m venv .venv"


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("pip", "peluit: The Python packages could not be installed (see above)."),
        ("npm", "peluit: The browser packages could not be installed (see above)."),
    ],
)
def test_packages_that_do_not_come(checkout: Checkout, what: str, sentence: str) -> None:
    code, said, _ = checkout.install(FAILS=what)
    assert code == 1
    assert said.startswith(sentence)
    assert checkout.install()[:2] == (0, "")
