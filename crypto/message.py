"""What is inside a sealed item: report, message, evidence and the rest (docs/protocol.md section 6)."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from nacl.signing import SigningKey

from crypto import signed
from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import (
    HASH_SIZE,
    ID_SIZE,
    INSTANCE_SIZE,
    KEM_PUBLIC_SIZE,
    LANGUAGES,
    MAX_ANSWERS,
    MAX_BLOB_SIZE,
    MAX_LIST,
    MAX_NAME_LENGTH,
    MAX_STARS,
    MAX_TYPE_LENGTH,
    MAX_U32,
    PAYLOAD_SIZES,
    SUITE,
    VERIFY_KEY_SIZE,
)
from crypto.errors import MalformedError, WrongContextError
from crypto.fields import ChannelId, Day, Fields, InstanceId, OfficeId, ReviewerId, identifier
from crypto.item import Context
from crypto.kem import RecipientKey
from crypto.sealed_identity import Owner, SealedIdentity, read_sealed, sealed_json

TEXT_KINDS: Final = ("message", "objection", "threat", "withdrawal")
_KINDS: Final = (*TEXT_KINDS, "evidence", "identity", "rating", "report")


@dataclass(frozen=True)
class Thread:
    """The public material of a codename that replies are made with."""

    verify: bytes
    reply: RecipientKey
    hint: bytes


@dataclass(frozen=True)
class Report:
    answers: dict[str, str]


@dataclass(frozen=True)
class Text:
    """Words of the reporter; `kind` is one of `TEXT_KINDS`."""

    text: str
    kind: str = "message"


@dataclass(frozen=True)
class Rating:
    """What the reporter thinks of the reply with this number: 1 to 5 stars."""

    reply: int
    stars: int
    text: str


@dataclass(frozen=True)
class Evidence:
    """Where an evidence blob is and what opens it. Name and type are whatever the reporter's device said."""

    blob: bytes
    key: bytes
    untrusted_name: str
    untrusted_type: str
    size: int
    chunks: bytes


@dataclass(frozen=True)
class Identity:
    """The reporter's name for the custodians; None takes back every one of this day and before."""

    sealed: SealedIdentity | None


Content: TypeAlias = Report | Text | Rating | Evidence | Identity


@dataclass(frozen=True)
class Message:
    context: Context
    day: Day
    order: int
    language: str
    excluded: tuple[ReviewerId, ...]
    thread: Thread
    content: Content

    @property
    def owner(self) -> Owner:
        """Whose identity it is, if it brings one."""
        return Owner(self.context.instance, self.context.office, self.thread.verify)


def is_threat(message: Message) -> bool:
    """Whether the reporter says with it that somebody threatens or punishes them."""
    return isinstance(message.content, Text) and message.content.kind == "threat"


def sign_message(message: Message, key: SigningKey) -> bytes:
    """The signed document of a message, signed by the codename's key."""
    kind, content = _content_json(message.content)
    body: Json = {
        "channel": message.context.channel,
        "content": content,
        "day": message.day,
        "excluded": list(message.excluded),
        "instance": b64(message.context.instance),
        "kind": kind,
        "language": message.language,
        "office": message.context.office,
        "order": message.order,
        "suite": SUITE,
        "thread": thread_json(message.thread),
    }
    return signed.sign(body, "message", key)


def thread_json(thread: Thread) -> Json:
    """The material of a thread as it stands in a document."""
    return {"hint": b64(thread.hint), "reply": b64(thread.reply), "verify": b64(thread.verify)}


def read_message(untrusted_document: bytes, context: Context, recipients: tuple[ReviewerId, ...]) -> Message:
    """The message in an opened payload, checked against where it was received.

    `recipients` are those of the channel. Any ProtocolError but ExpiredError.
    """
    fields = Fields(signed.peek(untrusted_document, PAYLOAD_SIZES[-1]))
    kind = fields.suite_and_kind(*_KINDS)
    message = Message(
        context=Context(
            InstanceId(fields.data("instance", INSTANCE_SIZE)),
            OfficeId(fields.id("office")),
            ChannelId(fields.id("channel")),
        ),
        day=fields.day("day"),
        order=fields.integer("order", 0, MAX_U32),
        language=fields.one_of("language", LANGUAGES),
        excluded=fields.list_of("excluded", lambda v: ReviewerId(identifier(v)), 0, MAX_LIST - 1),
        thread=read_thread(fields.take("thread")),
        content=_read_content(kind, Fields(fields.take("content"))),
    )
    fields.end()
    signed.check_signature(untrusted_document, "message", message.thread.verify)
    if message.context != context:
        raise WrongContextError
    if list(message.excluded) != sorted(set(message.excluded)) or not set(message.excluded) < set(recipients):
        raise MalformedError
    return message


def read_thread(untrusted_value: object) -> Thread:
    """What `thread_json` wrote; MalformedError."""
    fields = Fields(untrusted_value)
    thread = Thread(
        verify=fields.data("verify", VERIFY_KEY_SIZE),
        reply=RecipientKey(fields.data("reply", KEM_PUBLIC_SIZE)),
        hint=fields.data("hint", 32),
    )
    fields.end()
    return thread


def _content_json(content: Content) -> tuple[str, Json]:
    match content:
        case Report(answers):
            return "report", {"answers": dict(answers)}
        case Text(text, kind):
            return kind, {"text": text}
        case Rating(reply, stars, text):
            return "rating", {"reply": reply, "stars": stars, "text": text}
        case Identity(sealed):
            return "identity", {"sealed": None if sealed is None else sealed_json(sealed)}
        case Evidence():
            return "evidence", evidence_json(content)


def evidence_json(evidence: Evidence) -> Json:
    """A piece of evidence as it stands in a document."""
    return {
        "blob": b64(evidence.blob),
        "chunks": b64(evidence.chunks),
        "key": b64(evidence.key),
        "name": evidence.untrusted_name,
        "size": evidence.size,
        "type": evidence.untrusted_type,
    }


def _read_content(kind: str, fields: Fields) -> Content:
    content: Content
    match kind:
        case "report":
            answers = Fields(fields.take("answers"))
            names = answers.names()
            if not 1 <= len(names) <= MAX_ANSWERS:
                raise MalformedError
            content = Report({identifier(name): answers.text(name) for name in names})
        case "rating":
            content = Rating(
                reply=fields.integer("reply", 1, MAX_U32),
                stars=fields.integer("stars", 1, MAX_STARS),
                text=fields.text("text"),
            )
        case "evidence":
            content = _take_evidence(fields)
        case "identity":
            untrusted_sealed = fields.take("sealed")
            content = Identity(None if untrusted_sealed is None else read_sealed(untrusted_sealed))
        case _:
            content = Text(fields.text("text"), kind)
    fields.end()
    return content


def read_evidence(untrusted_value: object) -> Evidence:
    """What `evidence_json` wrote; MalformedError."""
    fields = Fields(untrusted_value)
    evidence = _take_evidence(fields)
    fields.end()
    return evidence


def _take_evidence(fields: Fields) -> Evidence:
    return Evidence(
        blob=fields.data("blob", ID_SIZE),
        key=fields.data("key", 32),
        untrusted_name=fields.text("name", MAX_NAME_LENGTH, 1),
        untrusted_type=fields.text("type", MAX_TYPE_LENGTH),
        size=fields.integer("size", 0, MAX_BLOB_SIZE),
        chunks=fields.data("chunks", HASH_SIZE),
    )
