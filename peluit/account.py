"""Adds a reviewer's account to a server."""

import sys
from getpass import getpass
from pathlib import Path

from crypto.errors import ProtocolError
from journalist_app.taking import add_account
from peluit.errors import NoAnswerError, NoDataError, PassphrasesDifferError, RefusedError
from store.errors import StoreError
from store.layout import Layout


def add(folder: Path, office: str, name: str) -> None:
    """Asks for a passphrase twice, and prints the TOTP secret once.

    NoDataError, NoAnswerError, PassphrasesDifferError, RefusedError.
    """
    if not Layout(folder).site.is_file():
        raise NoDataError(folder)
    passphrase = _ask("Passphrase (at least 12 characters): ")
    if _ask("Again: ") != passphrase:
        raise PassphrasesDifferError
    try:
        secret = add_account(Layout(folder), name, office, passphrase)
    except (StoreError, ProtocolError) as error:
        raise RefusedError(error) from None
    sys.stdout.write(
        f"The account {name} is there. For the app that makes six-digit codes (not shown again):\n{secret}\n"
    )


def _ask(prompt: str) -> str:
    """A line from the terminal, unseen; from a pipe, as it comes."""
    if sys.stdin.isatty():
        return getpass(prompt)
    line = sys.stdin.readline()
    if not line:
        raise NoAnswerError
    return line.rstrip("\n")
