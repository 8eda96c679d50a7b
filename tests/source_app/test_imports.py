"""The run-time twin of the import contracts: the app holds no code that opens anything."""

import subprocess
import sys
from pathlib import Path

from store.layout import Layout
from tests.store.installation import install

PROGRAM = """
import sys
from pathlib import Path
from source_app import create_app
from store.layout import Layout
create_app(Layout(Path(sys.argv[1])))
print(*sorted(name for name in sys.modules if name.partition(".")[0] in {names}))
"""
OURS = {"crypto", "hardening", "store", "source_app", "journalist_app", "workstation", "peluit"}
SECRET = ("crypto.open", "crypto.keypairs", "crypto.seal", "crypto.codename")


def test_nothing_that_opens_or_lists_is_loaded(tmp_path: Path) -> None:
    install(Layout(tmp_path / "data"))
    program = PROGRAM.replace("{names}", repr(OURS))
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "data")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stdout.split()
    assert "source_app.item_api" in loaded
    assert [name for name in loaded if name.startswith(SECRET)] == []
    assert [name for name in loaded if name.startswith(("journalist_app", "workstation", "peluit"))] == []
    assert {"store.reader", "store.staff", "store.slots", "store.overview"}.isdisjoint(loaded)
