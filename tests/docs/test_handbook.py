"""The handbook names only commands that there are."""

import re
from pathlib import Path

import pytest

from workstation.cli import main

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["handbook.md", "buku-pegangan.md"])
def test_every_command_exists(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    named = set(re.findall(r"peluit station ([a-z-]+)", (DOCS / name).read_text("utf-8")))
    assert len(named) > 20
    for command in sorted(named):
        assert main([command, "--help"]) == 0, command
    capsys.readouterr()
