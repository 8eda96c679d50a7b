"""What comes from other offices: a disposition, which becomes a case of its own; and to what we had passed
on, its receipt and its answers.

The sender must be in the registry, with the keys that signed it, and not be revoked. A disposition has the
thread that its id gives it, so that one that comes again is seen; a receipt or an answer is kept once, in the
case that it belongs to.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from crypto import disposition
from crypto.binding import b64, bind
from crypto.canonical import Json
from crypto.codename import thread_id
from crypto.constants import KEM_PUBLIC_SIZE
from crypto.disposition import Disposition
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, Day
from crypto.kem import RecipientKey
from crypto.message import Thread
from workstation import caselog, cases, dispatch, files, searching, texts
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.words import checked
from workstation.dispositions import kept, stick
from workstation.dispositions.kept import Forwarded, Received
from workstation.filing import Filed
from workstation.head import EXCERPT, Head
from workstation.offices import registry
from workstation.offices.office_errors import (
    AnsweredTwiceError,
    DispositionTooLongError,
    NoPlaceError,
    NoSuchDispositionError,
    NotForThisCaseError,
    OldKeysError,
    ReplayedError,
    RevokedOfficeError,
    UnknownSenderError,
)
from workstation.offices.registry import Office
from workstation.review import conflict
from workstation.station import Station
from workstation.texts import _


@dataclass(frozen=True)
class Sent:
    """What we sent back: the case as it is now, and the file that was written if it did not go by server."""

    case: Case
    path: Path | None


def take(station: Station, channel: ChannelId, untrusted_document: bytes, received: Day) -> Filed | None:
    """Files what another office wrote, opened from an item of a channel; None if its case is not for the
    reviewer who is here. Inside a transaction of the caller.

    UnknownSenderError, RevokedOfficeError; ReplayedError if it was filed before.
    """
    office, document, key = _sender(station, untrusted_document)
    if document.kind == "disposition":
        return _begin(station, office, document, untrusted_document, key, channel, received)
    return _come_back(station, office, document, untrusted_document, key, received)


def answer(station: Station, case: Case, text: str, on: Day, to: Path | None = None) -> Sent:
    """Answers the office that a case came from, through the server or as a file; again if there is more.

    NotForThisCaseError, WordsMissingError, DispositionTooLongError, RevokedOfficeError, NoPlaceError,
    OldKeysError, and those of writing a file.
    """
    found = _of_office(station, case)
    words = checked(text, _("the text"), longest=disposition.LARGEST)
    reply = _reply(station, found.document, "answer", on, words)
    document = _signed(station, reply)
    with station.vault.transaction():
        office = registry.find(station.vault, found.office)
        details = kept.own(document, station.keys.sign) | {"way": _way(office)}
        case, _step = journal.add(station, case, "answered-to-office", details, on)
        case = cases.update(station, case, replace(case.head, answered=case.head.messages))
        path = _send(station, office, document, reply, on, to)
    return Sent(case, path)


def receipt(station: Station, case: Case, on: Day, to: Path) -> Path | None:
    """Writes the receipt for a disposition of an office on another server; None if the office is connected,
    as then one went by itself. NotForThisCaseError, and as `answer`."""
    found = _of_office(station, case)
    office = registry.find(station.vault, found.office)
    if office.state == "connected":
        return None
    reply = _reply(station, found.document, "receipt", on)
    return _send(station, office, _signed(station, reply), reply, on, to)


def answered_on_paper(station: Station, case: Case, number: int, text: str, on: Day) -> Case:
    """Keeps an answer that came as a letter, to disposition `number` of a case.

    NoSuchDispositionError, WordsMissingError, AnsweredTwiceError.
    """
    words = checked(text, _("the answer"), longest=disposition.LARGEST)
    found = of_number(kept.forwarded(journal.of_case(station, case)), case, number)
    if words in [each.text for each in found.answers]:
        raise AnsweredTwiceError
    details = {"id": b64(found.document.id), "text": words}
    with station.vault.transaction():
        return journal.add(station, case, "answered-by-office", details, on)[0]


def of_number(found: Sequence[Forwarded], case: Case, number: int) -> Forwarded:
    """NoSuchDispositionError."""
    for each in found:
        if each.number == number:
            return each
    raise NoSuchDispositionError(case=case.number, number=number)


def _sender(station: Station, untrusted_document: bytes) -> tuple[Office, Disposition, bytes]:
    """Whose it is, what it says, and the key that signed it."""
    try:
        untrusted_office = disposition.sender_of(untrusted_document)
    except ProtocolError:
        raise UnknownSenderError from None
    own = station.keys.place.office
    for office in registry.listed(station.vault):
        directory = office.directory
        if directory is None or directory.office.id != untrusted_office:
            continue
        keys = {reviewer.id: reviewer.sign for reviewer in directory.office.reviewers}
        try:
            found = disposition.read_disposition(
                untrusted_document, keys, directory.office.instance, directory.office.id, own
            )
        except ProtocolError:
            continue
        if office.state == "revoked":
            raise RevokedOfficeError(office=office.id, day=office.since)
        return office, found, keys[found.reviewer]
    raise UnknownSenderError


def _begin(
    station: Station,
    office: Office,
    document: Disposition,
    untrusted_document: bytes,
    key: bytes,
    channel: ChannelId,
    received: Day,
) -> Filed:
    thread = _thread(document)
    if cases.exists(station, thread_id(thread.verify)):
        raise ReplayedError
    said = [document.subject, document.text, *(text for _title, text in document.answers)]
    head = Head(
        channel=channel,
        language=texts.language(),
        thread=thread,
        excluded=(),
        first=received,
        last=received,
        messages=1,
        evidence=len(document.evidence),
        excerpt=" ".join(next((text for text in said if text.strip()), "")[:EXCERPT].split()),
        arrival="office",
        way_back=False,
    )
    out = conflict.kept_out(station.vault, head)
    recipients = station.recipients(channel) or ()
    readers = [reviewer for reviewer in recipients if reviewer not in out] or list(recipients)
    case = cases.create(station, head, readers)
    searching.add(station, case, said)
    details = kept.sealed_in(untrusted_document, key) | {"due": document.due, "office": office.id}
    case, _step = journal.add(station, case, "came-from-office", details, received)
    caselog.write(station, case.key, "filed", 1)
    if office.state == "connected":
        _receipt_by_server(station, office, document, received)
    return Filed(case.number, new=True)


def _receipt_by_server(station: Station, office: Office, to: Disposition, on: Day) -> None:
    """Nothing if the keys that we have of that office have run out: what it sent is kept all the same."""
    with suppress(OldKeysError):
        dispatch.queue(station, office, _signed(station, _reply(station, to, "receipt", on)), [])


def _come_back(
    station: Station,
    office: Office,
    document: Disposition,
    untrusted_document: bytes,
    key: bytes,
    received: Day,
) -> Filed | None:
    """A receipt or an answer, into the case of its disposition; only from the office that got that."""
    for case in cases.readable(station):
        steps = journal.of_case(station, case) if case.head.steps else []
        if not kept.has_sent(steps, document.id):
            continue
        for each in kept.forwarded(steps):
            if each.document.id != document.id:
                continue
            if each.office != office.id:
                raise UnknownSenderError
            return _keep_return(
                station, case, each, document, kept.sealed_in(untrusted_document, key), received
            )
    return None


def _keep_return(
    station: Station,
    case: Case,
    sent: Forwarded,
    document: Disposition,
    sealed_in: dict[str, Json],
    received: Day,
) -> Filed:
    name: dict[str, Json] = {"id": b64(document.id)}
    if document.kind == "receipt":
        if sent.receipt is not None:
            raise ReplayedError
        journal.add(station, case, "receipted-by-office", name, received)
        return Filed(case.number, new=False)
    if document in [each.document for each in sent.answers]:
        raise ReplayedError
    case, _step = journal.add(station, case, "answered-by-office", name | sealed_in, received)
    searching.add(station, case, [document.text, *(text for _title, text in document.answers)])
    cases.update(
        station, case, replace(case.head, messages=case.head.messages + 1, last=max(case.head.last, received))
    )
    return Filed(case.number, new=False)


def _thread(document: Disposition) -> Thread:
    """A thread that nobody holds the keys of: only its name is used."""
    name = bind("vault", b"disposition", document.instance, document.office.encode(), document.id)
    nothing = bytes(KEM_PUBLIC_SIZE)
    return Thread(hashlib.sha256(name).digest(), RecipientKey(nothing), bytes(32))


def _reply(station: Station, to: Disposition, kind: str, on: Day, text: str = "") -> Disposition:
    """A document that goes back under the same id."""
    place = station.keys.place
    return Disposition(
        id=to.id,
        kind=kind,
        instance=place.instance,
        office=place.office,
        reviewer=station.reviewer,
        to_office=to.office,
        day=on,
        text=text,
    )


def _signed(station: Station, document: Disposition) -> bytes:
    try:
        return disposition.sign_disposition(document, station.keys.sign)
    except (ProtocolError, UnicodeEncodeError):
        raise DispositionTooLongError(size=len(document.text), limit=disposition.LARGEST) from None


def _of_office(station: Station, case: Case) -> Received:
    found = kept.received(station, case) if case.head.arrival == "office" else None
    if found is None:
        raise NotForThisCaseError(number=case.number)
    return found


def _way(office: Office) -> kept.Way:
    return "server" if office.state == "connected" else "file"


def _send(
    station: Station, office: Office, document: bytes, reply: Disposition, on: Day, to: Path | None
) -> Path | None:
    """Queues it for the server, or writes it into a folder."""
    if office.state == "revoked":
        raise RevokedOfficeError(office=office.id, day=office.since)
    if office.state == "connected":
        dispatch.queue(station, office, document, [], on)
        return None
    if to is None:
        raise NoPlaceError(office=office.id)
    with files.unnamed(to) as file:
        stick.write(file, office, document, [], on)
        for path in files.free_names(to / f"peluit-{reply.kind}-{reply.id.hex()[:12]}.peluit"):
            file.name(path)
            return path
    raise NoPlaceError(office=office.id)
