"""The word lists of the codename and the fingerprint (docs/protocol.md section 3)."""

from functools import cache
from importlib.resources import files

from crypto.constants import LANGUAGES, STEM_LENGTH


@cache
def words(language: str) -> tuple[str, ...]:
    """The 2,048 words of a list, in order."""
    text = files("crypto").joinpath("wordlists", f"{language}.txt").read_text("ascii")
    return tuple(line for line in text.splitlines() if not line.startswith("#"))


@cache
def _by_stem() -> dict[str, tuple[str, ...]]:
    stems: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        for word in words(language):
            stems[word[:STEM_LENGTH]] = (*stems.get(word[:STEM_LENGTH], ()), word)
    return stems


def is_known(untrusted_part: str) -> bool:
    """Whether this is a beginning, four letters or longer, of a word of either list."""
    candidates = _by_stem().get(untrusted_part[:STEM_LENGTH], ())
    return len(untrusted_part) >= STEM_LENGTH and any(w.startswith(untrusted_part) for w in candidates)
