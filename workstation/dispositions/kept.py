"""Dispositions as they stand in the journal of a case: what went out, what came back, what came in.

Each signed document is kept with the key that had signed it, so that it can be proved again when its author's
keys have long been renewed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

from nacl.signing import SigningKey

from crypto import disposition, signed
from crypto.binding import b64, unb64
from crypto.canonical import Json
from crypto.constants import HASH_SIZE, ID_SIZE, INSTANCE_SIZE, MAX_BLOB_SIZE, MAX_U32, VERIFY_KEY_SIZE
from crypto.disposition import Disposition
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, InstanceId, OfficeId, ReviewerId
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.journal import Step
from workstation.errors import VaultDamagedError
from workstation.station import Station

Way = Literal["server", "file", "paper"]
WAYS: Final[tuple[Way, ...]] = ("server", "file", "paper")
"""How a disposition goes: through our server, as a sealed file on a stick, or as a letter."""


@dataclass(frozen=True)
class Passed:
    """A piece of evidence of the case that was passed on: its number, and SHA-256 and size of what went."""

    number: int
    original: bool
    sha256: bytes
    size: int


@dataclass(frozen=True)
class Answer:
    """What an office answered: `document` if it came signed, the words alone if it came on paper."""

    day: Day
    text: str
    document: Disposition | None = None


@dataclass(frozen=True)
class Forwarded:
    """A disposition that went out of a case; `number` counts those of a case from 1, `step` is its step.
    `office` is an id of the registry, `due` the day by which it must answer, `about_itself`: whether it was
    the very office that the case is about; `receipt`: the day of it."""

    number: int
    step: int
    day: Day
    reviewer: ReviewerId
    office: OfficeId
    way: Way
    due: Day
    grant: bool
    about_itself: bool
    document: Disposition
    evidence: tuple[Passed, ...]
    receipt: Day | None = None
    answers: tuple[Answer, ...] = ()

    def late(self, on: Day) -> bool:
        """Whether the office should have answered by now."""
        return not self.answers and self.due < on


@dataclass(frozen=True)
class Received:
    """The disposition that a case began with. `office`: the sender's id in the registry."""

    day: Day
    office: OfficeId
    document: Disposition


@dataclass(frozen=True)
class Replied:
    """What we answered to the sender."""

    step: int
    day: Day
    reviewer: ReviewerId
    way: Way
    document: Disposition


def sealed_in(document: bytes, key: bytes) -> dict[str, Json]:
    """The fields of a step that keep a signed document and the Ed25519 key (32 bytes) that signed it."""
    return {"document": b64(document), "key": b64(key)}


def own(document: bytes, key: SigningKey) -> dict[str, Json]:
    """The same for a document that was signed here."""
    return sealed_in(document, key.verify_key.encode())


def forwarded_json(
    name: bytes, office: OfficeId, way: Way, due: Day, about_itself: bool, passed: Sequence[Passed]
) -> dict[str, Json]:
    """The other fields of a step of the kind `forwarded`; `name` is the id of its disposition."""
    pieces: list[Json] = [
        {"number": each.number, "original": each.original, "sha256": b64(each.sha256), "size": each.size}
        for each in passed
    ]
    return {
        "about_itself": about_itself,
        "due": due,
        "evidence": pieces,
        "id": b64(name),
        "office": office,
        "way": way,
    }


def forwarded(steps: Sequence[Step]) -> list[Forwarded]:
    """Every disposition of a case, the oldest first, with what came back; VaultDamagedError."""
    try:
        receipts: dict[bytes, Day] = {}
        for step in journal.of_kind(steps, "receipted-by-office"):
            receipts.setdefault(Fields(dict(step.details)).data("id", ID_SIZE), step.day)
        answers: dict[bytes, list[Answer]] = {}
        for step in journal.of_kind(steps, "answered-by-office"):
            name, answer = _answer(step)
            answers.setdefault(name, []).append(answer)
        found = journal.of_kind(steps, "forwarded")
        return [_forwarded(number, step, receipts, answers) for number, step in enumerate(found, 1)]
    except ProtocolError:
        raise VaultDamagedError from None


def received(station: Station, case: Case) -> Received | None:
    """The disposition that a case began with; VaultDamagedError."""
    found = journal.of_kind(journal.of_case(station, case), "came-from-office")
    return received_in(found[0]) if found else None


def received_in(step: Step) -> Received:
    """The same from its step."""
    try:
        fields = Fields(dict(step.details))
        return Received(step.day, OfficeId(fields.id("office")), _document(fields))
    except ProtocolError:
        raise VaultDamagedError from None


def replied(steps: Sequence[Step]) -> list[Replied]:
    """What we answered to the sender of the disposition that the case began with."""
    try:
        return [_replied(step) for step in journal.of_kind(steps, "answered-to-office")]
    except ProtocolError:
        raise VaultDamagedError from None


def has_sent(steps: Sequence[Step], name: bytes) -> bool:
    """Whether the disposition of this id went out of a case; nothing is proved, so that it is quick."""
    return any(step.details.get("id") == b64(name) for step in journal.of_kind(steps, "forwarded"))


def awaited(steps: Sequence[Step]) -> list[Day]:
    """The days by which offices must answer that have not. Nothing is proved here, nor in `wanted`, so that
    a list of a thousand cases stays quick."""
    answered = {step.details.get("id") for step in journal.of_kind(steps, "answered-by-office")}
    waiting = [step for step in journal.of_kind(steps, "forwarded") if step.details.get("id") not in answered]
    return _days(waiting)


def wanted(steps: Sequence[Step]) -> list[Day]:
    """The day by which the sender of the disposition wants an answer, if it named one and has none."""
    return (
        []
        if journal.of_kind(steps, "answered-to-office")
        else _days(journal.of_kind(steps, "came-from-office"))
    )


def _days(steps: Sequence[Step]) -> list[Day]:
    return [Day(str(step.details["due"])) for step in steps if step.details.get("due")]


def _forwarded(
    number: int, step: Step, receipts: Mapping[bytes, Day], answers: Mapping[bytes, list[Answer]]
) -> Forwarded:
    fields = Fields(dict(step.details))
    document = _document(fields)
    found = Forwarded(
        number=number,
        step=step.number,
        day=step.day,
        reviewer=step.reviewer,
        office=OfficeId(fields.id("office")),
        way=cast(Way, fields.one_of("way", WAYS)),
        due=fields.day("due"),
        grant=document.right is not None,
        about_itself=fields.take("about_itself") is True,
        document=document,
        evidence=fields.list_of("evidence", _passed, 0, disposition.MOST_EVIDENCE),
        receipt=receipts.get(document.id),
        answers=tuple(answers.get(document.id, ())),
    )
    if fields.data("id", ID_SIZE) != document.id:
        raise VaultDamagedError
    fields.end()
    return found


def _answer(step: Step) -> tuple[bytes, Answer]:
    fields = Fields(dict(step.details))
    name = fields.data("id", ID_SIZE)
    if "document" in fields.names():
        document = _document(fields)
        return name, Answer(step.day, document.text, document)
    return name, Answer(step.day, fields.text("text", disposition.LARGEST))


def _replied(step: Step) -> Replied:
    fields = Fields(dict(step.details))
    way = cast(Way, fields.one_of("way", WAYS))
    return Replied(step.number, step.day, step.reviewer, way, _document(fields))


def _passed(value: object) -> Passed:
    fields = Fields(value)
    found = Passed(
        fields.integer("number", 1, MAX_U32),
        fields.take("original") is True,
        fields.data("sha256", HASH_SIZE),
        fields.integer("size", 0, MAX_BLOB_SIZE),
    )
    fields.end()
    return found


def _document(fields: Fields) -> Disposition:
    """What was kept by `sealed_in`, proved again against the key that stands beside it."""
    text = fields.text("document")
    document, key = unb64(text, len(text) * 3 // 4), fields.data("key", VERIFY_KEY_SIZE)
    said = Fields(signed.peek(document, disposition.LARGEST))
    author = ReviewerId(said.id("reviewer"))
    instance = InstanceId(said.data("instance", INSTANCE_SIZE))
    return disposition.read_disposition(
        document, {author: key}, instance, OfficeId(said.id("office")), OfficeId(said.id("to_office"))
    )
