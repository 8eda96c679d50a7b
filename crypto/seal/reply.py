"""Seal replies and dummies into board slots (docs/protocol.md section 8)."""

import secrets

from nacl.signing import SigningKey

from crypto.board import Slot
from crypto.constants import HINT_SIZE, PAGE_SLOTS, REPLY_SIZE
from crypto.fields import InstanceId
from crypto.hints import new_hint
from crypto.kem import wrap
from crypto.keypairs import KemKeyPair
from crypto.message import Thread
from crypto.padding import add_length
from crypto.reply import ReplyPart, sign_reply, slot_info


def seal_reply(part: ReplyPart, thread: Thread, key: SigningKey) -> Slot:
    """The slot that only this thread's codename finds and opens."""
    padded = add_length(sign_reply(part, key), 2, REPLY_SIZE)
    return Slot(new_hint(thread.hint), wrap(thread.reply, slot_info(part.instance, thread.verify), padded))


def dummy_slot(instance: InstanceId) -> Slot:
    """A slot that nobody can open and nobody can tell from a reply."""
    info = slot_info(instance, secrets.token_bytes(32))
    body = wrap(KemKeyPair.generate().public, info, secrets.token_bytes(REPLY_SIZE))
    return Slot(secrets.token_bytes(HINT_SIZE), body)


def fill_pages(slots: list[Slot], instance: InstanceId) -> list[Slot]:
    """The slots and as many dummies as fill whole pages (one at least), in random order."""
    missing = -len(slots) % PAGE_SLOTS if slots else PAGE_SLOTS
    filled = slots + [dummy_slot(instance) for _ in range(missing)]
    secrets.SystemRandom().shuffle(filled)
    return filled
