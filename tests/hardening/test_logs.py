"""Log discipline: at every level, a kind and a function of ours, and nothing else."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from hardening import logs
from store import keyfile

ROOT = Path(__file__).parents[2]
CANARY = "canary-7731"


def failure() -> BaseException:
    try:
        keyfile.read(Path(f"/nowhere/{CANARY}"))
    except Exception as error:
        return error
    raise AssertionError


def test_an_error_is_its_type_and_our_innermost_function() -> None:
    assert logs.describe(failure()) == "KeyFileMissingError store.keyfile:read"


def test_an_error_from_elsewhere_names_no_place() -> None:
    try:
        int(CANARY)
    except ValueError as error:
        assert logs.describe(error) == "ValueError elsewhere"


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert logs.describe(ValueError(CANARY)) == "ValueError elsewhere"


# Run apart: the discipline changes a whole process.
PROGRAM = """
import logging, sys, threading, warnings
from pathlib import Path
logging.getLogger("someone").addHandler(logging.StreamHandler())
logging.basicConfig(level=getattr(logging, sys.argv[1]))
from hardening import logs
from store import keyfile
logs.be_quiet()
for name in ("", "someone", "gunicorn.error", "werkzeug", "source_app", "later"):
    logger = logging.getLogger(name)
    logger.setLevel(getattr(logging, sys.argv[1]))
    for level in ("debug", "info", "warning", "error", "critical"):
        getattr(logger, level)("canary-7731 %s", "/canary/path")
    try:
        keyfile.read(Path("/nowhere/canary-7731"))
    except Exception:
        logger.exception("canary-7731")
warnings.warn("canary-7731")
class Falls:
    def __del__(self): raise ValueError("canary-7731")
Falls()
thread = threading.Thread(target=lambda: int("canary-7731"))
thread.start(); thread.join()
raise ValueError("canary-7731")
"""


# Flask gives itself a handler of its own where it finds none that would take a warning.
FLASK = """
from hardening import logs
logs.be_quiet()
from flask import Flask
app = Flask("source_app")
@app.get("/")
def fail(): raise ValueError("canary-7731")
app.test_client().get("/")
"""


def test_flask_says_no_more() -> None:
    done = subprocess.run([sys.executable, "-c", FLASK], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "error ValueError elsewhere\n")


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
def test_no_level_says_more(level: str) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, level], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == ""
    assert "anary" not in done.stderr
    assert "/" not in done.stderr
    lines = set(done.stderr.splitlines())
    assert lines <= {
        "error logged elsewhere",
        "error KeyFileMissingError store.keyfile:read",
        "error ValueError elsewhere",
    }
    assert "error ValueError elsewhere" in lines
    if level != "CRITICAL":
        assert "error KeyFileMissingError store.keyfile:read" in lines


def test_the_handler_ignores_how_low_it_is_set(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.Logger("x", logging.DEBUG)
    logger.addHandler(logs.QuietHandler())
    logger.debug(CANARY)
    logger.warning(CANARY)
    assert capsys.readouterr().err == ""
    logger.error(CANARY)
    assert capsys.readouterr().err == "error logged elsewhere\n"


# gunicorn's own logger.

GUNICORN = """
import sys
from gunicorn.config import Config
from hardening.deploy.worker import QuietLogger
config = Config()
config.set("loglevel", sys.argv[1]); config.set("errorlog", "-"); config.set("accesslog", "-")
logger = QuietLogger(config)
for level in ("debug", "info", "warning", "error", "critical", "exception"):
    getattr(logger, level)("canary %s", "/canary")
logger.log("info", "canary")
logger.access(None, None, {"PATH_INFO": "/canary"}, None)
for kind in (ConnectionResetError, TimeoutError, BrokenPipeError, OSError):
    try:
        raise kind("canary")
    except OSError:
        logger.exception("canary")
"""


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "critical"])
def test_gunicorn_says_no_more_either(level: str) -> None:
    done = subprocess.run([sys.executable, "-c", GUNICORN, level], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
    assert set(done.stderr.splitlines()) == {"error logged elsewhere", "error OSError elsewhere"}
