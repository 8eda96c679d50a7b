"""What reads the code for holes, and what the scripts of the build may download."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.peluit.running import REPOSITORY

PACKAGES = ("crypto", "store", "hardening", "source_app", "journalist_app", "workstation", "peluit")
# B101 is S101, which the whole project leaves out. B404 is the mere import: each call is B603.
LEFT_OUT = "B101,B404"
# A role's name that stands beside the word "passphrase".
NO_SECRETS = {("journalist_app/access.py", "B105")}

FETCHES = re.compile(r"\b(curl|wget|npx|git clone|npm (?:i|install|exec)|go install|uvx|pipx)\b")


def findings(*paths: str) -> list[dict]:
    line = [sys.executable, "-m", "bandit", "-q", "-r", *paths, "-x", "*/node_modules/*"]
    done = subprocess.run(
        [*line, "-s", LEFT_OUT, "-f", "json"], cwd=REPOSITORY, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    assert found["errors"] == []
    return found["results"]


def is_marked(finding: dict) -> bool:
    """Whether a line of it, or the one below, says to ruff that its rule is known and why."""
    lines = (REPOSITORY / finding["filename"]).read_text("utf-8").splitlines()
    first, last = min(finding["line_range"]), max(finding["line_range"])
    return any(re.search(r"# noqa: [A-Z0-9, ]*\bS\d", line) for line in lines[first - 1 : last + 1])


def test_bandit_finds_nothing_that_is_not_marked(tmp_path: Path) -> None:
    """ruff's rules S are bandit's: one mark serves both, and neither may see what the other does not."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in settings["select"] and {rule for rule in settings["ignore"] if rule[:1] == "S"} == {"S101"}
    planted = tmp_path / "planted.py"
    planted.write_text("import subprocess\nsubprocess.run('x', shell=True)\n")
    found = findings(*PACKAGES, str(planted))
    assert {each["filename"] for each in found} >= {str(planted)}
    unmarked = [
        (each["filename"], each["line_number"], each["test_id"])
        for each in found
        if each["filename"] != str(planted)
        and not is_marked(each)
        and (each["filename"], each["test_id"]) not in NO_SECRETS
    ]
    assert unmarked == []


def scripts() -> list[Path]:
    return [
        path
        for folder in (REPOSITORY / "scripts", REPOSITORY / ".ci")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ] + [REPOSITORY / "Makefile"]


def unpinned(text: str) -> list[str]:
    """The lines that would fetch what no lock names."""
    whole = re.sub(r"\\\n\s*", " ", text)
    lines = [line for line in whole.splitlines() if not line.lstrip().startswith("#")]
    fetching = [line for line in lines if FETCHES.search(line)]
    installing = [
        line
        for line in lines
        if re.search(r"\bpip +(install|download)\b", line)
        and "--require-hashes" not in line
        and not ("--no-deps" in line and "-e ." in line)
    ]
    return fetching + installing


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.name)
def test_no_script_fetches_what_no_lock_names(path: Path) -> None:
    assert unpinned(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "line",
    ["curl -o x https://y", "  wget y", "npx z", "pip install x", "npm install x", "pip \\\n install x"],
)
def test_the_search_finds_what_it_looks_for(line: str) -> None:
    assert unpinned(line) != []


def test_packages_of_debian_come_with_its_signatures() -> None:
    """apt refuses what is not signed unless it is told otherwise; a stick has sums of its own."""
    for path in scripts():
        text = path.read_text("utf-8")
        text = text.replace("[trusted=yes] file:", "")
        assert not re.search(r"allow-unauth|allow-insecure|trusted=yes|--force-yes|no-check-gpg", text), path
    assert not (REPOSITORY / ".github").exists(), "workflow files need a check of their own"


def test_ci_runs_the_test_line_and_nothing_else() -> None:
    lines = (REPOSITORY / ".ci" / "run").read_text("utf-8").splitlines()
    doing = [line for line in lines if line and not line.startswith("#")]
    assert doing == ["set -eu", 'cd "$(dirname "$0")/.."', "exec make test"]
    assert "shellcheck" in (REPOSITORY / "scripts" / "check").read_text("utf-8")
