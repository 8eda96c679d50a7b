"""Every check of the doctor, in the order in which they are asked."""

from typing import Final

from peluit.doctor import apps, data, host, packages, process, publications, staff, storage, tor
from peluit.doctor.finding import Check

CHECKS: Final[tuple[Check, ...]] = (
    *data.CHECKS,
    *publications.CHECKS,
    *storage.CHECKS,
    *staff.CHECKS,
    *apps.CHECKS,
    *packages.CHECKS,
    *process.CHECKS,
    *host.CHECKS,
    *tor.CHECKS,
)
