"""A landing page as `peluit landing` writes it, of the demo office and an address that a tor made."""

from pathlib import Path

import pytest

from peluit.demo_office import DemoOffice
from tests.peluit.running import PELUIT, run

ONION = "k3jbxeugkomwg3ji7r52z5hskum7sd52sf7bpgonteo57i7ngmecmiad.onion"


@pytest.fixture(scope="session")
def landing(demo_office: DemoOffice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that was written."""
    folder = tmp_path_factory.mktemp("landing") / "made"
    line = (
        "--folder",
        demo_office.server,
        "--to",
        folder,
        "--onion",
        ONION,
        "--domain",
        "lapor.example.go.id",
    )
    done = run(PELUIT, "landing", *line)
    assert (done.returncode, done.stderr) == (0, "")
    return folder
