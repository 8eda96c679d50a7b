"""Everything that is installed from a registry is named with its hash, and from that registry."""

import json
import re
from pathlib import Path

import pytest

from tests.peluit.running import REPOSITORY

LOCKS = sorted((REPOSITORY / "requirements").glob("*.txt"))
NPM = json.loads((REPOSITORY / "source_app" / "web" / "package-lock.json").read_text("utf-8"))


def locked(path: Path) -> dict[str, str]:
    """Name → version of a lock of Python packages."""
    pins = re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^\s;\\]+)", path.read_text("utf-8"), re.MULTILINE)
    return {f"{name}=={version}": version for name, version in pins}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_python_package_has_hashes_and_one_version(path: Path) -> None:
    logical = path.read_text("utf-8").replace("\\\n", "").splitlines()
    pins = [line for line in logical if line.strip() and not line.lstrip().startswith("#")]
    assert pins
    for line in pins:
        assert re.match(r"[A-Za-z0-9-]+(\[[a-z,]+\])?==[^ ;]+ ", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
        assert "://" not in line and " @ " not in line, line


def test_the_audited_locks_hold_all_that_is_installed() -> None:
    audited = {
        pin for name in ("test", "bench", "pip") for pin in locked(REPOSITORY / f"requirements/{name}.txt")
    }
    for path in LOCKS:
        assert set(locked(path)) <= audited, path.name


def test_every_npm_package_has_a_hash_and_comes_from_the_registry() -> None:
    packages = {name: entry for name, entry in NPM["packages"].items() if name}
    assert len(packages) > 20
    for name, entry in packages.items():
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", entry["integrity"]), name
        # Without an address npm asks the registry for name and version; the hash holds either way.
        assert entry.get("resolved", "https://registry.npmjs.org/").startswith("https://registry.npmjs.org/")
        assert not entry.get("link"), name


def test_npm_runs_no_script_of_a_package() -> None:
    settings = (REPOSITORY / "source_app" / "web" / ".npmrc").read_text("utf-8").splitlines()
    assert "ignore-scripts=true" in settings
    assert "--ignore-scripts" in (REPOSITORY / "scripts" / "install").read_text("utf-8")
