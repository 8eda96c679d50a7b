"""The command: order, exit codes, JSON, checks that fail, accounts that may not look."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from peluit.doctor.examine import examine, exit_code
from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation
from tests.peluit.running import PELUIT, run

GOOD = Finding("a", "good", "Fine.")
BAD = Finding("b", "bad", "Broken.", "mend it")
UNKNOWN = Finding("c", "unknown", "Not seen.")


def says(*findings: Finding) -> Check:
    return lambda _installation: iter(findings)


def closed(_installation: Installation) -> Iterator[Finding]:
    yield GOOD
    raise PermissionError


def broken(_installation: Installation) -> Iterator[Finding]:
    raise ValueError("secret 0123456789abcdef")


@pytest.mark.parametrize(
    ("checks", "order", "code"),
    [
        ([says(GOOD)], "a", 0),
        ([says(GOOD, BAD), says(UNKNOWN)], "bca", 1),
        ([says(UNKNOWN), says(GOOD)], "ca", 3),
        ([], "", 0),
    ],
)
def test_what_is_wrong_comes_first(checks: list[Check], order: str, code: int) -> None:
    found = examine(Installation(), checks)
    assert ("".join(finding.check for finding in found), exit_code(found)) == (order, code)


def test_a_check_that_fails_hides_nothing() -> None:
    found = examine(Installation(), [broken, closed, says(BAD)])
    assert [finding.state for finding in found] == ["bad", "unknown", "unknown", "good"]
    assert "ValueError" in found[1].says and "secret" not in repr(found)
    assert "root may" in found[2].says


def test_what_is_bad_can_be_mended() -> None:
    with pytest.raises(ValueError, match="b"):
        Finding("b", "bad", "Broken.")


def test_on_a_host_without_a_server(tmp_path: Path) -> None:
    line = ("doctor", "--folder", tmp_path / "nothing", "--tor", tmp_path)
    binds = [
        word for app in ("source", "noscript", "journalist") for word in (f"--{app}", f"unix:{tmp_path}/x")
    ]
    done = run(PELUIT, *line, *binds)
    assert (done.returncode, done.stderr) == (1, "")
    first = done.stdout.splitlines()[0]
    assert first.startswith("BAD     data.folder: There is no server's data")
    assert f"Mend it: peluit init --folder {tmp_path / 'nothing'} --bundle FILE" in first
    as_json = [json.loads(each) for each in run(PELUIT, *line, *binds, "--json").stdout.splitlines()]
    assert {each["state"] for each in as_json} <= {"good", "bad", "unknown"}
    assert all(each["mend"] for each in as_json if each["state"] == "bad")


def test_an_ordinary_account_is_told_what_it_cannot_see(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0)  # `run` takes root's way past permissions away
    done = run(PELUIT, "doctor", "--folder", tmp_path / "data", "--tor", tmp_path)
    unseen = [line for line in done.stdout.splitlines() if line.startswith("UNKNOWN data.folder")]
    assert unseen == ["UNKNOWN data.folder: This account may not look there; root may."]
