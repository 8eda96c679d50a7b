"""Where passphrases come from: a prompt that shows nothing, or a file for scripts. Never a command line."""

import getpass
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from workstation.errors import (
    CannotReadError,
    DifferentPassphrasesError,
    NoPassphraseError,
    UsageError,
    WeakPassphraseError,
)
from workstation.reasons import reason
from workstation.strength import check_new_passphrase
from workstation.texts import _

_LONGEST = 4_096


def files(arguments: Sequence[str], only: str | None) -> dict[str, Path]:
    """Owner → file, from `OWNER=PATH` or, where there is one owner, `PATH`; /dev/fd/3 is a path too."""
    found: dict[str, Path] = {}
    for argument in arguments:
        owner, equals, path = argument.partition("=")
        if equals and "/" not in owner:
            found[owner] = Path(path)
        elif only is not None:
            found[only] = Path(argument)
        else:
            raise UsageError(missing="--passphrase-file OWNER=PATH")
    return found


def known(owner: str, given: Mapping[str, Path]) -> str:
    """The passphrase of an existing key."""
    if owner in given:
        return read(given[owner])
    return ask(_("Passphrase of {owner}: ").format(owner=owner), owner)


def new(owner: str, given: Mapping[str, Path]) -> str:
    """The passphrase of a key that is being made; asked for until it is strong enough and twice the same.

    WeakPassphraseError from a file: there is nobody to ask again.
    """
    if owner in given:
        passphrase = read(given[owner])
        check_new_passphrase(passphrase, owner)
        return passphrase
    while True:
        try:
            return _ask_twice(owner)
        except (DifferentPassphrasesError, WeakPassphraseError) as error:
            sys.stderr.write(f"{error}\n")


def _ask_twice(owner: str) -> str:
    first = ask(_("New passphrase of {owner}: ").format(owner=owner), owner)
    check_new_passphrase(first, owner)
    if ask(_("Once more, the passphrase of {owner}: ").format(owner=owner), owner) != first:
        raise DifferentPassphrasesError
    return first


def ask(prompt: str, owner: str) -> str:
    """What is typed at a terminal that shows nothing; NoPassphraseError."""
    if not _has_terminal():
        raise NoPassphraseError(owner=owner)
    return getpass.getpass(prompt)


def _has_terminal() -> bool:
    with suppress(OSError):
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
        return True
    return False


def read(path: Path) -> str:
    """The first line of a file; CannotReadError."""
    try:
        with path.open("rb") as file:
            line = file.read(_LONGEST).split(b"\n")[0].rstrip(b"\r")
        return line.decode("utf-8")
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    except UnicodeDecodeError:
        raise CannotReadError(path=path, reason="UTF-8") from None
