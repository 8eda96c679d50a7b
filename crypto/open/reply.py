"""Open a reply slot with the codename's reply key (docs/protocol.md section 8.1)."""

from crypto.codename import ReporterKeys
from crypto.errors import WrongContextError
from crypto.fields import InstanceId, OfficeId, ReviewerId
from crypto.open.kem import unwrap
from crypto.padding import strip_length
from crypto.reply import ReplyPart, read_reply, slot_info


def open_reply(
    untrusted_slot: bytes,
    keys: ReporterKeys,
    instance: InstanceId,
    office: OfficeId,
    reviewers: dict[ReviewerId, bytes],
) -> ReplyPart:
    """The part in a slot; CannotOpenError, MalformedError, BadSignatureError, WrongContextError."""
    padded = unwrap(keys.reply, slot_info(instance, keys.verify), untrusted_slot)
    part = read_reply(strip_length(padded, 2), reviewers)
    if (part.instance, part.office, part.thread) != (instance, office, keys.verify):
        raise WrongContextError
    return part
