"""How what is left of damaged evidence is marked, so that nobody takes it for the original."""

from typing import Final

from workstation import terminal
from workstation.filenames import safe_name
from workstation.texts import _
from workstation.unsealing import Unsealed

MARK: Final = "TIDAK-LENGKAP-INCOMPLETE-"
NOTE_ENDING: Final = ".txt"


def name(untrusted_name: str, case: int, number: int, before: str = "") -> str:
    """The evidence's name behind a mark that is the same in every language, at most 120 bytes of UTF-8."""
    return safe_name(untrusted_name, case, number, before + MARK)


def note(case: int, number: int, what: Unsealed) -> str:
    """The text that lies beside such a file: what is missing, and that this is not the original."""
    damage = what.damage
    lines = [
        _("This file is INCOMPLETE. It is not the original and must not be taken for it."),
        "",
        _("Evidence {number} of case {case}. The original has {all} bytes, this file {here}.").format(
            number=number,
            case=case,
            all=terminal.grouped(damage.size),
            here=terminal.grouped(what.written),
        ),
        _("{intact} of {all} chunks of 1 MiB open and are as they were sent, each at its place.").format(
            intact=terminal.grouped(damage.intact), all=terminal.grouped(damage.count)
        ),
        _("Damaged chunks are filled with zeros; what is missing at the end is not in this file."),
        "",
        _("What is wrong (bytes are counted from 0):"),
        *(f"  {sentence}" for sentence in damage.sentences()),
        "",
        _("SHA-256 of this incomplete file: {sha256}").format(sha256=what.sha256.hex()),
    ]
    return "".join(f"{line}\n" for line in lines)
