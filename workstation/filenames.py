"""File names that cannot play tricks, made from names that reporters' devices gave."""

import unicodedata
from typing import Final

_LONGEST: Final = 120
_LONGEST_ENDING: Final = 16
_FORBIDDEN: Final = frozenset('<>:"|?*\\/')


def safe_name(untrusted_name: str, case: int, number: int, mark: str = "") -> str:
    """`<mark><case>-<number>-<name>`, at most 120 bytes of UTF-8.

    Only the last component counts; control, bidi, format and private characters go; what some file system or
    shell reads in its own way becomes `_`; a leading dot or dash cannot occur behind the numbers. The ending
    is kept when the name has to be cut.
    """
    last = unicodedata.normalize("NFC", untrusted_name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(
        " " if c.isspace() else c for c in last if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    plain = "".join("_" if c in _FORBIDDEN else c for c in visible)
    plain = " ".join(plain.split()).strip(". -") or "file"
    head = f"{mark}{case}-{number}-"
    return head + _shorten(plain, _LONGEST - len(head))


def _shorten(name: str, longest: int) -> str:
    if len(name.encode()) <= longest:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    room = longest - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". -") + dot + ending
