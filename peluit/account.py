"""Adds a reviewer's account to a server."""

import sys
from getpass import getpass
from pathlib import Path

from crypto.errors import ProtocolError
from journalist_app.taking import add_account
from peluit.errors import PassphrasesDifferError, RefusedError
from store.errors import StoreError
from store.layout import Layout


def add(folder: Path, office: str, name: str) -> None:
    """Asks for a passphrase twice, and prints the TOTP secret once; PassphrasesDifferError, RefusedError."""
    passphrase = getpass("Passphrase (at least 12 characters): ")
    if getpass("Again: ") != passphrase:
        raise PassphrasesDifferError
    try:
        secret = add_account(Layout(folder), name, office, passphrase)
    except (StoreError, ProtocolError) as error:
        raise RefusedError(error) from None
    sys.stdout.write(
        f"The account {name} is there. For the app that makes six-digit codes (not shown again):\n{secret}\n"
    )
