"""The shares of a backup key on their way to paper and back: shown one at a time, and never stored."""

import sys
from collections.abc import Sequence
from pathlib import Path

from crypto.keypairs import KemKeyPair
from workstation import passphrases, shares
from workstation.commands import common
from workstation.errors import NotAShareError, NoTerminalError, OtherSharesError
from workstation.texts import _

_CLEAR = "\x1b[H\x1b[2J\x1b[3J"
_WORDS_A_LINE = 6


def show(words: Sequence[str]) -> None:
    """Shows each share until Enter is pressed, then clears the screen; NoTerminalError."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminalError
    for number, share in enumerate(words, 1):
        heading = _("Share {number} of {count}: write it on paper, with today's date, for one person.")
        sys.stdout.write(f"{_CLEAR}{heading.format(number=number, count=len(words))}\n\n")
        listed = share.split()
        for at in range(0, len(listed), _WORDS_A_LINE):
            line = " ".join(f"{at + n:2} {word:9}" for n, word in enumerate(listed[at:][:_WORDS_A_LINE], 1))
            sys.stdout.write(f"  {line.rstrip()}\n")
        sys.stdout.write("\n" + _("Written and compared? Then press Enter.") + " ")
        sys.stdout.flush()
        sys.stdin.readline()
    sys.stdout.write(_CLEAR)


def ask(given: Sequence[Path]) -> KemKeyPair:
    """The key that the shares give back, from files or typed in; NotAShareError, OtherSharesError."""
    found = [passphrases.read(path) for path in given]
    for number, share in enumerate(found):
        shares.check(share, found[:number])
    while not found or len(found) < shares.check(found[0], ()):
        question = _("Share {number}: ").format(number=len(found) + 1)
        typed = passphrases.ask(question, _("the backup"))
        try:
            shares.check(typed, found)
            found.append(typed)
        except (NotAShareError, OtherSharesError) as error:
            common.warn(str(error))
    return shares.combine(found[: shares.check(found[0], ())])
