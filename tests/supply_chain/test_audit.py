"""`scripts/audit.py` with the real pip-audit and npm, against advisory services on this machine."""

import contextlib
import datetime
import gzip
import http.server
import json
import os
import runpy
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peluit.running import REPOSITORY

HASH = "sha256:" + "0" * 64
ADVISORY = "GHSA-aaaa-bbbb-cccc"
OTHER = "GHSA-dddd-eeee-ffff"
LATER = datetime.date.max.isoformat()


@dataclass
class Service:
    """Answers as OSV and as npm's registry do, with or without a hole for either."""

    port: int
    python: bool = False
    npm: bool = False
    silent: bool = False

    def answer(self, path: str, body: bytes) -> tuple[int, object]:
        if self.silent:
            return 405, ""
        if path == "/osv":
            asked = json.loads(body)["package"]["name"]
            hole = {
                "id": "PYSEC-2026-1",
                "aliases": [ADVISORY],
                "summary": "x",
                "affected": [{"package": {"name": asked, "ecosystem": "PyPI"}}],
            }
            return 200, {"vulns": [hole]} if self.python and asked == "second" else {}
        hole = {
            "id": 1,
            "url": f"https://github.com/advisories/{OTHER}",
            "title": "x",
            "severity": "high",
            "vulnerable_versions": "<9",
        }
        return 200, {"leaf": [hole]} if self.npm else {}


@contextlib.contextmanager
def serving() -> Iterator[Service]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            status, value = service.answer(self.path, body)
            data = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service = Service(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two Python packages and one of npm, locked."""
    folder = tmp_path_factory.mktemp("audited")
    (folder / "lock.txt").write_text(
        "".join(f"{name}==1.0 \\\n    --hash={HASH}\n" for name in ("first", "second"))
    )
    leaf = {"version": "1.0.0", "resolved": "https://registry.npmjs.org/leaf/-/leaf-1.0.0.tgz"}
    root = {"name": "x", "version": "1.0.0", "dependencies": {"leaf": "1.0.0"}}
    (folder / "package.json").write_text(json.dumps(root))
    (folder / "package-lock.json").write_text(
        json.dumps({**root, "lockfileVersion": 3, "packages": {"": root, "node_modules/leaf": leaf}})
    )
    return folder


def audit(project: Path, service: Service, *given: str, exceptions: str = "") -> tuple[int, str]:
    (project / "exceptions.toml").write_text(exceptions)
    address = f"http://127.0.0.1:{service.port}"
    line = [sys.executable, "scripts/audit.py", "--osv-url", f"{address}/osv", "--web", project]
    line += ["--requirements", project / "lock.txt", "--exceptions", project / "exceptions.toml", *given]
    environment = dict(os.environ) | {"npm_config_registry": address, "npm_config_fetch_retries": "0"}
    done = subprocess.run(
        [str(word) for word in line], cwd=REPOSITORY, env=environment, capture_output=True, text=True
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def exception(registry: str, package: str, name: str) -> str:
    return (
        f'[[exception]]\nregistry = "{registry}"\npackage = "{package}"\nid = "{name}"\n'
        f'reason = "not called"\nreview = {LATER}\n'
    )


def test_no_finding_passes(project: Path) -> None:
    with serving() as service:
        assert audit(project, service, "--strict") == (
            0,
            "Audit: no hole is known in what is locked from npm, pypi.\n",
        )


def test_a_finding_fails_unless_it_is_recorded(project: Path) -> None:
    with serving() as service:
        service.python = service.npm = True
        code, said = audit(project, service)
        assert code == 1
        assert "second 1.0: PYSEC-2026-1 is a known hole." in said
        assert f"{OTHER} is a known hole." in said
        both = exception("pypi", "second", ADVISORY) + exception("npm", "leaf", OTHER)
        assert audit(project, service, exceptions=both)[0] == 0


def test_silence_is_said_and_is_no_pass(project: Path) -> None:
    """pip-audit itself says "No known vulnerabilities found" when it could ask nobody."""
    with serving() as service:
        service.silent = True
        code, said = audit(project, service, "--strict")
        assert code == 3
        assert said.count("COULD NOT BE ASKED") == 2 and "no hole is known" not in said


SCRIPT = runpy.run_path(str(REPOSITORY / "scripts" / "audit.py"))
TODAY = datetime.date(2026, 11, 24)
HOLE = SCRIPT["Finding"]("second", "1.0", ("PYSEC-2026-1", ADVISORY))
EXCUSE = {"registry": "pypi", "package": "second", "id": ADVISORY, "reason": "not called", "review": TODAY}


@pytest.mark.parametrize(
    ("found", "change", "said"),
    [
        ([HOLE], {}, []),
        ([HOLE], {"id": "PYSEC-2026-1"}, []),
        ([HOLE], {"review": TODAY - datetime.timedelta(1)}, ["was to be reviewed by 2026-11-23"]),
        ([HOLE], {"reason": " "}, ["gives no reason"]),
        ([HOLE], {"package": "first"}, ["is a known hole", "is for nothing that was found"]),
        ([HOLE], {"id": OTHER}, ["is a known hole", "is for nothing that was found"]),
        ([], {}, ["is for nothing that was found"]),
        ([], {"registry": "npm"}, []),  # nobody was asked there
    ],
)
def test_an_exception_that_is_over_empty_or_for_nothing_fails(found, change, said) -> None:
    report = SCRIPT["Report"](found, {"pypi"})
    lines = SCRIPT["objections"](report, [EXCUSE | change], TODAY)
    assert len(lines) == len(said), lines
    assert all(part in line for part, line in zip(said, lines, strict=True)), lines


def test_the_exceptions_that_are_recorded_can_be_read() -> None:
    text = (REPOSITORY / "docs" / "audit-exceptions.toml").read_text("utf-8")
    for each in tomllib.loads(text).get("exception", []):
        assert each.keys() == EXCUSE.keys()
    example = text.partition("# [[exception]]")[2]
    (example_read,) = tomllib.loads("[[exception]]" + example.replace("\n# ", "\n"))["exception"]
    assert example_read.keys() == EXCUSE.keys()


def test_the_tests_and_a_target_of_its_own_ask() -> None:
    assert "scripts/audit.py\n" in (REPOSITORY / "scripts" / "test").read_text("utf-8")
    assert "scripts/audit.py --strict" in (REPOSITORY / "Makefile").read_text("utf-8")
