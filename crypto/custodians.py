"""Who keeps the identities that reporters seal for an office (docs/protocol.md sections 4 and 6.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType

from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import FEWEST_CUSTODIANS, KEM_PUBLIC_SIZE, MOST_CUSTODIANS, MOST_NEEDED
from crypto.errors import MalformedError
from crypto.fields import Fields, distinct
from crypto.kem import RecipientKey
from crypto.names import Names, read_names

CustodianId = NewType("CustodianId", str)


@dataclass(frozen=True)
class Custodian:
    """One of them. The key lasts, unlike those of reviewers: an identity may be needed years later."""

    id: CustodianId
    titles: Names
    key: RecipientKey


def custodians_json(custodians: Sequence[Custodian]) -> list[Json]:
    """As they stand in a directory."""
    return [{"id": one.id, "key": b64(one.key), "titles": dict(one.titles)} for one in custodians]


def read_custodians(fields: Fields) -> tuple[tuple[Custodian, ...], int]:
    """`custodians` and `needed`, how many of them open an identity; 0 where the office offers none."""
    custodians = fields.list_of("custodians", _read, 0, MOST_CUSTODIANS)
    needed = fields.integer("needed", 0, MOST_NEEDED)
    distinct([one.id for one in custodians])
    if not may_need(len(custodians), needed):
        raise MalformedError
    return custodians, needed


def may_need(count: int, needed: int) -> bool:
    """Whether `needed` of `count` custodians may be asked for: never one alone, and none only of none."""
    if count == 0:
        return needed == 0
    return FEWEST_CUSTODIANS <= needed <= min(count, MOST_NEEDED) and count <= MOST_CUSTODIANS


def _read(untrusted_value: object) -> Custodian:
    fields = Fields(untrusted_value)
    custodian = Custodian(
        id=CustodianId(fields.id("id")),
        titles=read_names(fields.take("titles")),
        key=RecipientKey(fields.data("key", KEM_PUBLIC_SIZE)),
    )
    fields.end()
    return custodian
