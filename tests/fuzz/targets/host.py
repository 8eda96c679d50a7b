"""What the broker of the inbox is asked, and what an operator types about tor."""

import hashlib
from base64 import b32encode
from collections.abc import Iterator

from crypto import calendar
from crypto.blob import BlobId
from crypto.constants import MIN_BLOB_SIZE
from crypto.errors import ProtocolError
from crypto.fields import Day
from crypto.seal.item import seal_item
from hardening.deploy.tor import address, client
from hardening.deploy.tor.errors import AddressRefusedError, ClientRefusedError, MalformedClientError
from store.broker import wire
from tests.fuzz.target import Target, text
from tests.vectors.office import CONTEXT, KEYS, OFFICE


def _question(data: bytes) -> None:
    question = wire.read_question(data)
    assert wire.read_question(wire.ask(question)) == question


def _questions() -> Iterator[bytes]:
    recipients = {reviewer: key.public for reviewer, key in KEYS.items()}
    item = seal_item(b"words", CONTEXT, calendar.epoch_of(calendar.today()), recipients)
    day, blob, hashed = Day(calendar.today()), BlobId(bytes(16)), bytes(32)
    yield wire.ask(wire.AddItem(OFFICE.id, OFFICE.channels[0].id, day, hashed, item))
    yield wire.ask(wire.AddBlob(OFFICE.id, blob, MIN_BLOB_SIZE, day, hashed))
    yield wire.ask(wire.Erase(OFFICE.id, frozenset({hashed, b"\1" * 32})))
    yield wire.ask(wire.Tidy())


def _line(data: bytes) -> None:
    assert client.line(client.read_line(data)) == data


def _name(data: bytes) -> None:
    name = client.read_name(text(data))
    assert name.isascii() and not {"/", ".", "\0"} & set(name)


def _address(data: bytes) -> None:
    assert address.read_address(text(data)) == data.decode("ascii")


def _good_address() -> bytes:
    key, version = bytes(range(32)), b"\x03"
    checksum = hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2]
    return b32encode(key + checksum + version).lower() + b".onion"


TARGETS = (
    Target("broker-question", _question, (ProtocolError,), _questions, runs=300),
    Target("onion-client", _line, (MalformedClientError,), lambda: [client.line(client.new_key().public)]),
    Target("onion-client-name", _name, (ClientRefusedError,), lambda: [b"ani", b"budi-2"], runs=300),
    Target("onion-address", _address, (AddressRefusedError,), lambda: [_good_address()]),
)
