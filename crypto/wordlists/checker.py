"""Check a codename word list: `python -m crypto.wordlists.checker FILE`.

A codename is spoken, written on paper and typed on a phone. So each word of a list
has its own first four letters (typing those is enough), and no single slip of the
finger turns one word into another. The words must also be harmless to say aloud.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from pathlib import Path
from string import ascii_lowercase

COUNT = 2048  # 2 ** 11: a word carries 11 bits
START = 4  # letters that tell a word from all others of its list
WORD = re.compile(r"[a-z]{4,8}")
BANNED_FILE = Path(__file__).with_name("banned.txt")


def read_words(path: Path) -> list[str]:
    """The lines of a list file below its first line, which is a comment."""
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    if not first.startswith("#"):
        raise ValueError("the first line must be a comment that says what the file is")
    return lines


def read_banned(path: Path = BANNED_FILE) -> frozenset[str]:
    """The banned words; an entry `xxxx*` bans every word that starts with xxxx."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(entry for line in lines if not line.startswith("#") for entry in line.split())


def violations(words: Sequence[str], banned: Set[str], *, count: int = COUNT) -> list[str]:
    """All breaches of the rules in `words`, one readable sentence each."""
    return [
        *_count_and_order(words, count),
        *_shape(words),
        *_shared_starts(words),
        *_one_slip_apart(words),
        *_banned(words, banned),
    ]


def _count_and_order(words: Sequence[str], count: int) -> Iterator[str]:
    if len(words) != count:
        yield f"{len(words)} words instead of {count}"
    for before, after in pairwise(words):
        if before > after:
            yield f"not sorted: {before} stands before {after}"
    for word, times in Counter(words).items():
        if times > 1:
            yield f"{word} stands {times} times"


def _shape(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        if not WORD.fullmatch(word):
            yield f"{word!r} is not 4 to 8 letters from a to z"


def _shared_starts(words: Sequence[str]) -> Iterator[str]:
    by_start: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        by_start[word[:START]].add(word)
    for start, same in by_start.items():
        if len(same) > 1:
            yield f"same first {START} letters {start}: {', '.join(sorted(same))}"


def _one_slip_apart(words: Sequence[str]) -> Iterator[str]:
    known = set(words)
    pairs = {
        (min(word, other), max(word, other))
        for word in known
        for other in _slips(word)
        if other in known and other != word
    }
    for one, other in sorted(pairs):
        yield f"one slip apart: {one}, {other}"


def _slips(word: str) -> Iterator[str]:
    """What one changed, dropped or swapped letter makes of `word`.

    An added letter is a dropped one seen from the longer word, which is asked too.
    """
    for i, letter in enumerate(word):
        before, after = word[:i], word[i + 1 :]
        yield before + after
        for changed in ascii_lowercase:
            yield before + changed + after
        if after:
            yield before + after[0] + letter + after[1:]


def _banned(words: Sequence[str], banned: Set[str]) -> Iterator[str]:
    starts = tuple(entry.removesuffix("*") for entry in banned if entry.endswith("*"))
    for word in words:
        if word in banned:
            yield f"{word} is banned"
        elif word.startswith(starts):
            yield f"{word} has a banned start"


if __name__ == "__main__":
    found = violations(read_words(Path(sys.argv[1])), read_banned())
    sys.stdout.write(("\n".join(found) or "all rules are met") + "\n")
    sys.exit(1 if found else 0)
