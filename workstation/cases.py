"""Cases: one for each codename, readable only by the reviewers whom the reporter left in.

The readers of a case are the channel's recipients without anybody whom any of its messages excludes. A later
message can only take readers away: the case then gets a new key for those who remain, and everything in it is
locked again. A message that excludes fewer people lets nobody back in. A message that reaches somebody who
is not a reader of its case stays sealed until a reader comes.

Numbers of cases are drawn at random: a gap in a series would tell somebody who is excluded that there is a
case.
"""

import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from crypto.codename import thread_id
from crypto.fields import Day, ReviewerId
from workstation import caselog
from workstation.caselock import CaseKey, unwrap
from workstation.errors import NoSuchCaseError, VaultDamagedError
from workstation.head import Head, read_head, write_head
from workstation.station import Station

_MINE = (
    'SELECT c.number, c.thread, c.head, r.wrapped, r.seen FROM cases c JOIN readers r ON r."case" = c.number '
    "WHERE r.reviewer = ?"
)
_LOCKED = (
    ("messages", "item", "meta", b"meta"),
    ("messages", "item", "document", b"document"),
    ("replies", "number", "body", b"reply"),
    ("notes", "number", "body", b"note"),
    ("steps", "number", "body", b"step"),
    ("words", "number", "words", b"words"),
    ("openings", "id", "opening", b"log"),
)
"""(table, its key, locked column, name of the place) of everything that belongs to a case, the head apart."""


@dataclass(frozen=True)
class Case:
    """A case that the reviewer who is here may read. `seen`: messages that this reviewer has been shown."""

    number: int
    key: CaseKey
    head: Head
    seen: int

    @property
    def unread(self) -> int:
        return max(0, self.head.messages - self.seen)

    def waits_for(self, reviewer: ReviewerId) -> bool:
        """Whether a colleague proposed a move to which this reviewer can agree."""
        return self.head.proposed not in ("", reviewer)


def readable(station: Station) -> Iterator[Case]:
    """Every case whose key opens for the reviewer who is here: threats first, then what waits for their
    agreement, urgent ones, and the oldest."""
    rows = station.vault.rows(_MINE, station.reviewer)
    found = [_unlock(station, *row) for row in rows]
    yield from sorted(found, key=lambda case: _urgency(case, station.reviewer))


def find(station: Station, number: int) -> Case:
    """One case; NoSuchCaseError alike if there is none and if it is not for this reviewer."""
    row = station.vault.row(_MINE + " AND c.number = ?", station.reviewer, number)
    if row is None:
        raise NoSuchCaseError(number=number)
    return _unlock(station, *row)


def of_thread(station: Station, thread: bytes) -> Case | None:
    """The case of a thread, if this reviewer may read it."""
    row = station.vault.row(_MINE + " AND c.thread = ?", station.reviewer, thread)
    return None if row is None else _unlock(station, *row)


def exists(station: Station, thread: bytes) -> bool:
    """Whether anybody has a case of this thread."""
    return station.vault.row("SELECT 1 FROM cases WHERE thread = ?", thread) is not None


def create(station: Station, head: Head, readers: Collection[ReviewerId]) -> Case:
    """A new, empty case; inside a transaction of the caller."""
    key = CaseKey.generate(_new_number(station))
    thread = thread_id(head.thread.verify)
    sealed = key.seal(write_head(head), b"head")
    station.vault.rows("INSERT INTO cases (number, thread, head) VALUES (?, ?, ?)", key.case, thread, sealed)
    case = Case(key.case, key, head, 0)
    for reader in readers:
        give_to(station, case, reader)
    caselog.write(station, key, "begun")
    return case


def update(station: Station, case: Case, head: Head) -> Case:
    """Puts a new head in place of the old."""
    sealed = case.key.seal(write_head(head), b"head")
    station.vault.rows("UPDATE cases SET head = ? WHERE number = ?", sealed, case.number)
    if kept := station.opened.get(case.number):
        thread, _sealed, wrapped = kept[0]
        station.opened[case.number] = ((thread, sealed, wrapped), case.key, head)
    return replace(case, head=head)


def mark_seen(station: Station, case: Case) -> None:
    """Notes that this reviewer has been shown all messages of the case."""
    station.vault.rows(
        'UPDATE readers SET seen = ? WHERE "case" = ? AND reviewer = ?',
        case.head.messages,
        case.number,
        station.reviewer,
    )


def exclude(station: Station, case: Case, excluded: Collection[ReviewerId]) -> Case:
    """Takes readers away, for good."""
    everybody = tuple(sorted({*case.head.excluded, *excluded}))
    if everybody == case.head.excluded:
        return case
    case = take_from(station, case, everybody)
    new = " ".join(reviewer for reviewer in everybody if reviewer not in case.head.excluded)
    caselog.write(station, case.key, "excluded", subject=new)
    return update(station, case, replace(case.head, excluded=everybody))


def take_from(station: Station, case: Case, reviewers: Collection[ReviewerId]) -> Case:
    """Takes readers away: a new key, everything locked again, and the old copies gone (`secure_delete`).

    Whom it was assigned to handles it no longer if they are among them.
    """
    key = CaseKey.generate(case.number)
    for table, row_key, column, name in _LOCKED:
        _relock(station, case.key, key, (table, row_key, column, name))
    for (reader,) in station.vault.rows('SELECT reviewer FROM readers WHERE "case" = ?', case.number):
        if reader in reviewers:
            station.vault.rows('DELETE FROM readers WHERE "case" = ? AND reviewer = ?', case.number, reader)
        else:
            wrapped = key.wrap(station.box(ReviewerId(reader)))
            station.vault.rows(
                'UPDATE readers SET wrapped = ? WHERE "case" = ? AND reviewer = ?',
                wrapped,
                case.number,
                reader,
            )
    assigned = "" if case.head.assigned in reviewers else case.head.assigned
    return update(station, replace(case, key=key), replace(case.head, assigned=assigned))


def readers(station: Station, case: Case) -> list[ReviewerId]:
    """Who reads a case."""
    rows = station.vault.rows('SELECT reviewer FROM readers WHERE "case" = ? ORDER BY reviewer', case.number)
    return [ReviewerId(reader) for (reader,) in rows]


def give_to(station: Station, case: Case, reviewer: ReviewerId) -> None:
    """Makes one more reviewer a reader."""
    station.vault.rows(
        'INSERT INTO readers ("case", reviewer, wrapped) VALUES (?, ?, ?)',
        case.number,
        reviewer,
        case.key.wrap(station.box(reviewer)),
    )


def place(name: bytes, row_key: object) -> tuple[bytes, bytes]:
    """The place of a locked value: what it is, and its row."""
    return name, row_key if isinstance(row_key, bytes) else str(row_key).encode()


def _relock(station: Station, old: CaseKey, new: CaseKey, where: tuple[str, str, str, bytes]) -> None:
    table, row_key, column, name = where  # constants of this module, never input
    for key, sealed in station.vault.rows(
        f'SELECT {row_key}, {column} FROM {table} WHERE "case" = ?',  # noqa: S608
        old.case,
    ):
        data = old.open(sealed, *place(name, key))
        station.vault.rows(
            f'UPDATE {table} SET {column} = ? WHERE "case" = ? AND {row_key} = ?',  # noqa: S608
            new.seal(data, *place(name, key)),
            old.case,
            key,
        )


def _unlock(station: Station, number: int, thread: bytes, sealed: bytes, wrapped: bytes, seen: int) -> Case:
    kept = station.opened.get(number)
    if kept is None or kept[0] != (thread, sealed, wrapped):
        key = unwrap(number, wrapped, station.keys.box)
        head = read_head(key.open(sealed, b"head"))
        if thread_id(head.thread.verify) != thread:
            raise VaultDamagedError
        kept = station.opened[number] = ((thread, sealed, wrapped), key, head)
    _, key, head = kept
    return Case(number, key, head, seen)


def _urgency(case: Case, reviewer: ReviewerId) -> tuple[bool, bool, bool, Day, int]:
    head = case.head
    threat = head.threats > 0 and head.unanswered
    urgent = head.urgent and head.stage != "closed"
    return not threat, not case.waits_for(reviewer), not urgent, head.first, case.number


def _new_number(station: Station) -> int:
    """Four digits at random; one more as soon as half of them are taken."""
    taken: int = station.vault.value("SELECT count(*) FROM cases")
    smallest = 1_000
    while taken > smallest * 9 // 2:
        smallest *= 10
    number = smallest + secrets.randbelow(9 * smallest)
    while station.vault.row("SELECT 1 FROM cases WHERE number = ?", number):
        number = smallest + secrets.randbelow(9 * smallest)
    return number
