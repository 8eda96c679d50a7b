"""What somebody who takes the running server gets to see: its data, logs, temporary files and memory."""

from pathlib import Path

from tests.e2e.office import Office
from tests.privacy.canaries import Hit, Search


def search_server(office: Office, temporary: Path, search: Search) -> set[Hit]:
    """The hits in the data, the logs and temporary files (both in `temporary`), and the processes."""
    hits = search.tree(office.folder / "server") | search.tree(temporary)
    for pid in office.server_processes():
        hits |= search.memory(pid)
    return hits
