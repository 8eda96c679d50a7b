"""How the servers are run."""

from typing import Final

WORKER_START: Final = "worker-start"
"""An application's extension of this name is called in each worker when it begins to serve."""

REACH: Final = "reach"
"""An application's extension of this name says what its workers need (hardening/confinement.py)."""
