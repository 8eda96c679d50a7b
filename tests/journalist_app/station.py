"""Outbound bundles as a station writes them, and as one never would."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from nacl.signing import SigningKey

from crypto import bundle, calendar, canonical, signed
from crypto.board import Slot, write_slots
from crypto.constants import HINT_SIZE, ID_SIZE, INSTANCE_SIZE, SLOT_SIZE
from crypto.directory import Channel, Directory, Office, Reviewer, sign_directory, sign_slice
from crypto.fields import ChannelId, Day, Epoch, InstanceId, OfficeId, ReviewerId
from crypto.keypairs import KemKeyPair
from crypto.manifest import Entry, Inbound, Manifest, Outbound
from tests.vectors.forms import FORM, LIMITS, NOTES

TODAY = Day("2026-11-23")
OFFICE = OfficeId("inspektorat")
KEM = KemKeyPair.generate().public

Document = tuple[str, str, bytes]
"""Kind, path and bytes of an entry."""


def slots(count: int = 16) -> tuple[Slot, ...]:
    return tuple(Slot(secrets.token_bytes(HINT_SIZE), secrets.token_bytes(SLOT_SIZE)) for _ in range(count))


def slots_document(these: Sequence[Slot] | None = None) -> Document:
    return ("slots", "slots", write_slots(slots() if these is None else these))


@dataclass
class Station:
    """One office's station: root key, reviewers and the directory that it would publish."""

    office: OfficeId = OFFICE
    instance: InstanceId = field(default_factory=lambda: InstanceId(secrets.token_bytes(INSTANCE_SIZE)))
    root: SigningKey = field(default_factory=SigningKey.generate)
    sign: dict[str, SigningKey] = field(
        default_factory=lambda: {"inspektur": SigningKey.generate(), "irban": SigningKey.generate()}
    )

    def directory(self, serial: int = 1) -> Directory:
        reviewers = tuple(
            Reviewer(ReviewerId(name), {"id": name, "en": name}, bytes(key.verify_key))
            for name, key in self.sign.items()
        )
        everyone = tuple(reviewer.id for reviewer in reviewers)
        channels = tuple(
            Channel(ChannelId(name), name, "none", FORM.id, {"id": title, "en": f"{title} (en)"}, everyone)
            for name, title in (("aduan", "Aduan"), ("aspirasi", "Aspirasi"))
        )
        epoch = calendar.epoch_of(TODAY)
        keys = dict.fromkeys(everyone, KEM)
        office = Office(
            instance=self.instance,
            id=self.office,
            names={"id": f"Kantor {self.office}", "en": f"Office {self.office}"},
            root=bytes(self.root.verify_key),
            serial=serial,
            expires=calendar.last_day(Epoch(epoch + 1)),
            channels=channels,
            reviewers=reviewers,
            forms=(FORM,),
            evidence=LIMITS,
            notes=NOTES,
        )
        return Directory(office, TODAY, {epoch: keys, Epoch(epoch + 1): keys})

    def documents(self, directory: Directory | None = None, root: SigningKey | None = None) -> list[Document]:
        """A directory and its slices as signed documents."""
        found = directory or self.directory()
        key = root or self.root
        slices = [("slice", f"slices/{epoch}", sign_slice(found, epoch, key)) for epoch in found.epochs]
        return [("directory", "directory", sign_directory(found, key)), *slices]

    def outbound(
        self,
        number: int = 1,
        documents: Sequence[Document] | None = None,
        *,
        received: Sequence[bytes] = (),
        reviewer: str = "inspektur",
        signer: SigningKey | None = None,
        id_: bytes | None = None,
        packages: Sequence[tuple[Entry, bytes]] = (),
    ) -> bytes:
        """A whole bundle; with a page of slots if nothing else is given, and at its end `packages`."""
        contents = [slots_document()] if documents is None else documents
        manifest = Outbound(
            instance=self.instance,
            office=self.office,
            bundle=id_ or secrets.token_bytes(ID_SIZE),
            number=number,
            day=TODAY,
            entries=(
                *(Entry(kind, path, len(data)) for kind, path, data in contents),
                *(entry for entry, _ in packages),
            ),
            reviewer=ReviewerId(reviewer),
            received=tuple(received),
        )
        key = signer or self.sign.get(reviewer) or SigningKey.generate()
        sealed = [(entry.kind, entry.path, data) for entry, data in packages]
        return archive(manifest, [*contents, *sealed], key)

    def first(self, number: int = 1) -> bytes:
        """A bundle for a new server."""
        return self.outbound(number, [*self.documents(), slots_document()])

    def elsewhere(self) -> "Station":
        """The same keys and office on another server."""
        return replace(self, instance=InstanceId(secrets.token_bytes(INSTANCE_SIZE)))


def archive(manifest: Manifest, contents: Sequence[Document], key: SigningKey) -> bytes:
    """The bytes of a bundle, signed if it is an outbound one."""
    data = {path: body for _, path, body in contents}

    def seal(sums: canonical.Json) -> bytes:
        return canonical.dump(sums) if isinstance(manifest, Inbound) else signed.sign(sums, "bundle", key)

    return b"".join(bundle.write(manifest, lambda entry, skip: iter([data[entry.path][skip:]]), seal))


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
