"""What a check of the doctor says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from peluit.doctor.installation import Installation

State = Literal["good", "bad", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `says` is one sentence for a tired person; `mend` the ONE command that
    mends it, never empty when it is bad. Neither holds a secret, an item's or file's id, a codename, an
    address of a visitor, or a time finer than a day."""

    check: str
    state: State
    says: str
    mend: str = ""

    def __post_init__(self) -> None:
        if self.state == "bad" and not self.mend:
            raise ValueError(self.check)


Check = Callable[[Installation], Iterable[Finding]]
"""A function of a module of this package. PermissionError: it may not look; any other error: it failed."""
