"""The filter in a queue page's address: checked strictly, and written back as it was."""

from collections.abc import Mapping
from typing import Final

from crypto.errors import MalformedError
from crypto.fields import ChannelId, Day, day, identifier
from store.overview import CLASSES, Filter

KINDS: Final = ("item", "blob")


def read(untrusted: Mapping[str, str]) -> Filter:
    """The filter that these fields say; an empty or missing one narrows nothing. MalformedError."""
    channel = untrusted.get("channel")
    return Filter(
        channel=ChannelId(identifier(channel)) if channel else None,
        first=_day(untrusted.get("first")),
        last=_day(untrusted.get("last")),
        kind=_one_of(KINDS, untrusted.get("kind")),
        size=_one_of(CLASSES, untrusted.get("size")),
    )


def write(wanted: Filter) -> dict[str, str]:
    """The fields that `read` reads as this filter."""
    return {name: value for name, value in vars(wanted).items() if value is not None}


def _day(untrusted_text: str | None) -> Day | None:
    return day(untrusted_text) if untrusted_text else None


def _one_of(values: tuple[str, ...], untrusted_text: str | None) -> str | None:
    if untrusted_text and untrusted_text not in values:
        raise MalformedError
    return untrusted_text or None
