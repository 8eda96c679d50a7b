"""Every target gets its number of strange inputs from libFuzzer, with the same seed each time."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.readers import ROOT
from tests.fuzz.targets import TARGETS

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this system"
)


def fuzz(*words: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in a process of its own, which libFuzzer may end as it likes."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What was found in each target: "ok", or what libFuzzer said."""
    folder = tmp_path_factory.mktemp("fuzz")
    done = fuzz("-m", "tests.fuzz", "--folder", str(folder))
    found = dict(line.split()[:2] for line in done.stdout.splitlines())
    assert set(found) == set(TARGETS), done.stderr[-5_000:]
    logs = {name: (folder / name / "log").read_text("utf-8", "replace")[-5_000:] for name in TARGETS}
    return {name: logs[name] if said != "ok" else said for name, said in found.items()}


@pytest.mark.parametrize("name", TARGETS)
def test_only_the_documented_errors_come_out(results: dict[str, str], name: str) -> None:
    assert results[name] == "ok"


_PLANTED = """
import sys
from pathlib import Path
import atheris
from tests.fuzz.running import Bounds, run
from tests.fuzz.target import Target

@atheris.instrument_func
def bytewise(data):
    if data[2:3] == b"!":
        raise KeyError
    raise ValueError

@atheris.instrument_func
def by_value(data):
    if b'"day":null' in data:
        raise KeyError

seeds = {False: lambda: [b"abcd"], True: lambda: [b'{"day":"2026-11-23","office":{"id":"kota"}}']}
for json, read in ((False, bytewise), (True, by_value)):
    target = Target("planted", read, () if json else (ValueError,), seeds[json] if json else list, json=json)
    print(run(target, Path(sys.argv[1]) / str(json), Bounds(runs=20_000)))
"""


def test_planted_faults_are_found(tmp_path: Path) -> None:
    """One behind a byte, one behind a value of a document; both inputs are kept."""
    done = fuzz("-c", _PLANTED, str(tmp_path))
    assert [int(code) != 0 for code in done.stdout.split()] == [True, True], done.stderr[-5_000:]
    for folder in ("False", "True"):
        assert "KeyError" in (tmp_path / folder / "log").read_text("utf-8", "replace")
        assert len(list((tmp_path / folder).glob("crash-*"))) == 1


def test_a_seed_that_is_refused_fails(tmp_path: Path) -> None:
    """Else a target whose examples are out of date would go on, and reach nothing."""
    seeds = _PLANTED.replace("else list", 'else (lambda: [b"abcd"])')
    done = fuzz("-c", seeds, str(tmp_path))
    assert done.stdout.split()[0] == "1"
    assert "seed 0 is refused" in (tmp_path / "False" / "log").read_text()
