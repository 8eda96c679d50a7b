"""How the source app says no: status line and body of one length, whatever it is that it refuses."""

import json
from typing import Final

SIZE: Final = 40
"""Bytes of the body: JSON, and spaces behind it. The longest code has 28 letters at most."""
_REASON: Final = "Refused"


def body(code: str) -> bytes:
    """`{"error": code}` for a code of docs/protocol.md section 11. ValueError if that is too long."""
    text = json.dumps({"error": code}, separators=(",", ":")).encode()
    if len(text) > SIZE:
        raise ValueError
    return text.ljust(SIZE)


def status(number: int) -> str:
    """The status line's end: `404 Refused`. Names as long as each other, for all numbers."""
    return f"{number} {_REASON}"
