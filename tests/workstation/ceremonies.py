"""Later ceremonies for the tests: a station unlocked, the office's key at hand."""

from pathlib import Path

from crypto.directory import Directory
from crypto.fields import ChannelId, Day, ReviewerId
from tests.workstation.office import CHEAP, PASSPHRASE, TODAY, Desk
from workstation import identity, renewal
from workstation.custodianship import Custodianship
from workstation.renewal import Renewed
from workstation.staffing import Newcomer, Staffing
from workstation.station import unlock

R1, R2, R3, R4 = (ReviewerId(f"r{n}") for n in range(1, 5))


def newcomer(reviewer: ReviewerId = R4, reads: tuple[ChannelId, ...] | None = None) -> Newcomer:
    titles = {"en": f"Reviewer {reviewer}", "id": f"Penelaah {reviewer}"}
    return Newcomer(reviewer, titles, PASSPHRASE.format(reviewer), reads)


def renew(
    desk: Desk,
    actor: ReviewerId = R1,
    change: Staffing = Staffing(),  # noqa: B008
    on: Day = TODAY,
    weeks: int = 3,
    even_if_lost: bool = False,
    to: Path | None = None,
    keepers: Custodianship = Custodianship(),  # noqa: B008
) -> Renewed:
    with unlock(desk.folder, actor, PASSPHRASE.format(actor)) as station:
        office = identity.open_office(station.layout.office_key.read_bytes(), PASSPHRASE.format("office"))
        return renewal.hold(
            station, office, to or desk.stick, on, CHEAP, change, weeks, even_if_lost, keepers
        )


def directory(desk: Desk) -> Directory:
    with unlock(desk.folder, R1, PASSPHRASE.format(R1)) as station:
        return station.directory
