"""The reply slots that the board shows, kept on the office's side until they expire."""

from collections.abc import Sequence

from crypto.board import Slot
from crypto.fields import Day
from store.engine import Engine


class Slots:
    """Replies and dummies; nothing here tells which is which. Errors: any StoreError."""

    def __init__(self, inbox: Engine) -> None:
        self._database = inbox

    def add(self, slots: Sequence[Slot], expires: Day) -> None:
        """Keeps slots to the end of a day. One that is there already stays as it is."""
        rows = [(slot.hint, slot.body, expires) for slot in slots]
        with self._database.write() as connection:
            connection.executemany("INSERT INTO slot VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)

    def living(self, on: Day) -> tuple[Slot, ...]:
        """All slots that have not expired on this day, by hint."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT hint, body FROM slot WHERE expires >= ? ORDER BY hint", (on,)
            ).fetchall()
        return tuple(Slot(hint, body) for hint, body in rows)

    def expire(self, on: Day) -> None:
        """Erases slots whose last day is before this one."""
        with self._database.read() as connection:
            (due,) = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM slot WHERE expires < ?)", (on,)
            ).fetchone()
        if due:
            with self._database.erase() as connection:
                connection.execute("DELETE FROM slot WHERE expires < ?", (on,))
