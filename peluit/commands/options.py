"""What the commands' options are made of: each a function from an argument to its value."""

import argparse
import re
from typing import Any, Final

Subparsers = Any  # argparse._SubParsersAction is private

_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?")
_UNITS: Final = {"M": 2**20, "G": 2**30, "T": 2**40}
_DAY: Final = 86_400
_PERIODS: Final = {"m": 60, "h": 3_600, "d": _DAY}


def port(text: str) -> int:
    """A TCP port."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text} is no port; choose a number from 1024 to 65535")
    return int(text)


def port_or_none(text: str) -> int | None:
    """A TCP port, or 0 for none."""
    return None if text == "0" else port(text)


def address(text: str) -> str:
    """The address of a site, with a slash at its end."""
    if not _ADDRESS.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text} is no address; write http://name.onion/ or the like")
    return text.rstrip("/") + "/"


def size(text: str) -> int:
    """Bytes, also as a number with M, G or T."""
    number, unit = (text[:-1], text[-1:]) if text[-1:] in _UNITS else (text, "")
    if not number.isascii() or not number.isdigit() or not int(number):
        raise argparse.ArgumentTypeError(f"{text} is no size; write bytes, or a number with M, G or T: 8G")
    return int(number) * _UNITS.get(unit, 1)


def period(text: str) -> int:
    """Seconds that fit into a day, or whole days."""
    number, unit = text[:-1], text[-1:]
    seconds = (
        int(number) * _PERIODS[unit] if number.isascii() and number.isdigit() and unit in _PERIODS else 0
    )
    if not seconds or (_DAY % seconds and seconds % _DAY):
        raise argparse.ArgumentTypeError(
            f"{text} is no period; write one that fits into a day, or whole days: 30m, 24h, 7d"
        )
    return seconds


def note(text: str) -> str:
    """The numbers that a log page shows (crypto/chained_log.py)."""
    from crypto.chained_log import read_note
    from crypto.errors import MalformedError

    try:
        return read_note(text)
    except MalformedError:
        raise argparse.ArgumentTypeError(
            f"{text} is not what the log page shows; write its eight groups of five digits: 01234-56789-…"
        ) from None
