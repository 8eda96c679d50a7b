"""What browsers and reviewers send to the server's three apps: bodies, forms, fields, headers."""

import io
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pyotp
from werkzeug.datastructures import Headers
from werkzeug.exceptions import NotFound, RequestedRangeNotSatisfiable

from crypto import calendar, canonical
from crypto.binding import b64
from crypto.blob import BlobId
from crypto.constants import MIN_BLOB_SIZE
from crypto.errors import MalformedError, ProtocolError
from crypto.seal.item import seal_item
from journalist_app import deadlines, filters, queue, resuming, visit
from source_app import blob_api, item_api, tickets
from source_app.answers import Refusal
from store import passphrase, site, totp
from store.errors import BadPieceError, NoSuchRoleError, OutOfRangeError, WeakPassphraseError
from store.keyfile import RawKey
from store.pieces import read_whole
from store.staff import account, browsers, codes
from tests.fuzz.target import Target, text
from tests.vectors.office import CONTEXT, DAY, INSTANCE, KEYS, NAMES, OFFICE

BLOB = BlobId(bytes(16))
TICKET_KEY = RawKey(bytes(32))
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = 1_795_435_200.0
TAG = '"0123456789abcdef0123456789abcdef"'


def _site(data: bytes) -> None:
    found = site.parse(data)
    assert found.office(found.offices[0].id) == found.offices[0]


def _ticket_request(data: bytes) -> None:
    office, blob, size = blob_api._read_request(data)
    assert office.isascii()
    assert len(blob) == 16
    assert size > 0


def _ticket(data: bytes) -> None:
    expires = tickets.check(TICKET_KEY, text(data), OFFICE.id, BLOB, MIN_BLOB_SIZE, DAY)
    assert expires is None or data.decode() == _good_ticket(), "only what the server made is good"


def _good_ticket() -> str:
    return tickets.issue(TICKET_KEY, OFFICE.id, BLOB, MIN_BLOB_SIZE, DAY)


def _item(data: bytes) -> None:
    item_api.check_item(data, OFFICE.channels[0])


def _items() -> Iterator[bytes]:
    recipients = {reviewer: key.public for reviewer, key in KEYS.items()}
    yield seal_item(b"words", CONTEXT, calendar.epoch_of(calendar.today()), recipients)


def _whole(data: bytes) -> None:
    size = int.from_bytes(data[:2])
    assert read_whole(io.BytesIO(data[2:]).read, size) == data[2:][:size]


def _filter(data: bytes) -> None:
    fields = dict(parse_qsl(text(data)))
    wanted = filters.read(fields)
    assert filters.read(filters.write(wanted)) == wanted


def _place(data: bytes) -> None:
    place = queue._place(text(data))
    assert place is not None
    assert queue._place(queue._write_place(place)) == place


def _range(data: bytes) -> None:
    lines = (line.partition(": ") for line in text(data).splitlines())
    headers = Headers([(name, value) for name, _, value in lines if name.isascii() and name])
    span = resuming.wanted(headers, TAG, 1_000)
    assert 0 <= span.begin < span.end <= 1_000


def _cookie(data: bytes) -> None:
    token = visit._read(text(data))
    assert token is None or len(browsers.digest(token)) == len(token) == 32


def _code(data: bytes) -> None:
    step = totp.accepted_step(SECRET, None, text(data), NOON)
    digits = "".join(text(data).split())
    assert step is None or (digits.isascii() and digits.isdigit() and len(digits) == 6)


def _good_code() -> str:
    return pyotp.TOTP(SECRET).at(int(NOON))


def _recovery(data: bytes) -> None:
    assert len(codes.digest(text(data))) == 32


def _name(data: bytes) -> None:
    assert account.folded_name(text(data)).isascii()
    account.check_role(text(data), OFFICE.id)


def _strength(data: bytes) -> None:
    passphrase.check_strength(text(data), ["rina", "inspektorat-kota"])


def _deadline(data: bytes) -> None:
    assert 0 <= deadlines.number(text(data)) < 10_000


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


_REQUEST = canonical.dump({"blob": b64(BLOB), "office": OFFICE.id, "size": MIN_BLOB_SIZE})
_OFFICES = [{"id": OFFICE.id, "names": dict(NAMES), "root": b64(OFFICE.root)}]

TARGETS = (
    Target(
        "site",
        _site,
        (ProtocolError,),
        lambda: [_json({"instance": b64(INSTANCE), "offices": _OFFICES, "suite": "peluit/1"})],
        json=True,
    ),
    Target("ticket-request", _ticket_request, (Refusal,), lambda: [_REQUEST], json=True),
    Target("ticket", _ticket, (), lambda: [_good_ticket().encode()]),
    Target("item-api", _item, (Refusal,), _items, runs=300),
    Target("piece", _whole, (BadPieceError,), lambda: [b"\0\3abc"], runs=300),
    Target(
        "queue-filter",
        _filter,
        (MalformedError,),
        lambda: [b"channel=aduan&first=2026-11-01&last=2026-11-23&kind=item", b"size=&kind="],
    ),
    Target("queue-place", _place, (NotFound,), lambda: [f"{DAY}.{bytes(16).hex()}.item".encode()]),
    Target(
        "range",
        _range,
        (RequestedRangeNotSatisfiable,),
        lambda: [b"Range: bytes=10-99", f"Range: bytes=10-\nIf-Range: {TAG}".encode()],
    ),
    Target("cookie", _cookie, (), lambda: [b64(bytes(32)).encode() + b"="]),
    Target(
        "totp",
        _code,
        (),
        lambda: [_good_code().encode(), _good_code().encode()[:3] + b" " + _good_code().encode()[3:]],
        runs=300,
    ),
    Target("recovery-code", _recovery, (), lambda: [codes.new_code().encode()], runs=300),
    Target("staff-name", _name, (NoSuchRoleError,), lambda: [b"reviewer", b"administrator"], runs=300),
    Target(
        "new-passphrase",
        _strength,
        (WeakPassphraseError,),
        lambda: ["kuda terbang di atas bukit é".encode()],
        runs=200,
    ),
    Target("deadline", _deadline, (OutOfRangeError,), lambda: [b" 60 "], runs=300),
)
