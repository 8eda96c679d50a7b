"""Taking a bundle from the station: everything it brings, or nothing. The board shows it when it is due.

The steps can each be repeated without harm, and the bundle counts as taken only after the last: whatever a
crash cuts off, importing the same bundle again completes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from crypto import calendar
from crypto.directory import Directory
from crypto.fields import Day
from journalist_app import outbound, relay, statistics
from journalist_app.changes import Change, compare
from journalist_app.errors import DamagedBundleError, FingerprintError, ManyPackagesError, OlderBundleError
from journalist_app.outbound import UntrustedBundle
from journalist_app.parts import Parts, open_parts
from journalist_app.publishing import publish
from journalist_app.statistics import Brought
from store import site
from store.bundles import Bundle
from store.errors import (
    BundleTakenError,
    ManyPackagesTakenError,
    NoDirectoryError,
    NoSuchOfficeError,
    OlderBundleTakenError,
    SiteExistsError,
)
from store.layout import Layout
from store.site import Site, SiteOffice
from store.staff.account import Account, console
from store.staff.audit import Act

SLOT_DAYS: Final = 60
"""How long the board shows a slot."""


@dataclass(frozen=True)
class Taken:
    """What a bundle changed. `before`: it was taken earlier and has changed nothing now; `packages`: how many
    were delivered to other offices; `published`: statistics that are public now."""

    number: int
    before: bool = False
    serial: int | None = None
    slots: int = 0
    packages: int = 0
    received: int = 0
    published: int = 0


@dataclass(frozen=True)
class Preview:
    """What a bundle would change. `packages`: how many go to which other office; `refused`: items and files
    for others that cannot be delivered; `received`: our bundles that it confirms, and whose contents then go.
    """

    number: int
    day: Day
    reviewer: str
    slots: int
    packages: tuple[tuple[SiteOffice, int], ...]
    refused: int
    statistics: tuple[Brought, ...]
    change: Change | None
    received: tuple[Bundle, ...]


def preview(parts: Parts, office: SiteOffice, untrusted_file: BinaryIO) -> Preview | Taken:
    """What `take` would do with this bundle, after the same checks; nothing changes.

    Taken if it was taken before. Any BundleRefusedError, any StoreError.
    """
    untrusted_bundle = outbound.read(untrusted_file)
    manifest = untrusted_bundle.manifest
    outbound.check_place(untrusted_bundle, parts.site, office)
    try:
        parts.staff.taken.check(office.id, manifest.bundle, manifest.number, relay.brought(untrusted_bundle))
    except BundleTakenError:
        return Taken(manifest.number, before=True)
    except OlderBundleTakenError:
        raise OlderBundleError from None
    except ManyPackagesTakenError:
        raise ManyPackagesError from None
    brought = outbound.check_signatures(untrusted_bundle, parts.directories)
    _check_hints(parts, untrusted_bundle)
    packages = relay.look(parts, untrusted_bundle)
    return Preview(
        manifest.number,
        manifest.day,
        manifest.reviewer,
        len(untrusted_bundle.slots),
        tuple((each, packages.counts[each.id]) for each in parts.site.offices if each.id in packages.counts),
        packages.refused,
        tuple(statistics.look(parts, untrusted_bundle, brought)),
        None if brought is None else compare(_published(parts, office), brought),
        tuple(bundle for bundle in parts.inbox.bundles(office.id) if bundle.id in manifest.received),
    )


def take(parts: Parts, actor: Account, office: SiteOffice, untrusted_file: BinaryIO) -> Taken:
    """Takes an outbound bundle of this office, which is the actor's.

    Any BundleRefusedError, any StoreError.
    """
    untrusted_bundle = outbound.read(untrusted_file)
    manifest = untrusted_bundle.manifest
    outbound.check_place(untrusted_bundle, parts.site, office)
    try:
        packages = relay.brought(untrusted_bundle)
        with parts.staff.taken.taking(actor, manifest.bundle, manifest.number, packages) as log:
            brought = outbound.check_signatures(untrusted_bundle, parts.directories)
            return _apply(parts, untrusted_bundle, brought, log)
    except BundleTakenError:
        return Taken(manifest.number, before=True)
    except OlderBundleTakenError:
        raise OlderBundleError from None
    except ManyPackagesTakenError:
        raise ManyPackagesError from None


def adopt_first_bundle(layout: Layout, bundle: Path, agrees: Callable[[SiteOffice], bool]) -> Site:
    """Sets a new server up from the station's first bundle: keys, slots, board, and last the site file.

    `agrees` is asked once, whether the root key of the office has the right fingerprint. The key files must
    be there. FingerprintError and any other BundleRefusedError; SiteExistsError and any other StoreError.
    """
    if layout.site.exists():
        raise SiteExistsError
    with bundle.open("rb") as untrusted_file:
        untrusted_bundle = outbound.read(untrusted_file)
    found = outbound.first_site(untrusted_bundle)
    (office,) = found.offices
    outbound.check_place(untrusted_bundle, found, office)
    parts = open_parts(layout, found)
    try:
        brought = outbound.check_signatures(untrusted_bundle, parts.directories)
        if not agrees(office):
            raise FingerprintError
        manifest = untrusted_bundle.manifest
        actor = console(office.id)
        with parts.staff.taken.taking(actor, manifest.bundle, manifest.number) as log:
            _apply(parts, untrusted_bundle, brought, log)
            publish(parts)
            site.write(layout, found)
    finally:
        parts.close()
    return found


def add_account(layout: Layout, name: str, office: str, passphrase: str, role: str = "reviewer") -> str:
    """Adds somebody of an office of this server, who can sign in at once; gives the TOTP secret in base32.

    NoSuchOfficeError, and those of `People.add`.
    """
    parts = open_parts(layout)
    try:
        known = parts.site.office(office)
        if known is None:
            raise NoSuchOfficeError
        return parts.staff.people.add(name, known.id, passphrase, role)
    finally:
        parts.close()


def _apply(
    parts: Parts,
    checked_bundle: UntrustedBundle,
    brought: Directory | None,
    log: Callable[[Act, str], None],
) -> Taken:
    manifest, slots, today = checked_bundle.manifest, checked_bundle.slots, parts.today()
    # One that has expired must not stand in the way of a new one.
    parts.slots.expire(today)
    _check_hints(parts, checked_bundle)
    packages = relay.look(parts, checked_bundle)
    publications = statistics.look(parts, checked_bundle, brought)
    if brought is not None:
        document = checked_bundle.documents[outbound.DIRECTORY]
        parts.directories.publish(manifest.office, document, checked_bundle.slices)
    parts.slots.add(slots, calendar.add_days(today, SLOT_DAYS))
    relay.deliver(parts, checked_bundle, packages)
    published = statistics.publish(parts, publications)
    received = parts.inbox.erase(manifest.office, manifest.received)
    serial = None if brought is None else brought.office.serial
    if serial is not None:
        log("keys-published", str(serial))
    for each in publications:
        if not each.known:
            log("statistics-published", each.statistics.period)
    if received:
        log("receipt-taken", str(received))
    delivered = sum(packages.counts.values())
    return Taken(manifest.number, False, serial, len(slots), delivered, received, published)


def _published(parts: Parts, office: SiteOffice) -> Directory | None:
    try:
        return parts.directories.directory(office.id)
    except NoDirectoryError:
        return None


def _check_hints(parts: Parts, checked_bundle: UntrustedBundle) -> None:
    """The board's pages stay whole: each hint once, and all new (or all there, after a crash)."""
    hints = {slot.hint for slot in checked_bundle.slots}
    known = hints & {slot.hint for slot in parts.slots.living(parts.today())}
    if len(hints) != len(checked_bundle.slots) or known not in (set(), hints):
        raise DamagedBundleError(outbound.SLOTS)
