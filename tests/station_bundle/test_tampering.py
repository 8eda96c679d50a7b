"""A bundle that is not what was built is refused before anything of it is used."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.station_bundle.stick import Computer, copy_of


def wheel(bundle: Path) -> Path:
    (found,) = (bundle / "wheels").glob("peluit-*.whl")
    return found


def sums(bundle: Path) -> Path:
    return bundle / "SHA256SUMS"


def change_a_wheel(bundle: Path) -> None:
    data = bytearray(wheel(bundle).read_bytes())
    data[1_000] ^= 1
    wheel(bundle).write_bytes(data)


def add_a_line(bundle: Path) -> None:
    with sums(bundle).open("a") as opened:
        opened.write("not a checksum\n")


def replace_by_a_link(bundle: Path) -> None:
    wheel(bundle).rename(bundle.parent / "elsewhere.whl")
    wheel_name = next(name for name in sums(bundle).read_text().split() if "peluit-" in name)
    (bundle / wheel_name).symlink_to(bundle.parent / "elsewhere.whl")


CHANGES: dict[str, Callable[[Path], object]] = {
    "changed wheel": change_a_wheel,
    "changed list of packages": lambda bundle: (bundle / "requirements.txt").write_text(""),
    "missing file": lambda bundle: wheel(bundle).unlink(),
    "extra file": lambda bundle: (bundle / "wheels" / "flask-99.0-py3-none-any.whl").write_bytes(b""),
    "extra hidden file": lambda bundle: (bundle / ".pip.conf").write_text(""),
    "name that moves the cursor": lambda bundle: (bundle / "\x1b[2J\n ok").write_text(""),
    "link instead of a file": replace_by_a_link,
    "cut within a line": lambda bundle: sums(bundle).write_bytes(sums(bundle).read_bytes()[:-20]),
    "cut after a line": lambda bundle: sums(bundle).write_text(
        sums(bundle).read_text()[:-1].rpartition("\n")[0] + "\n"
    ),
    "empty": lambda bundle: sums(bundle).write_text(""),
    "line that is no checksum": add_a_line,
    "none": lambda bundle: sums(bundle).unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_refused_and_nothing_installed(computer: Computer, bundle: Path, tmp_path: Path, change: str) -> None:
    changed = copy_of(bundle, tmp_path / "stick")
    CHANGES[change](changed)
    done = computer.install(changed)
    assert done.returncode == 1
    assert done.stdout == ""
    indonesian, english = done.stderr.splitlines()[-2:]
    assert indonesian.startswith("peluit: ") and "tidak ada yang dipasang" in indonesian.lower()
    assert english.startswith("peluit: ") and "nothing was installed" in english.lower()
    assert "\x1b" not in done.stderr
    assert computer.files() == []
