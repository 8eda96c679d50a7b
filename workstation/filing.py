"""Put an opened message into its case."""

from dataclasses import dataclass, replace

from crypto.codename import thread_id
from crypto.directory import Directory
from crypto.fields import Day
from crypto.forms import Form
from crypto.message import Evidence, Identity, Message, Report, is_threat
from workstation import answers, caselog, cases, searching
from workstation.cases import Case
from workstation.casework import deposits
from workstation.head import EXCERPT, Head
from workstation.meta import Meta, write_meta
from workstation.station import Station


@dataclass(frozen=True)
class Filed:
    """Where a message went."""

    number: int
    new: bool


def file_message(
    station: Station,
    item: bytes,
    document: bytes,
    message: Message,
    received: Day,
    under: Directory,
) -> Filed | None:
    """Files a message that the reviewer who is here has opened; None if its case is not for this reviewer.

    `received` is the day on which the server took it in, `under` the directory under which it was written;
    the readers of a new case are the recipients of today. Inside a transaction of the caller.
    """
    thread = thread_id(message.thread.verify)
    case = cases.of_thread(station, thread)
    if case is None and cases.exists(station, thread):
        return None
    new = case is None
    if case is None:
        case = _create(station, message, received)
    case = cases.exclude(station, case, message.excluded)
    _add(station, case, item, document, message, received, under)
    if isinstance(message.content, Identity):
        deposits.destroy_taken_back(station, case)
    return Filed(case.number, new)


def _create(station: Station, message: Message, received: Day) -> Case:
    head = Head(
        channel=message.context.channel,
        language=message.language,
        thread=message.thread,
        excluded=message.excluded,
        first=received,
        last=received,
    )
    readers = station.recipients(head.channel) or ()
    return cases.create(station, head, [r for r in readers if r not in message.excluded])


def _add(
    station: Station,
    case: Case,
    item: bytes,
    document: bytes,
    message: Message,
    received: Day,
    under: Directory,
) -> None:
    head = case.head
    is_report, is_evidence = (isinstance(message.content, kind) for kind in (Report, Evidence))
    channel = under.office.channel(message.context.channel)
    meta = Meta(
        received=received,
        channel=message.context.channel,
        recipients=channel.recipients if channel else (),
        sequence=head.messages + 1,
        evidence=head.evidence + 1 if is_evidence else 0,
        directory=under.office.serial,
    )
    station.vault.rows(
        'INSERT INTO messages (item, "case", meta, document) VALUES (?, ?, ?, ?)',
        item,
        case.number,
        case.key.seal(write_meta(meta), *cases.place(b"meta", item)),
        case.key.seal(document, *cases.place(b"document", item)),
    )
    caselog.write(station, case.key, "filed", meta.sequence)
    form = under.office.form(channel.form) if channel else None
    searching.add(station, case, searching.said(message, form))
    cases.update(
        station,
        case,
        replace(
            head,
            first=min(head.first, received),
            counted=head.counted if head.first <= received else "",
            last=max(head.last, received),
            messages=head.messages + 1,
            evidence=head.evidence + is_evidence,
            threats=head.threats + is_threat(message),
            excerpt=_excerpt(message, form) if is_report or not head.excerpt else head.excerpt,
        ),
    )


def _excerpt(message: Message, form: Form | None) -> str:
    """The beginning of the first text in own words, on one line; what was only chosen says too little."""
    told = list(searching.said(message, form))
    if isinstance(message.content, Report):
        pairs = answers.in_order(message.content.answers, form)
        told = [message.content.answers[name] for name, field in pairs if not (field and field.choices)]
    first = next((text for text in told if text.strip()), "")
    return " ".join(first[:EXCERPT].split())
