"""Erasing bundles that were downloaded and that no station confirms, where an office wants that.

The entry in the staff's log is written before the act, as for all that lies outside staff.db (decision 0025).
"""

from crypto.fields import OfficeId
from journalist_app.parts import Parts
from store.staff.account import schedule


def announce(parts: Parts, office: OfficeId) -> None:
    """Sets, or takes back, the days on which an office's bundles go. Any StoreError."""
    parts.retention.plan(office, parts.staff.settings.retention(office), parts.today())


def erase_unconfirmed(parts: Parts) -> None:
    """Erases what was announced for today or earlier, in every office. Any StoreError, OSError."""
    today = parts.today()
    for office in parts.site.offices:
        announce(parts, office.id)
        due = parts.retention.due(office.id, today)
        for bundle in due:
            parts.staff.log.note(schedule(office.id), "bundle-expired", str(bundle.number))
        if due:
            parts.retention.erase(office.id, today)
