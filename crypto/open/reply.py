"""Open a reply slot with the codename's reply key (docs/protocol.md section 8.1)."""

from collections.abc import Mapping

from crypto.codename import ReporterKeys
from crypto.fields import InstanceId, OfficeId, ReviewerId
from crypto.open.kem import unwrap
from crypto.padding import strip_length
from crypto.reply import OpenedReply, read_reply, slot_info


def open_reply(
    untrusted_slot: bytes,
    keys: ReporterKeys,
    instance: InstanceId,
    office: OfficeId,
    reviewers: Mapping[ReviewerId, bytes],
) -> OpenedReply:
    """The part in a slot, for a reporter who visits `office`; CannotOpenError, and those of `read_reply`."""
    padded = unwrap(keys.reply, slot_info(instance, keys.verify), untrusted_slot)
    return read_reply(strip_length(padded, 2), reviewers, instance, office, keys.verify)
