"""Training installations: their id begins with `LATIHAN-`, and stands in everything that is signed or sealed.

So no flag can be forgotten or taken off: what a training station makes belongs to no real installation, and
the other way round (docs/protocol.md section 1).
"""

import secrets
from typing import Final

from crypto.constants import INSTANCE_SIZE
from crypto.fields import InstanceId

PREFIX: Final = b"LATIHAN-"
"""A real id is random: one in 2^64 would begin so, and the ceremony refuses it."""


def new_instance() -> InstanceId:
    """A name for a new training installation."""
    return InstanceId(PREFIX + secrets.token_bytes(INSTANCE_SIZE - len(PREFIX)))


def is_training(instance: InstanceId) -> bool:
    """Whether an installation is for training only."""
    return instance.startswith(PREFIX)
