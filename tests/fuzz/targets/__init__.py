"""What is fuzzed, by name."""

from collections.abc import Mapping
from typing import Final

from tests.fuzz.target import Target
from tests.fuzz.targets import bundles, desk, documents, door, logs, sealed, server, station, words

TARGETS: Final[Mapping[str, Target]] = {
    target.name: target
    for module in (documents, logs, sealed, bundles, server, door, station, words, desk)
    for target in module.TARGETS
}
