"""Changes JSON value by value: a change of bytes alone would nearly always end at the parser."""

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

Mutate = Callable[[bytes, int], bytes]
"""libFuzzer's own change of some bytes, to at most so many."""

_STRANGE: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**32 - 1, 2**32, 2**53 - 1, 2**53, 2**64, -(2**63), 0.5),
    *("", "\0", "a", "r1", "id", "../x", "/etc/passwd", "slice", "directory", "x" * 300, "\ud800", "‮"),
    *("0000-00-00", "9999-12-31", "2026-02-30", "A" * 22, "A" * 43, "0" * 32, "٣", "1" * 11),
    *([], {}, [[]], {"": ""}),
)


def mutate(data: bytes, largest: int, seed: int, bytewise: Mutate) -> bytes:
    """Another input, the same for the same seed: mostly one to three values changed, sometimes bytes."""
    chance = random.Random(seed)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if value is None or not chance.randrange(8):
        return bytewise(data, largest)
    holder = [value]
    for _ in range(chance.randint(1, 3)):
        _change(holder, chance, bytewise)
    changed = json.dumps(holder[0]).encode("ascii")
    return changed if len(changed) <= largest else data


def _change(holder: list[Any], chance: random.Random, bytewise: Mutate) -> None:
    """Changes, takes away, copies or swaps one value, somewhere in `holder[0]`."""
    places = list(_places(holder))
    inside, key = chance.choice(places)
    elsewhere, other = chance.choice(places)
    if isinstance(inside, dict) and chance.randrange(2):  # what stands beside it is likely to mean something
        elsewhere, other = inside, chance.choice(list(inside))
    match chance.randrange(6):
        case 0 if inside is not holder:
            del inside[key]
        case 1:
            inside[key] = deepcopy(elsewhere[other])
        case 2 if isinstance(inside, list) and inside is not holder:
            inside.insert(key, deepcopy(elsewhere[other]))
        case 3 if isinstance(inside, dict):
            inside[chance.choice([*inside, "en", "extra"])] = deepcopy(chance.choice(_STRANGE))
        case 4 if isinstance(inside[key], str | int):
            inside[key] = _near(inside[key], chance, bytewise)
        case _:
            inside[key] = deepcopy(chance.choice(_STRANGE))


def _places(value: Any) -> Any:
    """Every (list or object, index or key) below a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in list(pairs):
        yield value, key
        yield from _places(member)


def _near(value: Any, chance: random.Random, bytewise: Mutate) -> Any:
    if isinstance(value, str):
        return bytewise(value.encode("utf-8", "surrogatepass"), len(value) + 40).decode("utf-8", "replace")
    return value + chance.choice((-1, 1, 7, -value, value))
