"""The office and the reporter of the vectors."""

from typing import Any

from nacl.signing import SigningKey

from crypto import calendar, codename
from crypto.directory import Channel, Directory, Office, Reviewer
from crypto.fields import ChannelId, Day, InstanceId, OfficeId, ReviewerId
from crypto.item import Context
from crypto.keypairs import KemKeyPair
from crypto.message import Message, Report, Thread
from tests.vectors import forms

Vector = tuple[str, dict[str, Any]]

DAY = Day("2026-11-23")
EPOCH = calendar.epoch_of(DAY)
INSTANCE = InstanceId(bytes(range(16)))
ROOT = SigningKey(bytes([1]) * 32)
SIGN = SigningKey(bytes([2]) * 32)
SEED = bytes([3]) * 32
REPORTER = codename.keys(SEED)
KEYS = {ReviewerId(f"r{n}"): KemKeyPair.from_seed(bytes([n]) * 32) for n in (1, 2, 3)}
NAMES = {"en": "Example City Inspectorate", "id": "Inspektorat Kota Contoh"}
CONTEXT = Context(INSTANCE, OfficeId("kota-contoh"), ChannelId("aduan"))
THREAD = Thread(REPORTER.verify, REPORTER.reply.public, REPORTER.hint)
TITLES = {"en": "Complaint", "id": "Aduan"}
OFFICE = Office(
    INSTANCE,
    CONTEXT.office,
    NAMES,
    ROOT.verify_key.encode(),
    3,
    calendar.add_days(DAY, 182),
    (Channel(CONTEXT.channel, "aduan", "integrity", forms.FORM.id, TITLES, tuple(KEYS)),),
    tuple(
        Reviewer(r, {"en": f"Reviewer {r}", "id": f"Penelaah {r}"}, SIGN.verify_key.encode()) for r in KEYS
    ),
    (forms.FORM,),
    forms.LIMITS,
    forms.NOTES,
)
DIRECTORY = Directory(OFFICE, DAY, {EPOCH: {r: k.public for r, k in KEYS.items()}})
MESSAGE = Message(
    CONTEXT, DAY, 0, "id", (ReviewerId("r2"),), THREAD, Report({"what": "Pungli é 😀", "where": "Dinas"})
)


def vector(name: str, about: str, call: str, given: dict[str, Any], **result: Any) -> Vector:
    return name, {"about": about, "call": call, "input": given, **result}
