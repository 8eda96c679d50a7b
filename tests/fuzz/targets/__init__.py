"""What is fuzzed, by name."""

from collections.abc import Mapping
from typing import Final

from tests.fuzz.target import Target
from tests.fuzz.targets import (
    accounts,
    bundles,
    casework,
    counting,
    desk,
    documents,
    door,
    logs,
    sealed,
    server,
    station,
    words,
)

TARGETS: Final[Mapping[str, Target]] = {
    target.name: target
    for module in (
        documents,
        logs,
        sealed,
        bundles,
        server,
        door,
        station,
        words,
        desk,
        accounts,
        counting,
        casework,
    )
    for target in module.TARGETS
}
