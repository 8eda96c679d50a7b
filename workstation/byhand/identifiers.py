"""Finds what would tell who a sender is: phone numbers, NIK, e-mail addresses, names and pages of networks.

It looks at the form of the text only, so it may find a number that the report itself is about; whoever types
it in then says why it stays.
"""

import re
from typing import Final

from workstation.texts import N_

_PATTERNS: Final = (
    ("phone", re.compile(r"(?<![\d.])(?:\+?62[ .-]?|0)8(?:[ .-]?\d){7,11}(?!\d)")),
    ("phone", re.compile(r"\(0\d{2,3}\) ?\d{3,4}[ -]?\d{2,4}(?!\d)")),
    ("nik", re.compile(r"(?<!\d)\d{4}[ .]?\d{4}[ .]?\d{4}[ .]?\d{4}(?!\d)")),
    ("e-mail", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.\w")),
    ("handle", re.compile(r"(?<![\w.@])@[A-Za-z0-9_.]{2,30}\b")),
    ("page", re.compile(r"\b(?:facebook|fb|instagram|tiktok|twitter|wa|t|x)\.(?:com|me)/\S", re.IGNORECASE)),
)

NAMES: Final = {
    "phone": N_("a phone number"),
    "nik": N_("a NIK"),
    "e-mail": N_("an e-mail address"),
    "handle": N_("a name in a social network"),
    "page": N_("the address of a page in a social network"),
}


def find(text: str) -> list[str]:
    """The kinds (keys of `NAMES`) of what stands in a text, each once."""
    return list(dict.fromkeys(kind for kind, pattern in _PATTERNS if pattern.search(text)))
