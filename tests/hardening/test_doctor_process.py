"""The doctor sees which running server is confined and which is not."""

import tempfile
from pathlib import Path

import pytest

from hardening import landlock
from peluit.doctor import checks, process
from peluit.doctor.installation import Installation
from store.layout import Layout
from tests.source_app.conftest import start
from tests.store.installation import install


@pytest.mark.parametrize(("config", "state"), [("source_app.ready", "good"), ("hardening.unconfined", "bad")])
def test_a_server_that_is_not_confined_is_told_of(tmp_path: Path, config: str, state: str) -> None:
    layout = install(Layout(tmp_path / "data")).layout
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        server = start(layout, Path(folder), config=f"tests.{config}")
        try:
            mine = tmp_path / "proc"
            mine.mkdir()
            for pid in (server.process.pid, *server.workers()):
                (mine / str(pid)).symlink_to(f"/proc/{pid}")
            (found,) = process.running(Installation(data=layout.root, proc=mine))
        finally:
            server.stop()
    assert (found.check, found.state) == ("process source", state)
    assert found.mend == ("systemctl restart peluit-source.service" if state == "bad" else "")


def test_a_kernel_without_landlock_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {finding.check: finding.state for finding in process.kernel(Installation(data=tmp_path))}
    assert said == {"landlock": "good" if landlock.version() else "bad", "seccomp": "good"}
    monkeypatch.setattr(landlock, "version", lambda: 0)
    found = next(iter(process.kernel(Installation(data=tmp_path))))
    assert (found.check, found.state) == ("landlock", "bad")


def test_the_doctor_asks_all_of_it() -> None:
    assert set(process.CHECKS) <= set(checks.CHECKS)
