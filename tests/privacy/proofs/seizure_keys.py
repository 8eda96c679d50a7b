"""Whoever takes the server with all its keys finds nothing that was erased, and what the ledger says.

Every page of the databases is decrypted, free ones and the log included, and searched with all other files
for what people said and are, and for the sealed bytes, names and hashes of what was erased.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.line import Line, at_least, at_most, tell
from store import keyfile
from store.layout import Layout
from store.reader import open_inbox
from store.staff import open_staff
from tests.privacy import ledger
from tests.privacy.canaries import Hit, Search
from tests.privacy.proofs.seizing import Seized, told, traces
from tests.store.pages_of import clear_bytes


def measure(full: bool) -> Iterator[Line]:
    """In full with files of 20 MB."""
    size = 20_000_000 if full else 100_000
    with tempfile.TemporaryDirectory(prefix="peluit-opened-") as name, told(Path(name), size) as seized:
        hits, there, fields = search(seized), living(seized), unlisted(seized.layout)
    for hit in hits:
        tell(f"  found in {hit.where}: {hit.canary!r}")
    yield at_most("seizure_keys: found of what was said or erased", len(hits), "places", 0)
    yield at_most("seizure_keys: fields that the ledger does not list", len(fields), "fields", 0)
    yield at_least("seizure_keys: of what is still there, found", there, "things", 5)


def search(seized: Seized) -> set[Hit]:
    """Where anything is that must not be there."""
    secret = traces(seized.deleted, "erased") | traces(seized.keys, "a reviewer's key")
    wanted = Search(seized.canaries(), secret)
    hits = wanted.tree(seized.layout.root)
    for name, pages in databases(seized.layout).items():
        hits |= wanted.data([pages], f"{name}, decrypted")
    return hits


def living(seized: Seized) -> int:
    """How much of what still waits the search finds: if it found nothing, its silence would mean nothing."""
    found = Search([], {thing[:48]: str(n) for n, thing in enumerate(seized.living)})
    return len(found.data(databases(seized.layout).values(), "databases"))


def databases(layout: Layout) -> dict[str, bytes]:
    """All pages of each database and its log in clear."""
    return {
        "inbox.db": clear_bytes(layout.inbox, keyfile.read(layout.inbox_key)),
        "staff.db": clear_bytes(layout.staff, keyfile.read(layout.staff_key)),
    }


def unlisted(layout: Layout) -> set[str]:
    """The columns of the databases that have no row in docs/privacy-ledger.md, and other journals."""
    inbox, staff = open_inbox(layout.inbox, keyfile.read(layout.inbox_key)), open_staff(layout)
    try:
        fields = ledger.fields("inbox", inbox) | ledger.fields("staff", staff.database)
    finally:
        inbox.close()
        staff.close()
    return (fields - ledger.listed()) | {path.name for path in layout.root.rglob("*-journal")}
