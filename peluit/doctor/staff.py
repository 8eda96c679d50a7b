"""Checks of the people: who can sign in, and who was left in between."""

from collections.abc import Iterator
from typing import Final

from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation
from peluit.doctor.opened import opened
from store import keyfile, site

_DEMO: Final = "sign-in.json"
"""What a demo office leaves beside its server (peluit/demo_office.py)."""


def accounts(installation: Installation) -> Iterator[Finding]:
    """Nobody signs in without a second factor; no invitation is over; each office has its people."""
    layout = installation.layout
    if not layout.staff.exists():
        return  # data.staff says so
    with opened(layout.staff, keyfile.read(layout.staff_key)) as connection:
        single = connection.execute(_SINGLE).fetchone()[0]
        expired = connection.execute(_EXPIRED, (installation.today,)).fetchall()
        served = {(office, role) for office, role in connection.execute(_ACTIVE)}
    found = []
    for office, name in expired:
        says = f"The invitation of {name} is over: that person cannot sign in."
        found.append(Finding("accounts", "bad", says, _invite(installation, office, name)))
    if single:
        says = f"{single} accounts can sign in without a second factor: the database was changed by hand."
        found.append(Finding("accounts", "bad", says, "peluit restore --from BACKUP --folder NEW"))
    for known in site.read(layout).offices:
        for role in ("administrator", "reviewer"):
            if (known.id, role) not in served:
                mend = _invite(installation, known.id, "NAME", role)
                says = f"{known.id} has no {role} who can sign in."
                found.append(Finding("accounts", "bad", says, mend))
    yield from found or [Finding("accounts", "good", "Each office has its people, all with two factors.")]


def demo(installation: Installation) -> Iterator[Finding]:
    """Whether this is the demo office, whose passphrases lie beside it."""
    if (installation.data.parent / _DEMO).exists():
        says = "This is the demo office: its passphrases lie in a file beside it."
        yield Finding("demo", "bad", says, "peluit init --folder NEW --bundle FILE")
    else:
        yield Finding("demo", "good", "This is not the demo office.")


def _invite(installation: Installation, office: str, name: str, role: str = "") -> str:
    whom = f" --office {office}" if office else ""
    as_ = f" --role {role}" if role else ""
    return f"peluit invite --folder {installation.data}{whom}{as_} {name}"


_SINGLE: Final = "SELECT count(*) FROM account WHERE passphrase IS NOT NULL AND coalesce(totp, '') = ''"
_EXPIRED: Final = """
SELECT office, name FROM account LEFT JOIN invitation USING (office, name)
WHERE account.passphrase IS NULL AND (until IS NULL OR until < ?) ORDER BY office, name
"""
_ACTIVE: Final = "SELECT DISTINCT office, role FROM account WHERE passphrase IS NOT NULL"

CHECKS: Final[tuple[Check, ...]] = (accounts, demo)
