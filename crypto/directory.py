"""The key directory and its weekly slices (docs/protocol.md section 4)."""

from dataclasses import dataclass

from nacl.signing import SigningKey

from crypto import calendar, signed
from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import (
    FAMILIES,
    INSTANCE_SIZE,
    KEM_PUBLIC_SIZE,
    KINDS,
    MAX_DIRECTORY_SIZE,
    MAX_EPOCHS,
    MAX_LIST,
    MAX_SLICE_SIZE,
    MAX_U32,
    SLICE_GRACE_DAYS,
    SUITE,
    VERIFY_KEY_SIZE,
)
from crypto.custodians import Custodian, custodians_json, read_custodians
from crypto.errors import ExpiredError, MalformedError, WrongContextError, WrongEpochError
from crypto.fields import (
    ChannelId,
    Day,
    Epoch,
    Fields,
    FormId,
    InstanceId,
    OfficeId,
    ReviewerId,
    distinct,
    identifier,
)
from crypto.forms import Form, Limits, form_json, limits_json, read_form, read_limits
from crypto.kem import RecipientKey
from crypto.names import Names, Notes, read_names, read_notes


@dataclass(frozen=True)
class Channel:
    id: ChannelId
    kind: str
    family: str
    form: FormId
    titles: Names
    recipients: tuple[ReviewerId, ...]


@dataclass(frozen=True)
class Reviewer:
    id: ReviewerId
    titles: Names
    sign: bytes


@dataclass(frozen=True)
class Office:
    """What a directory and each of its slices say alike. `expires` differs between the two.

    As many of the `custodians` as are `needed` open a sealed identity; none if the office takes none.
    """

    instance: InstanceId
    id: OfficeId
    names: Names
    root: bytes
    serial: int
    expires: Day
    channels: tuple[Channel, ...]
    reviewers: tuple[Reviewer, ...]
    forms: tuple[Form, ...]
    evidence: Limits
    notes: Notes
    custodians: tuple[Custodian, ...] = ()
    needed: int = 0

    def channel(self, channel: str) -> Channel | None:
        return next((found for found in self.channels if found.id == channel), None)

    def form(self, form: str) -> Form | None:
        return next((found for found in self.forms if found.id == form), None)

    def reviewer(self, reviewer: str) -> Reviewer | None:
        return next((found for found in self.reviewers if found.id == reviewer), None)


EpochKeys = dict[ReviewerId, RecipientKey]


@dataclass(frozen=True)
class Slice:
    office: Office
    epoch: Epoch
    keys: EpochKeys


@dataclass(frozen=True)
class Directory:
    office: Office
    issued: Day
    epochs: dict[Epoch, EpochKeys]


def sign_directory(directory: Directory, root: SigningKey) -> bytes:
    """The signed document that the station carries to the server."""
    epochs: list[Json] = [{"epoch": e, "keys": _keys_json(k)} for e, k in sorted(directory.epochs.items())]
    body: dict[str, Json] = {"epochs": epochs, "issued": directory.issued, "kind": "directory"}
    return signed.sign(_office_json(directory.office) | body, "directory", root)


def sign_slice(directory: Directory, epoch: Epoch, root: SigningKey) -> bytes:
    """The signed document that a browser gets in that epoch."""
    body = _office_json(directory.office) | {
        "epoch": epoch,
        "expires": calendar.last_day(epoch),
        "keys": _keys_json(directory.epochs[epoch]),
        "kind": "slice",
    }
    return signed.sign(body, "slice", root)


def read_directory(untrusted_document: bytes, root: bytes) -> Directory:
    """The directory that this root key (32 bytes) signed; any ProtocolError otherwise."""
    fields = Fields(signed.verify(untrusted_document, "directory", root, MAX_DIRECTORY_SIZE))
    fields.suite_and_kind("directory")
    issued = fields.day("issued")
    untrusted_epochs = fields.list_of("epochs", Fields, 1, MAX_EPOCHS)
    office = _read_office(fields, root)
    epochs: dict[Epoch, EpochKeys] = {}
    for entry in untrusted_epochs:
        epoch = Epoch(entry.integer("epoch", max(epochs, default=-1) + 1, MAX_U32))
        epochs[epoch] = _read_keys(entry.take("keys"), office)
        entry.end()
    return Directory(office, issued, epochs)


def root_of(untrusted_document: bytes) -> bytes:
    """The root key that a directory names, before anything is checked: for a person to compare."""
    return Fields(signed.peek(untrusted_document, MAX_DIRECTORY_SIZE)).data("root", VERIFY_KEY_SIZE)


def read_slice(untrusted_document: bytes, root: bytes) -> Slice:
    """The slice that this root key (32 bytes) signed; any ProtocolError otherwise."""
    fields = Fields(signed.verify(untrusted_document, "slice", root, MAX_SLICE_SIZE))
    fields.suite_and_kind("slice")
    epoch = Epoch(fields.integer("epoch", 0, MAX_U32))
    untrusted_keys = fields.take("keys")
    office = _read_office(fields, root)
    if office.expires != calendar.last_day(epoch):
        raise MalformedError
    return Slice(office, epoch, _read_keys(untrusted_keys, office))


def check_slice(found: Slice, instance: InstanceId, office: OfficeId, on: Day) -> None:
    """Whether a client may seal to this slice on this day.

    WrongContextError, ExpiredError, WrongEpochError (protocol.md section 4).
    """
    if found.office.instance != instance or found.office.id != office:
        raise WrongContextError
    if calendar.add_days(found.office.expires, SLICE_GRACE_DAYS) < on:
        raise ExpiredError
    if found.epoch not in calendar.epochs_near(on, SLICE_GRACE_DAYS):
        raise WrongEpochError


def _keys_json(keys: EpochKeys) -> Json:
    return {reviewer: b64(key) for reviewer, key in keys.items()}


def _office_json(office: Office) -> dict[str, Json]:
    channels: list[Json] = [
        {
            "family": c.family,
            "form": c.form,
            "id": c.id,
            "kind": c.kind,
            "recipients": list(c.recipients),
            "titles": dict(c.titles),
        }
        for c in office.channels
    ]
    reviewers: list[Json] = [
        {"id": r.id, "sign": b64(r.sign), "titles": dict(r.titles)} for r in office.reviewers
    ]
    return {
        "channels": channels,
        "custodians": list(custodians_json(office.custodians)),
        "evidence": limits_json(office.evidence),
        "expires": office.expires,
        "forms": [form_json(form) for form in office.forms],
        "instance": b64(office.instance),
        "needed": office.needed,
        "notes": dict(office.notes),
        "office": {"id": office.id, "names": dict(office.names)},
        "reviewers": reviewers,
        "root": b64(office.root),
        "serial": office.serial,
        "suite": SUITE,
    }


def _read_office(fields: Fields, root: bytes) -> Office:
    untrusted_office = Fields(fields.take("office"))
    custodians, needed = read_custodians(fields)
    office = Office(
        instance=InstanceId(fields.data("instance", INSTANCE_SIZE)),
        id=OfficeId(untrusted_office.id("id")),
        names=read_names(untrusted_office.take("names")),
        root=fields.data("root", VERIFY_KEY_SIZE),
        serial=fields.integer("serial", 1, MAX_U32),
        expires=fields.day("expires"),
        channels=fields.list_of("channels", read_channel, 1, MAX_LIST),
        reviewers=fields.list_of("reviewers", _read_reviewer, 1, MAX_LIST),
        forms=fields.list_of("forms", read_form, 1, MAX_LIST),
        evidence=read_limits(fields.take("evidence")),
        notes=read_notes(fields.take("notes")),
        custodians=custodians,
        needed=needed,
    )
    untrusted_office.end()
    fields.end()
    if office.root != root:
        raise WrongContextError
    _check_references(office)
    return office


def _check_references(office: Office) -> None:
    reviewers = [reviewer.id for reviewer in office.reviewers]
    for ids in (reviewers, [c.id for c in office.channels], [form.id for form in office.forms]):
        distinct(ids)
    for channel in office.channels:
        distinct(channel.recipients)
        if not set(reviewers).issuperset(channel.recipients) or office.form(channel.form) is None:
            raise MalformedError


def read_channel(untrusted_value: object) -> Channel:
    """MalformedError; whether recipients and form are of the same document is not known here."""
    fields = Fields(untrusted_value)
    channel = Channel(
        id=ChannelId(fields.id("id")),
        kind=fields.one_of("kind", KINDS),
        family=fields.one_of("family", FAMILIES),
        form=FormId(fields.id("form")),
        titles=read_names(fields.take("titles")),
        recipients=fields.list_of("recipients", lambda value: ReviewerId(identifier(value)), 1, MAX_LIST),
    )
    fields.end()
    if channel.family != "none" and channel.kind != "aduan":
        raise MalformedError
    return channel


def _read_reviewer(untrusted_value: object) -> Reviewer:
    fields = Fields(untrusted_value)
    reviewer = Reviewer(
        ReviewerId(fields.id("id")), read_names(fields.take("titles")), fields.data("sign", VERIFY_KEY_SIZE)
    )
    fields.end()
    return reviewer


def _read_keys(untrusted_value: object, office: Office) -> EpochKeys:
    fields = Fields(untrusted_value)
    keys = {r.id: RecipientKey(fields.data(r.id, KEM_PUBLIC_SIZE)) for r in office.reviewers}
    fields.end()
    return keys
