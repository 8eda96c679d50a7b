"""Publishing the board anew: what was imported since, in a new random order (docs/protocol.md 8.3)."""

from datetime import UTC, datetime

from crypto.fields import Day
from journalist_app.parts import Parts


def publish(parts: Parts) -> None:
    """Shows all slots that live, also if they are the same as before; any StoreError, OSError.

    A board with no living slot at all stays as it is: reporters need one to look at.
    """
    today = parts.today()
    parts.slots.expire(today)
    parts.pending.expire(today)
    living = parts.slots.living(today)
    if living:
        parts.board.publish(living)
    parts.board_day.write(due_day(parts))


def due_day(parts: Parts) -> Day:
    """The day on which the board was due last."""
    moment = parts.schedule.latest(parts.clock())
    return Day(datetime.fromtimestamp(moment, UTC).date().isoformat())
