"""The site file: what installation this is, and whose root keys its clients trust (docs/protocol.md 11.1)."""

from dataclasses import dataclass

from crypto import canonical
from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import INSTANCE_SIZE, MAX_OFFICES, SUITE
from crypto.errors import MalformedError, ProtocolError, WrongVersionError
from crypto.fields import Fields, InstanceId, OfficeId
from crypto.names import Names, read_names
from crypto.training import is_training
from store.errors import NoSiteError, SiteExistsError, full_disk
from store.files import read_quietly, write_whole
from store.layout import Layout


@dataclass(frozen=True)
class SiteOffice:
    """An office and its Ed25519 root key (32 bytes)."""

    id: OfficeId
    names: Names
    root: bytes


@dataclass(frozen=True)
class Site:
    """One installation."""

    instance: InstanceId
    offices: tuple[SiteOffice, ...]

    def office(self, office: str) -> SiteOffice | None:
        return next((found for found in self.offices if found.id == office), None)


def write(layout: Layout, site: Site) -> None:
    """Writes the site file, once; SiteExistsError, StorageFullError, MalformedError."""
    offices: list[Json] = [{"id": o.id, "names": dict(o.names), "root": b64(o.root)} for o in site.offices]
    text = canonical.dump({"instance": b64(site.instance), "offices": offices, "suite": SUITE})
    if parse(text) != site:
        raise MalformedError
    if layout.site.exists():
        raise SiteExistsError
    with full_disk():
        write_whole(layout.site, text)


def read(layout: Layout) -> Site:
    """The site of this installation; NoSiteError."""
    try:
        return parse(read_quietly(layout.site))
    except (FileNotFoundError, ProtocolError):
        raise NoSiteError from None


def parse(untrusted_text: bytes) -> Site:
    """The site that a site file tells of; any ProtocolError."""
    fields = Fields(canonical.parse(untrusted_text))
    if fields.take("suite") != SUITE:
        raise WrongVersionError
    instance = InstanceId(fields.data("instance", INSTANCE_SIZE))
    if is_training(instance):
        raise MalformedError
    offices = fields.list_of("offices", _read_office, 1, MAX_OFFICES)
    fields.end()
    if len({office.id for office in offices}) != len(offices):
        raise MalformedError
    return Site(instance, offices)


def _read_office(untrusted_value: object) -> SiteOffice:
    fields = Fields(untrusted_value)
    office = SiteOffice(OfficeId(fields.id("id")), read_names(fields.take("names")), fields.data("root", 32))
    fields.end()
    return office
