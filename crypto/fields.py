"""Strict reading of parsed JSON: every field is taken out by name and type, and none may be left over."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NewType, TypeVar

from crypto.binding import unb64
from crypto.constants import SUITE
from crypto.errors import MalformedError, WrongVersionError

OfficeId = NewType("OfficeId", str)
ChannelId = NewType("ChannelId", str)
FormId = NewType("FormId", str)
ReviewerId = NewType("ReviewerId", str)
InstanceId = NewType("InstanceId", bytes)
Day = NewType("Day", str)
Epoch = NewType("Epoch", int)

_ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_T = TypeVar("_T")


def identifier(untrusted_value: object) -> str:
    """An id of an office, channel, reviewer, form, field or choice."""
    if not isinstance(untrusted_value, str) or not _ID.match(untrusted_value):
        raise MalformedError
    return untrusted_value


def day(untrusted_value: object) -> Day:
    """A calendar day, `YYYY-MM-DD`."""
    if not isinstance(untrusted_value, str) or not _DAY.match(untrusted_value):
        raise MalformedError
    try:
        date.fromisoformat(untrusted_value)
    except ValueError:
        raise MalformedError from None
    return Day(untrusted_value)


def distinct(untrusted_ids: Sequence[str]) -> None:
    """MalformedError if one stands there twice."""
    if len(set(untrusted_ids)) != len(untrusted_ids):
        raise MalformedError


class Fields:
    """One untrusted JSON object; leave it with `end()`, which refuses fields nobody asked for."""

    def __init__(self, untrusted_value: object) -> None:
        if not isinstance(untrusted_value, dict):
            raise MalformedError
        self._left = dict(untrusted_value)

    def take(self, name: str) -> object:
        if name not in self._left:
            raise MalformedError
        return self._left.pop(name)

    def end(self) -> None:
        if self._left:
            raise MalformedError

    def names(self) -> list[str]:
        """Names of the fields not yet taken."""
        return list(self._left)

    def text(self, name: str, longest: int = 2**31, shortest: int = 0) -> str:
        value = self.take(name)
        if not isinstance(value, str) or not shortest <= len(value) <= longest or "\0" in value:
            raise MalformedError
        return value

    def integer(self, name: str, lowest: int, highest: int) -> int:
        value = self.take(name)
        if type(value) is not int or not lowest <= value <= highest:
            raise MalformedError
        return value

    def data(self, name: str, size: int) -> bytes:
        return unb64(self.take(name), size)

    def id(self, name: str) -> str:
        return identifier(self.take(name))

    def day(self, name: str) -> Day:
        return day(self.take(name))

    def list_of(self, name: str, read: Callable[[object], _T], shortest: int, longest: int) -> tuple[_T, ...]:
        value = self.take(name)
        if not isinstance(value, list) or not shortest <= len(value) <= longest:
            raise MalformedError
        return tuple(read(member) for member in value)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.take(name)
        if not isinstance(value, str) or value not in allowed:
            raise MalformedError
        return value

    def suite_and_kind(self, *kinds: str) -> str:
        """Checks `suite`, then returns `kind`."""
        if self.take("suite") != SUITE:
            raise WrongVersionError
        return self.one_of("kind", kinds)
