"""What is fuzzed: a reader, the errors that it may raise, and examples that the real writers made."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nacl.signing import SigningKey

from crypto import canonical
from crypto.binding import bind
from crypto.errors import ProtocolError


@dataclass(frozen=True)
class Target:
    """One reader of untrusted bytes.

    `read` may raise nothing but `refusals`, and asserts for itself what must hold of what it accepts. `seeds`
    are inputs that it accepts. The inputs of a `json` target are changed value by value, and reach `read` in
    canonical spelling. `runs` is how many inputs it gets in an ordinary test run,
    `longest` how many bytes they have at most (0: as many as the longest seed, or 4,096).
    """

    name: str
    read: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    seeds: Callable[[], Iterable[bytes]]
    json: bool = False
    runs: int = 1_000
    longest: int = 0

    def accepts(self, untrusted_data: bytes) -> bool:
        """Whether the reader takes it; whatever is not one of its refusals comes through."""
        try:
            self.read(spelled(untrusted_data) if self.json else untrusted_data)
        except self.refusals:
            return False
        return True


def spelled(untrusted_data: bytes) -> bytes:
    """JSON in canonical spelling, so that the reader behind the parser is reached; anything else as it is."""
    try:
        return canonical.dump(json.loads(untrusted_data))
    except (ValueError, RecursionError, ProtocolError):
        return untrusted_data


def signed(text: bytes, purpose: str, key: SigningKey) -> bytes:
    """A signed document (docs/protocol.md section 1.1) of any bytes at all."""
    return key.sign(bind(purpose, text)).signature + text


def text(data: bytes) -> str:
    """What a framework hands over of bytes: undecodable ones are lone surrogates."""
    return data.decode("utf-8", "surrogateescape")
