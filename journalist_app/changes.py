"""What a directory that a bundle brings would change, compared with the published one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from crypto import calendar
from crypto.directory import Directory
from crypto.fields import Day


class _Named(Protocol):
    @property
    def id(self) -> str: ...


@dataclass(frozen=True)
class Difference:
    """Ids in the order of their documents. `changed`: there before and after, but not the same."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """How far a directory reaches. `keys_until` is the last day with keys to seal to."""

    serial: int
    expires: Day
    keys_until: Day


@dataclass(frozen=True)
class Change:
    """`before` is None for an office's first directory."""

    before: Term | None
    after: Term
    channels: Difference
    reviewers: Difference
    forms: Difference
    others: bool
    """Whether names, notes or limits of evidence differ."""


def compare(published: Directory | None, brought: Directory) -> Change:
    """What publishing `brought` would change."""
    old, new = None if published is None else published.office, brought.office
    return Change(
        before=None if published is None else term(published),
        after=term(brought),
        channels=_difference(old.channels if old else (), new.channels),
        reviewers=_difference(old.reviewers if old else (), new.reviewers),
        forms=_difference(old.forms if old else (), new.forms),
        others=old is not None
        and (old.names, old.notes, old.evidence) != (new.names, new.notes, new.evidence),
    )


def term(directory: Directory) -> Term:
    """How far it reaches."""
    office = directory.office
    return Term(office.serial, office.expires, calendar.last_day(max(directory.epochs)))


def _difference(before: Iterable[_Named], after: Iterable[_Named]) -> Difference:
    old, new = {each.id: each for each in before}, {each.id: each for each in after}
    return Difference(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in new if name in old and new[name] != old[name]),
    )
