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
    host,
    logs,
    manifests,
    sealed,
    server,
    server_backups,
    station,
    words,
)

TARGETS: Final[Mapping[str, Target]] = {
    target.name: target
    for module in (
        documents,
        logs,
        manifests,
        sealed,
        bundles,
        server,
        server_backups,
        door,
        host,
        station,
        words,
        desk,
        accounts,
        counting,
        casework,
    )
    for target in module.TARGETS
}
