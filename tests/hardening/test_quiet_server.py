"""A whole server at gunicorn's every log level, and what its environment cannot turn on."""

import secrets
import tempfile
from pathlib import Path

import pytest

from peluit import serve
from store.layout import Layout
from tests.source_app.conftest import start
from tests.store.installation import install

TALKATIVE = ("PYTHONFAULTHANDLER", "PYTHONVERBOSE", "PYTHONDEVMODE", "PYTHONTRACEMALLOC", "PYTHONINSPECT")
OTHERS = ("LD_PRELOAD", "LD_DEBUG", "MALLOC_TRACE", "GUNICORN_CMD_ARGS", "FLASK_DEBUG", "HOME", "PYTHONPATH")


@pytest.mark.parametrize("level", ["debug", "critical"])
def test_at_no_level_does_a_server_say_anything_of_a_request(tmp_path: Path, level: str) -> None:
    canary = secrets.token_hex(8)
    layout = install(Layout(tmp_path / "data")).layout
    settings = ("--log-level", level, "--access-logfile", "-", "--capture-output")
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        server = start(layout, Path(folder), settings=settings, PELUIT_WORKERS="1")
        server.ask("GET", f"/{canary}", {"User-Agent": canary})
        server.talk(f"GET /{canary} HTTP/9\r\n\r\n".encode())
        server.talk(f"POST /{canary} HTTP/1.1\r\nContent-Length: 9\r\n\r\nx".encode())
        assert server.stop() == ""


def test_nothing_of_the_callers_environment_reaches_an_app_but_what_is_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in (*TALKATIVE, *OTHERS):
        monkeypatch.setenv(name, "1")
    for app in serve.APPS:
        told = serve.environment(app, {})
        assert not set(told) & {*TALKATIVE, *OTHERS}
        assert {name.partition("_")[0] for name in told if name != "PATH"} <= {
            *("PELUIT", "LANG", "TMPDIR", "VIRTUAL", "LISTEN", "PYTHONMALLOC", "GLIBC")
        }
