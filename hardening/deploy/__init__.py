"""How the servers are run."""

from typing import Final

WORKER_START: Final = "worker-start"
"""An application's extension of this name is called in each worker when it begins to serve."""
