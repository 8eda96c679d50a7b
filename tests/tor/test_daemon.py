"""Nothing of the private network outlives the tests, not even when they are killed."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.e2e.browsers import until
from tests.e2e.browsers.processes import is_running
from tests.tor.apps import ROOT
from tests.tor.daemon import BUSY

STARTS_ONE = """
import sys
from pathlib import Path
from tests.tor.daemon import Daemon

folder = Path(sys.argv[1])
daemon = Daemon(folder, "", f"DisableNetwork 1\\nSocksPort 0\\nDataDirectory {folder}/data\\n")
daemon.start()
print(daemon.pid, flush=True)
sys.stdin.read()
"""


def test_whoever_kills_the_tests_ends_their_tors(tmp_path: Path) -> None:
    line = [sys.executable, "-c", STARTS_ONE, str(tmp_path / "tor")]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as tests:
        assert tests.stdout
        pid = int(tests.stdout.readline())
        assert until((tmp_path / "tor" / "data" / "lock").exists, BUSY)
        assert is_running(pid)
        tests.send_signal(signal.SIGKILL)
    assert until(lambda: not is_running(pid), BUSY)
