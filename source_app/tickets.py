"""Upload tickets: stateless, so that any worker or host can check one (docs/protocol.md 11.4).

ticket = u32 expiry day ‖ HMAC-SHA-256(ticket key, bind("ticket", office, blob id, u64 size, u32 expiry day)),
where days count from 1970-01-01.
"""

import hmac
from datetime import date, timedelta
from typing import Final

from crypto.binding import b64, bind, unb64
from crypto.blob import BlobId
from crypto.errors import MalformedError
from crypto.fields import Day
from store.keyfile import RawKey

_DAY_SIZE: Final = 4
_MAC_SIZE: Final = 32
_EPOCH: Final = date(1970, 1, 1)


def issue(key: RawKey, office: str, blob: BlobId, size: int, expires: Day) -> str:
    """A ticket for this blob, to the end of that day."""
    day = (date.fromisoformat(expires) - _EPOCH).days
    return b64(day.to_bytes(_DAY_SIZE) + _mac(key, office, blob, size, day))


def check(key: RawKey, untrusted_ticket: str, office: str, blob: BlobId, size: int, on: Day) -> Day | None:
    """The last day of a ticket that is good for this blob on this day; None if it is not."""
    try:
        data = unb64(untrusted_ticket, _DAY_SIZE + _MAC_SIZE)
    except MalformedError:
        return None
    day = int.from_bytes(data[:_DAY_SIZE])
    if not hmac.compare_digest(data[_DAY_SIZE:], _mac(key, office, blob, size, day)):
        return None
    expires = Day((_EPOCH + timedelta(days=day)).isoformat())
    return expires if on <= expires else None


def _mac(key: RawKey, office: str, blob: BlobId, size: int, day: int) -> bytes:
    parts = (office.encode("ascii"), blob, size.to_bytes(8), day.to_bytes(_DAY_SIZE))
    return hmac.digest(key, bind("ticket", *parts), "sha256")
