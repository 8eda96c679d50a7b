"""What a week's destroyed keys opened, nothing that is left opens.

A real station takes in reports, the reviewers' keys of that week are destroyed when they are due, and on the
next day the station is backed up. Then somebody has everything: the bundle that was on the stick, the folder
of the station, that backup with its shares, and every passphrase; and tries every key that is to be found.

A backup from before the destruction holds the keys as they were: the docs say to destroy old backups.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.line import Line, at_least, at_most
from crypto import calendar
from crypto.errors import ProtocolError
from crypto.fields import ReviewerId
from crypto.item import Context
from crypto.keypairs import KemKeyPair
from crypto.open.item import open_message
from tests.workstation.office import ADUAN, PASSPHRASE, TODAY, Desk, make_desk
from workstation import backup, destruction, restoring, shares
from workstation.identity import open_reviewer
from workstation.inbox import import_bundle
from workstation.layout import Layout
from workstation.station import unlock

_DUE = calendar.add_days(calendar.last_day(calendar.epoch_of(TODAY)), 61)
_AFTER = calendar.add_days(calendar.last_day(calendar.epoch_of(TODAY)), 8)


@dataclass(frozen=True)
class Tried:
    """How many of the items opened before, how many opened in the end, and with how many keys."""

    before: int
    after: int
    keys: int


def measure(full: bool) -> Iterator[Line]:
    """In full with more reports."""
    with tempfile.TemporaryDirectory(prefix="peluit-keys-") as name:
        tried = attempt(Path(name), 100 if full else 10)
    yield at_most("key_erasure: old items that still open", tried.after, "items", 0)
    yield at_least("key_erasure: of them opened before", tried.before, "items", 100 if full else 10)
    yield at_least("key_erasure: keys tried on each", tried.keys, "keys", 12)


def attempt(folder: Path, reports: int, backup_before: bool = False) -> Tried:
    """Tells the story and tries; `backup_before` lets the backup be one from before the destruction."""
    desk = make_desk(folder)
    items = [desk.reporter().report(f"laporan {number}") for number in range(reports)]
    stick = desk.deliver(1, items)
    before = _opened(desk, items, _keys_in(desk.folder, desk))
    public, words = shares.generate(3, 2)
    copy = folder / "backup"
    with unlock(desk.folder, "r1", PASSPHRASE.format("r1")) as station:
        import_bundle(station, stick)
        import_bundle(station, desk.deliver(2, [], on=_AFTER))
        if backup_before:
            backup.write(station, public, copy, TODAY)
    for reviewer in desk.directory.office.reviewers:
        with unlock(desk.folder, reviewer.id, PASSPHRASE.format(reviewer.id)) as station:
            destruction.destroy(station, PASSPHRASE.format(reviewer.id), _DUE)
            if not backup_before and reviewer is desk.directory.office.reviewers[-1]:
                backup.write(station, public, copy, calendar.add_days(_DUE, 1))
    restoring.restore(copy, shares.combine(words[1:]), folder / "restored")
    keys = [*_keys_in(desk.folder, desk), *_keys_in(folder / "restored", desk)]
    return Tried(before, _opened(desk, items, keys), len(keys))


def _keys_in(folder: Path, desk: Desk) -> list[KemKeyPair]:
    """Every key of every reviewer in a station's folder."""
    found = []
    for reviewer in desk.directory.office.reviewers:
        file = Layout(folder).reviewer_key(ReviewerId(reviewer.id)).read_bytes()
        keys = open_reviewer(file, reviewer.id, PASSPHRASE.format(reviewer.id))
        found += [KemKeyPair.from_seed(seed) for seed in keys.epochs.values()]
    return found


def _opened(desk: Desk, items: Sequence[bytes], keys: Sequence[KemKeyPair]) -> int:
    office = desk.directory.office
    channel = office.channel(ADUAN)
    assert channel is not None
    context = Context(office.instance, office.id, ADUAN)

    def opens(item: bytes, key: KemKeyPair) -> bool:
        try:
            open_message(item, key, context, channel.recipients, channel.recipients[0])
        except ProtocolError:
            return False
        return True

    return sum(any(opens(item, key) for key in keys) for item in items)
