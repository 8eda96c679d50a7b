"""How days and strangers' texts are written on the page."""

from datetime import date

from workstation import terminal
from workstation.texts import _


def written_day(day: str) -> str:
    """A day as people write it: 23 November 2026."""
    on = date.fromisoformat(day)
    return f"{on.day} {_months()[on.month - 1]} {on.year}"


def safe_text(untrusted_text: str) -> str:
    """A longer text whose hidden characters are shown, as on the terminal; lines stay lines."""
    return "\n".join(terminal.safe_lines(untrusted_text))


def _months() -> tuple[str, ...]:
    return (
        *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
        *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
    )
