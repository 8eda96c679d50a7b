"""The bill of materials names everything that is locked, and is the same each time."""

import json
import runpy
import subprocess
import sys

import pytest

from tests.peluit.running import REPOSITORY
from tests.supply_chain.test_locks import NPM, locked


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    to = tmp_path_factory.mktemp("sbom")
    line = [sys.executable, "scripts/sbom.py", "--to", str(to)]
    subprocess.run(line, cwd=REPOSITORY, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in to.iterdir()}


def named(content: bytes) -> set[str]:
    return {each["purl"].partition("?")[0] for each in json.loads(content)["components"]}


def test_it_is_the_same_each_time(made: dict[str, bytes]) -> None:
    script = runpy.run_path(str(REPOSITORY / "scripts" / "sbom.py"))
    assert script["python"]("station") == json.loads(made["station.cdx.json"])
    assert script["npm"]() == json.loads(made["page.cdx.json"])
    for content in made.values():
        found = json.loads(content)
        assert found["bomFormat"] == "CycloneDX" and "serialNumber" not in found
        assert "timestamp" not in found["metadata"]


@pytest.mark.parametrize("lock", ["run", "station"])
def test_every_locked_python_package_is_named_with_its_hashes(made: dict[str, bytes], lock: str) -> None:
    pins = locked(REPOSITORY / f"requirements/{lock}.txt")
    content = made[f"{lock}.cdx.json"]
    assert named(content) == {f"pkg:pypi/{pin.replace('==', '@')}" for pin in pins}
    for each in json.loads(content)["components"]:
        assert any("hashes" in reference for reference in each["externalReferences"]), each["name"]


def test_every_locked_npm_package_is_named_with_its_hash(made: dict[str, bytes]) -> None:
    components = {
        (each.get("group", "") + "/" + each["name"]).lstrip("/") + "@" + each["version"]: each
        for each in json.loads(made["page.cdx.json"])["components"]
    }
    pins = {
        name.rpartition("node_modules/")[2] + "@" + entry["version"]
        for name, entry in NPM["packages"].items()
        if name
    }
    assert set(components) == pins
    assert all(each["hashes"] for each in components.values())
