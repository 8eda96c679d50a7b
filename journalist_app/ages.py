"""How many days lie between two days."""

from datetime import date

from crypto.fields import Day


def age(on: Day, today: Day) -> int:
    """How many days ago a day was; 0 for today and, if a clock was put back, for days to come."""
    return max(-days_until(on, today), 0)


def days_until(on: Day, today: Day) -> int:
    """How many days are left to a day; negative if it has passed."""
    return (date.fromisoformat(on) - date.fromisoformat(today)).days
