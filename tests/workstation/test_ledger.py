"""docs/privacy-ledger.md and a station in use name the same fields and files."""

import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from crypto.custodians import CustodianId
from tests.workstation.ceremonies import R3, renew
from tests.workstation.office import PASSPHRASE, Desk
from workstation.custodianship import Custodianship, NewCustodian
from workstation.inbox import import_bundle
from workstation.station import Station

LEDGER = Path(__file__).parents[2] / "docs" / "privacy-ledger.md"
_ROW = re.compile(r"^\| (vault\.[a-z0-9.]+|station[/.][A-Za-z/.]+) \|", re.MULTILINE)
_NAMES = (
    (r"reviewers/[a-z0-9-]+\.key", "reviewers/REVIEWER.key"),
    (r"custodians/[a-z0-9-]+\.key", "custodians/CUSTODIAN.key"),
    (r"(directories|rosters)/\d+", r"\1/N"),
    (r"parcels/[a-z0-9-]+/\d+", "parcels/REVIEWER/N"),
    (r"evidence/[0-9a-f]{64}", "evidence/HASH"),
    (r"staging/[0-9a-f]{32}/slices/[0-9a-f]{32}", "staging/ID/slices/ID"),
)

Unlock = Callable[[str], AbstractContextManager[Station]]


def general(name: str) -> str:
    return next((re.sub(p, to, name) for p, to in _NAMES if re.fullmatch(p, name)), name)


def test_the_same_fields_and_files(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    item, name, blob = reporter.evidence(b"x" * 70_000)
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(1, [reporter.report(), item], [(name, blob)]))
        _, other, sliced = desk.reporter().evidence(os.urandom(200_000))
        first, *_ = desk.deliver_parts(2, [], [(other, sliced)])
        import_bundle(station, first)
    titles = {"en": "Notary", "id": "Notaris"}
    join = tuple(NewCustodian(CustodianId(one), titles, PASSPHRASE.format(one)) for one in ("c1", "c2"))
    renew(desk, R3, keepers=Custodianship(join=join))
    with unlocked("r1") as station:
        tables = station.vault.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        found = {
            f"vault.{table}.{column}"
            for (table,) in tables
            for (column,) in station.vault.rows("SELECT name FROM pragma_table_info(?)", table)
        }
    paths = [path for path in desk.folder.rglob("*") if path.is_file()]
    found |= {f"station/{general(path.relative_to(desk.folder).as_posix())}" for path in paths}
    found |= {path.name for path in desk.folder.parent.glob("station.*")}
    rows = _ROW.findall(LEDGER.read_text("utf-8"))
    assert len(rows) == len(set(rows)), "a row stands twice"
    assert found == set(rows)
