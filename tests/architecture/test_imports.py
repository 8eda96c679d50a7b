"""The run-time twin of the import contracts: what a started app has really loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

FORBIDDEN = (
    "crypto.open",
    "crypto.keypairs",
    "crypto.seal",
    "crypto.codename",
    "workstation",
    "nacl.secret",
)


def loaded_by(app: str, told: object) -> set[str]:
    """The modules of a fresh process that has called `create_app()` with a server's folder or address."""
    script = f"""
import sys
from pathlib import Path
from store.layout import Layout
from {app} import create_app
create_app({f"Layout(Path({str(told)!r}))" if isinstance(told, Path) else repr(told)})
print("\\n".join(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("app", ["source_app", "journalist_app"])
def test_a_started_app_has_loaded_nothing_that_opens(app: str, demo_server: Path) -> None:
    loaded = loaded_by(app, demo_server)
    assert app in loaded
    assert not {name for name in loaded for bad in FORBIDDEN if name == bad or name.startswith(bad + ".")}


def test_the_no_script_door_opens_replies_and_nothing_else() -> None:
    loaded = loaded_by("source_app.noscript", "unix:/nowhere")
    opening = {name for name in loaded if name.startswith("crypto.open.")}
    assert opening == {"crypto.open.kem", "crypto.open.reply"}
    assert not {name for name in loaded if name.startswith(("workstation", "journalist_app", "nacl.secret"))}


def test_the_check_finds_what_it_looks_for(demo_server: Path) -> None:
    script = "import sys, crypto.open.item; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"crypto.open", "crypto.keypairs"} <= set(done.stdout.split())
