"""A file over three relays and three more: a private Tor network against the same upload without one.

All relays run on this machine, so this is what Tor's work costs here, and what the page makes of a line with
its round trips; the public network is slower by what its relays and distances are.
"""

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.figures import median
from bench.line import Line, plain, tell
from bench.processes import MIB
from bench.sending import SEALED, file_of, page_of, prepare, send, serving
from bench.server import DISK
from tests.e2e.browsers import Browser, Firefox
from tests.tor.browsing import tor_browser
from tests.tor.network import Network
from tests.tor.office import OnionOffice, onion_office

_SIZE = 100 * MIB
_RUNS = 3


def measure(size: int = _SIZE) -> Iterator[Line]:
    """Medians of uploads by Firefox at Standard, each in a new browser; both ways take turns."""
    with serving() as server, _onions() as office, file_of(size) as file:
        near, far = [], []
        for _ in range(_RUNS):
            near.append(_seconds(Firefox, page_of(server, SEALED), file, server.folder))
            far.append(
                _seconds(
                    lambda: tor_browser(office.stranger.proxy),
                    f"{office.source}{SEALED}/",
                    file,
                    office.folder / "server",
                )
            )
        yield plain("tor_upload", median(near) / median(far), "of the speed without Tor")
        yield plain("tor_upload_speed", size / MIB / median(far), "MiB/s")
        yield plain("tor_upload_speed_without", size / MIB / median(near), "MiB/s")


def _seconds(launch: Callable[[], Browser], url: str, file: Path, data: Path) -> float:
    with launch() as browser:
        prepare(browser, url, file)
        sent = send(browser, data)
    tell(f"  {sent.seconds:.2f} s, of which {sent.reading:.2f} s reading: {url}")
    return sent.seconds


@contextlib.contextmanager
def _onions() -> Iterator[OnionOffice]:
    with contextlib.ExitStack() as stack:
        sockets = stack.enter_context(tempfile.TemporaryDirectory(prefix="peluit-tor-"))
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=DISK))
        with contextlib.redirect_stdout(sys.stderr):
            network = stack.enter_context(Network(Path(sockets)))
            office = stack.enter_context(onion_office(Path(folder) / "demo", network))
        yield office
