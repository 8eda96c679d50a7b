"""A station for a workshop: a made-up office with cases in every stage, which cannot meet a real one.

Its installation's id is one for training (crypto/training.py), so no server takes it, no bundle of a real
server fits it, and a backup of it restores to such a station again. Cases come about by the very acts that
the commands use (training_acts.py); what they are about stands in training.json.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from crypto import calendar, codename, training
from crypto.constants import ID_SIZE
from crypto.fields import ChannelId, Day, OfficeId, ReviewerId
from crypto.message import Content, Message, Report, Text, Thread, sign_message
from crypto.words import words
from workstation import ceremony, files, filing, watermark
from workstation.byhand import attaching, intake
from workstation.byhand.entry import Entry
from workstation.casework.errors import TrainingFolderError
from workstation.ceremony import Held, Passphrases
from workstation.errors import CannotWriteError
from workstation.keyfile import DEFAULT_COST, OFFICE, Cost
from workstation.offices import registry
from workstation.plan import Plan
from workstation.progress import SILENT
from workstation.reasons import reason
from workstation.station import Station, unlock
from workstation.workshop import training_acts, training_bundle, training_cards
from workstation.workshop.training_acts import Story
from workstation.workshop.training_evidence import MAKERS

_DATA: Final = Path(__file__).with_name("training.json")
_WORDS: Final = 5


@dataclass(frozen=True)
class Made:
    """What lies in the folder: the station, the stick with a bundle to import, and the cards to print."""

    folder: Path
    cases: int
    bundle: Path
    cards: Path

    @property
    def station(self) -> Path:
        return self.folder / "station"


def make(folder: Path, on: Day, cost: Cost = DEFAULT_COST) -> Made:
    """Makes a workshop in a new folder; TrainingFolderError, and the errors of a ceremony."""
    if folder.exists():
        raise TrainingFolderError(path=folder)
    data = json.loads(_DATA.read_bytes())
    try:
        for path in (folder, folder / "stick", folder / "letters", folder / "passphrases"):
            path.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise CannotWriteError(path=folder, reason=reason(error)) from None
    spoken = _passphrases([each["id"] for each in data["reviewers"]])
    held = ceremony.hold(folder / "station", _plan(data), spoken, folder / "stick", on, cost)
    first, second, *_ = spoken.reviewers
    with unlock(folder / "station", first, spoken.reviewers[first]) as station:
        registry.add(station, [registry.read_office(each, each["id"]) for each in data["offices"]], on)
        stories = [_story(station, each, on) for each in data["cases"]]
        for each in data["by_hand"]:
            intake.take(station, _entry(each, on), on)
    actors = cycle((first, second))
    while not all(story.over for story in stories):
        actor = next(actors)
        with unlock(folder / "station", actor, spoken.reviewers[actor]) as station:
            for story in stories:
                training_acts.go_on(station, story, stories, data["texts"], folder / "letters", on)
    bundle = training_bundle.write(held, data["bundle"], folder / "stick", on)
    return Made(folder, len(stories) + len(data["by_hand"]), bundle, _cards(folder, held, spoken))


def _plan(data: Mapping[str, Any]) -> Plan:
    names = {
        language: f"{watermark.NAMES[language]}: {name}" for language, name in data["office"]["names"].items()
    }
    reviewers = {ReviewerId(each["id"]): each["titles"] for each in data["reviewers"]}
    return Plan(OfficeId(data["office"]["id"]), names, reviewers, training.new_instance())


def _passphrases(reviewers: Sequence[str]) -> Passphrases:
    return Passphrases(_passphrase(), {ReviewerId(reviewer): _passphrase() for reviewer in reviewers})


def _passphrase() -> str:
    listed = words("id")
    return "-".join(secrets.choice(listed) for _ in range(_WORDS))


def _entry(given: Mapping[str, Any], on: Day) -> Entry:
    received = calendar.add_days(on, -given["days"])
    return Entry(ChannelId(given["channel"]), given["arrival"], received, "id", given["answers"])


def _story(station: Station, given: Mapping[str, Any], on: Day) -> Story:
    """Files a report with its messages and evidence, and says what will be done with it."""
    keys, channel = codename.keys(secrets.token_bytes(32)), ChannelId(given["channel"])
    received = calendar.add_days(on, -given["days"])
    sealed = []
    for kind in given.get("evidence", ()):
        name, maker = MAKERS[kind]
        file = maker()
        sealed.append(attaching.seal_from(station, BytesIO(file), len(file), name, SILENT))
    contents: list[Content] = [Report(given["answers"]), *(each.evidence for each in sealed)]
    contents += [Text(text) for text in given.get("messages", ())]
    thread, number = Thread(keys.verify, keys.reply.public, keys.hint), 0
    with station.vault.transaction():
        for each in sealed:
            attaching.enter(station, each)
        for order, content in enumerate(contents):
            message = Message(station.context(channel), received, order, "id", (), thread, content)
            document = sign_message(message, keys.sign)
            item = secrets.token_bytes(ID_SIZE)
            filed = filing.file_message(station, item, document, message, received, station.directory)
            assert filed is not None
            number = filed.number
    return Story(number, received, given)


def _cards(folder: Path, held: Held, spoken: Passphrases) -> Path:
    """Writes each passphrase into a file of its own, for scripts, and all of them onto cards, for people."""
    for owner, passphrase in ((OFFICE, spoken.office), *spoken.reviewers.items()):
        files.write_new(folder / "passphrases" / owner, [f"{passphrase}\n".encode()])
    path = folder / "kartu-peserta.html"
    files.write_new(path, [training_cards.page(held.directory.office, spoken).encode()])
    return path
