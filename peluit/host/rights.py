"""Owners and modes of a server's data on this host (hardening/deploy/host/ownership.py)."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hardening.deploy.host import ownership
from peluit.host.errors import NotRootError
from peluit.host.steps import DATA


def rights() -> None:
    """`peluit host rights`: gives the data its owners and modes again; says how many were wrong."""
    if os.geteuid() != 0:
        raise NotRootError
    sys.stdout.write(f"Owners and modes that were set: {ownership.apply(DATA, *ownership.numbers())}.\n")


def apply_if_installed(data: Path) -> None:
    """After root made something in a data folder: gives it to the services' users, if there are any."""
    if os.geteuid() == 0 and data.is_dir() and ownership.known():
        ownership.apply(data, *ownership.numbers())


@contextmanager
def given_afterwards(data: Path) -> Iterator[None]:
    """What root makes in a data folder within the block belongs to the services' users after it."""
    try:
        yield
    finally:
        apply_if_installed(data)
