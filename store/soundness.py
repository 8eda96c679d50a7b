"""Whether a database is whole: every page as it was written, every index and reference as it must be."""

from sqlite3 import Connection


def is_sound(connection: Connection) -> bool:
    """Reads all of it."""
    if connection.execute("PRAGMA cipher_integrity_check").fetchall():
        return False
    if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        return False
    return not connection.execute("PRAGMA foreign_key_check").fetchall()
