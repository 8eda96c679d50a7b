"""A real staff.db, a clock that stands still, and one reviewer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyotp
import pytest

from crypto.fields import OfficeId
from store import keyfile
from store.database import Database
from store.layout import Layout
from store.staff import Account, Staff, open_staff
from store.staff.account import console
from store.staff.credentials import Attempt
from store.staff.schema import STAFF

OFFICE = OfficeId("inspektorat")
OTHER = OfficeId("dinas-lain")
PASSPHRASE = "kuda terbang di atas bukit"
MIDNIGHT = 1_795_392_000.0  # 2026-11-23, 00:00 UTC
STEP = 30
RINA = Account("rina", OFFICE, "reviewer")
CONSOLE = console(OFFICE)


class Clock:
    now = MIDNIGHT + 43_200

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    layout.make()
    keyfile.create(layout.staff_key)
    return layout


@pytest.fixture
def staff(layout: Layout, clock: Clock) -> Iterator[Staff]:
    staff = open_staff(layout, clock)
    yield staff
    staff.close()


@dataclass(frozen=True)
class Person:
    """Somebody with a passphrase and an authenticator."""

    account: Account
    secret: str
    clock: Clock
    browser: bytes | None = None

    def code(self, shift: float = 0) -> str:
        return pyotp.TOTP(self.secret).at(int(self.clock.now + shift))

    def wrong_code(self) -> str:
        """Six digits that no step beside the present one has."""
        good = {self.code(shift) for shift in (-STEP, 0, STEP)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in good)

    def says(self, **other: str | bytes | None) -> Attempt:
        """The right thing, but for what is given."""
        account = self.account
        right = Attempt(account.office, account.name, PASSPHRASE, self.code(), self.browser)
        return replace(right, **other)  # type: ignore[arg-type]


def add(staff: Staff, clock: Clock, account: Account) -> Person:
    secret = staff.people.add(account.name, account.office, PASSPHRASE, account.role)
    return Person(account, secret, clock)


@pytest.fixture
def rina(staff: Staff, clock: Clock) -> Person:
    return add(staff, clock, RINA)


def rows(layout: Layout, query: str) -> list[tuple[object, ...]]:
    database = Database(layout.staff, keyfile.read(layout.staff_key), STAFF)
    with database.read() as connection:
        found: list[tuple[object, ...]] = connection.execute(query).fetchall()
    database.close()
    return found
