"""A station with cases in it, made by its own code: ceremony, signed messages, case keys of three reviewers.

The messages are filed as an import files them once they are open; only their sealing and opening is left out,
which `station_import` measures.
"""

import random
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crypto.constants import ID_SIZE
from crypto.message import Report, Text, sign_message
from tests.workstation.office import PASSPHRASE, TODAY, Desk, make_desk
from workstation.filing import file_message
from workstation.station import Station, unlock

REVIEWER: Final = "r1"
SECRET: Final = PASSPHRASE.format(REVIEWER)
_LENGTH: Final = 60
_SYLLABLES: Final = ("ba", "da", "ka", "la", "ma", "na", "pa", "ra", "sa", "ti", "tu", "ngan", "lan", "kar")
_CHANCE: Final = random.Random(5)
VOCABULARY: Final = ["".join(_CHANCE.choices(_SYLLABLES, k=size)) for size in (2, 3, 4) for _ in range(3_000)]


@contextmanager
def filled(cases: int, messages: int = 1) -> Iterator[Desk]:
    """A station with so many cases of so many messages, each of 60 words; its key files cost nothing."""
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="peluit-bench-") as folder:
        desk = make_desk(Path(folder))
        with unlock(desk.folder, REVIEWER, SECRET) as station, station.vault.transaction():
            for _ in range(cases):
                _file(station, desk, messages)
        yield desk


def words() -> str:
    """What somebody might write: about 400 letters."""
    return " ".join(_CHANCE.choices(VOCABULARY, k=_LENGTH))


def _file(station: Station, desk: Desk, messages: int) -> None:
    reporter = desk.reporter()
    for number in range(messages):
        content = Text(words()) if number else Report({"what": words(), "who": "bendahara"})
        message = reporter.message(content)
        document = sign_message(message, reporter.keys.sign)
        name = secrets.token_bytes(ID_SIZE)
        file_message(station, name, document, message, TODAY, station.directory)
