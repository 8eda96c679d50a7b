"""The same sources give the same bytes, whoever builds them, wherever and whenever."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from peluit.demo_office import DemoOffice
from tests.peluit.running import PELUIT, REPOSITORY, run

WEB = Path("source_app", "web")
SOURCES = (WEB / "src", Path("crypto", "wordlists"), Path("source_app", "locales"), WEB / "node_modules")
BUILD = ("build.mjs", "exifreader.mjs", "wordlists.mjs", "package.json", "package-lock.json", "tsconfig.json")
# What the build does not load.
LEFT_OUT = shutil.ignore_patterns("typescript", "axe-core", "undici-types", "@types", ".cache", ".bin")

ONE = {"HOME": "/nowhere", "LANG": "C", "LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"}
OTHER = {
    "HOME": "/",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
    "TZ": "Asia/Jayapura",
    "PYTHONHASHSEED": "2",
}


def checkout(to: Path, backwards: bool) -> Path:
    """A copy of what the page is built from, its files written in one order or the other, at other times."""
    for source in SOURCES:
        shutil.copytree(REPOSITORY / source, to / source, ignore=LEFT_OUT, copy_function=shutil.copyfile)
        # esbuild's program is the one file that must be executable.
    for program in (to / WEB / "node_modules" / "@esbuild").glob("*/bin/*"):
        program.chmod(0o755)
    for name in sorted(BUILD, reverse=backwards):
        shutil.copyfile(REPOSITORY / WEB / name, to / WEB / name)
    if backwards:
        for path in sorted((to / WEB / "src").rglob("*.ts"), reverse=True):
            text = path.read_bytes()
            path.unlink()
            path.write_bytes(text)
            os.utime(path, (1, 1))
    return to


def built(root: Path, environment: dict[str, str], umask: int) -> dict[str, str]:
    """Name → SHA-256 of everything that a build in this checkout leaves."""
    subprocess.run(
        ["node", str(root / WEB / "build.mjs")],
        cwd="/",
        env={"PATH": os.environ["PATH"]} | environment,
        umask=umask,
        check=True,
        capture_output=True,
    )
    return hashes(root / WEB / "dist")


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_two_builds_in_different_places_are_equal(tmp_path: Path) -> None:
    one = checkout(tmp_path / "a", backwards=False)
    other = checkout(tmp_path / "some where" / "deep" / "inside" / "ünïcode", backwards=True)
    first = built(one, ONE, 0o022)
    assert first == built(other, OTHER, 0o077)
    assert {name.partition("-")[0] for name in first} == {
        *("assets.json", "main", "metadata", "sealing", "style", "worker"),
    }
    # And they are what this checkout serves: the comparison is of the real thing.
    assert first == hashes(REPOSITORY / WEB / "dist")
    # A changed source is another build: the comparison can fail.
    style = other / WEB / "src" / "ui" / "style.css"
    style.write_text(style.read_text("utf-8") + "p { color: red }", "utf-8")
    assert built(other, OTHER, 0o077) != first


def test_the_command_prints_these_hashes() -> None:
    done = run(REPOSITORY / "scripts" / "reproduce", env=OTHER)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert {name: digest for digest, name in lines} == hashes(REPOSITORY / WEB / "dist")
    assert [name for _digest, name in lines] == sorted(name for _digest, name in lines)


def test_sealing_pages_and_manifests_are_equal_wherever_they_are_made(
    demo_office: DemoOffice, tmp_path: Path
) -> None:
    site = demo_office.server / "public" / "site.json"
    made = []
    for place, environment in (("a", ONE), ("b", OTHER)):
        page, manifest = tmp_path / f"{place}.html", tmp_path / f"{place}.json"
        sealing = ["sealing-page", "--folder", demo_office.server, "--to", page, "--language", "id"]
        building = ["manifest", "build", "--site", site, "--to", manifest, "--day", "2026-11-24"]
        for line in (sealing, building):
            assert run(PELUIT, *line, env=environment).returncode == 0
        made.append((page.read_bytes(), manifest.read_bytes()))
    assert made[0] == made[1]
