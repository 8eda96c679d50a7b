"""Which bundles and parts have arrived, which are still to come, and whether a new part fits them."""

from dataclasses import dataclass
from pathlib import Path

from crypto.manifest import Inbound
from workstation.errors import OldBundleError, ReusedBundleError, WrongPartsError
from workstation.vault import Vault


@dataclass(frozen=True)
class Arrival:
    """One bundle. `here`: its parts that are in the vault; `outbound`: the bundle that told the server so."""

    number: int
    day: str
    parts: int
    here: tuple[int, ...]
    outbound: int | None

    @property
    def complete(self) -> bool:
        return len(self.here) == self.parts

    @property
    def missing(self) -> tuple[int, ...]:
        """The parts that are still to come."""
        return tuple(sorted(set(range(1, self.parts + 1)) - set(self.here)))


def arrivals(vault: Vault) -> list[Arrival]:
    """Every bundle of which a part is here, by number."""
    rows = vault.rows("SELECT id, number, day, parts, outbound FROM bundles ORDER BY number")
    return [
        Arrival(number, day, parts, _here(vault, id_), outbound) for id_, number, day, parts, outbound in rows
    ]


def is_here(vault: Vault, part: Inbound, manifest: bytes, path: Path) -> bool:
    """Whether this very part was taken before; `manifest` is the SHA-256 of its manifest.

    ReusedBundleError if the bundle or the part was here with other contents.
    """
    bundle = vault.row("SELECT number, day, parts FROM bundles WHERE id = ?", part.bundle)
    if bundle is not None and bundle != (part.number, part.day, part.parts):
        raise ReusedBundleError(path=path)
    known = vault.row("SELECT manifest FROM parts WHERE bundle = ? AND part = ?", part.bundle, part.part)
    if known is not None and known[0] != manifest:
        raise ReusedBundleError(path=path)
    return known is not None


def check(vault: Vault, part: Inbound, path: Path, out_of_order: bool) -> tuple[int, int] | None:
    """Whether a new part may be taken; the first and last number of bundles that were passed over, if any.

    OldBundleError unless `out_of_order`. WrongPartsError if a slice does not fit the slices that are here, or
    if this is the last part and a blob would still not be whole.
    """
    _check_slices(vault, part, path)
    if vault.row("SELECT 1 FROM bundles WHERE id = ?", part.bundle):
        return None
    last: int = vault.value("SELECT coalesce(max(number), 0) FROM bundles")
    if part.number <= last:
        if not out_of_order:
            raise OldBundleError(path=path, number=part.number, last=last)
        return None
    return (last + 1, part.number - 1) if part.number > last + 1 else None


def completed(vault: Vault, part: Inbound) -> list[bytes]:
    """The blobs of which this part brings the last slice."""
    return [blob for blob, (size, whole) in _sizes(vault, part).items() if size == whole]


def record(
    vault: Vault, part: Inbound, manifest: bytes, digests: tuple[bytes, ...], joined: dict[bytes, bytes]
) -> None:
    """Notes a part, and the SHA-256 of each blob that is now whole; inside a transaction of the caller.

    `digests`: SHA-256 of each entry, in order.
    """
    vault.rows(
        "INSERT INTO bundles (id, number, day, parts) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        part.bundle,
        part.number,
        part.day,
        part.parts,
    )
    vault.rows("INSERT INTO parts VALUES (?, ?, ?)", part.bundle, part.part, manifest)
    for entry, sha256 in zip(part.entries, digests, strict=True):
        if entry.is_slice:
            vault.rows(
                "INSERT INTO slices VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                part.bundle,
                part.part,
                bytes.fromhex(entry.name),
                entry.start,
                entry.size,
                entry.whole,
                sha256,
            )
    for blob, digest in joined.items():
        vault.rows("UPDATE slices SET digest = ? WHERE bundle = ? AND blob = ?", digest, part.bundle, blob)


def _here(vault: Vault, bundle: bytes) -> tuple[int, ...]:
    rows = vault.rows("SELECT part FROM parts WHERE bundle = ? ORDER BY part", bundle)
    return tuple(part for (part,) in rows)


def _check_slices(vault: Vault, part: Inbound, path: Path) -> None:
    for entry in part.entries:
        if entry.is_slice and vault.row(
            _CONFLICT,
            part.bundle,
            bytes.fromhex(entry.name),
            entry.whole,
            entry.start + entry.size,
            entry.start,
        ):
            raise WrongPartsError(path=path, number=part.number)
    last = len(_here(vault, part.bundle)) == part.parts - 1
    if last and any(size != whole for size, whole in _sizes(vault, part, everything=True).values()):
        raise WrongPartsError(path=path, number=part.number)


def _sizes(vault: Vault, part: Inbound, everything: bool = False) -> dict[bytes, tuple[int, int]]:
    """How much of each sliced blob is there with this part, and its whole size; of all blobs if asked for."""
    rows = vault.rows(_TAKEN, part.bundle)
    taken = {blob: (size, whole) for blob, size, whole in rows}
    brought = {
        bytes.fromhex(entry.name): (entry.size + taken.get(bytes.fromhex(entry.name), (0, 0))[0], entry.whole)
        for entry in part.entries
        if entry.is_slice
    }
    return taken | brought if everything else brought


_CONFLICT = """
SELECT 1 FROM slices WHERE bundle = ? AND blob = ? AND (whole != ? OR (start < ? AND start + size > ?))
"""
_TAKEN = "SELECT blob, sum(size), max(whole) FROM slices WHERE bundle = ? GROUP BY blob"
