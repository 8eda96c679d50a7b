"""What the office has decided for its station, kept in the vault."""

from crypto import canonical
from crypto.canonical import Json
from crypto.errors import ProtocolError
from workstation.errors import VaultDamagedError
from workstation.vault import Vault


def read(vault: Vault, name: str) -> Json:
    """A setting, None if it was never written; VaultDamagedError."""
    row = vault.row("SELECT value FROM settings WHERE name = ?", name)
    try:
        return None if row is None else canonical.parse(row[0])
    except ProtocolError:
        raise VaultDamagedError from None


def write(vault: Vault, name: str, value: Json) -> None:
    """Inside a transaction of the caller."""
    vault.rows(
        "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
        name,
        canonical.dump(value),
    )
