"""A server with its station, for the tests of backup, restore, retire and the doctor."""

import io
import json
import secrets
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crypto import bundle, calendar, canonical, server_backup
from crypto.blob import BlobId, padded_size
from crypto.board import Slot, read_index
from crypto.constants import SLOT_SIZE
from crypto.fields import OfficeId
from crypto.item import SealedItem
from crypto.reply import ReplyPart
from journalist_app.parts import Parts, open_parts
from journalist_app.publishing import publish
from journalist_app.taking import add_account, take
from peluit.init import set_up
from peluit.manifest.served import WELL_KNOWN
from store import keyfile
from store.inbox import InboxWriter
from store.layout import Layout
from store.staff.account import console
from tests.peluit.running import PELUIT, run
from tests.workstation.office import ADUAN, OFFICE, Desk, Reporter, make_desk

ID = OfficeId(OFFICE)
PASSPHRASE = "kuda terbang di atas bukit"
SERVICES = ("noscript", "reviewers", "source")


@dataclass
class Served:
    """`where` holds everything; `totp`: the secret of the reviewer "rina"."""

    where: Path
    desk: Desk
    totp: str

    @property
    def layout(self) -> Layout:
        return Layout(self.where / "server")

    @property
    def tor(self) -> Path:
        return self.where / "tor"

    def parts(self) -> Parts:
        return open_parts(self.layout)

    def reports(self, reporter: Reporter, text: str) -> None:
        """Something that a reporter sends, as the source app stores it."""
        self._store(reporter.report(text), secrets.token_bytes(32))

    def sends_file(self, reporter: Reporter, data: bytes, erasable: bytes | None = None) -> bytes:
        """Evidence and the item that tells of it; the blob's id. `erasable`: the hash of its token."""
        item, name, blob = reporter.evidence(data)
        writer = self._writer()
        path = self.layout.blob(ID, name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_bytes(blob)
        padded = padded_size(len(blob))
        assert padded is not None
        writer.add_blob(ID, BlobId(name), padded, calendar.today(), erasable or secrets.token_bytes(32))
        writer.close()
        self._store(item, secrets.token_bytes(32))
        return name

    def bundle(self) -> list[Path]:
        """What waits, as bundles on the station's stick."""
        parts = self.parts()
        parts.inbox.freeze(ID, calendar.today())
        written = []
        for found in parts.inbox.bundles(ID):
            for part in parts.inbox.parts(parts.site.instance, ID, found.id):
                path = self.desk.stick / f"peluit-in-{OFFICE}-{found.number}-{part.part}.tar"
                archive = bundle.write(
                    part, lambda entry, skip: parts.inbox.read_entry(ID, entry, skip), canonical.dump
                )
                path.write_bytes(b"".join(archive))
                written.append(path)
        parts.close()
        return written

    def imports(self, path: Path) -> None:
        """The server takes a bundle from the station, and publishes."""
        parts = self.parts()
        (office,) = parts.site.offices
        take(parts, console(ID), office, io.BytesIO(path.read_bytes()))
        publish(parts)
        parts.close()

    def replies(self, reporter: Reporter) -> list[ReplyPart]:
        """What a reporter finds on the board."""
        parts = self.parts()
        version, hints = read_index(parts.board.index().read_bytes())
        slots = [
            slot
            for number in range(len(hints) // 16)
            for slot in _page(parts.board.page(version.hex(), number).read_bytes(), hints[number * 16 :])
        ]
        parts.close()
        return reporter.replies(slots)

    def backup(self, to: Path, *more: str) -> subprocess.CompletedProcess[str]:
        line = ("--folder", self.layout.root, "--to", to, "--tor", self.tor)
        return run(PELUIT, "backup", *line, *more)

    def code(self, backup: Path) -> str:
        """What the station shows."""
        with backup.open("rb") as file:
            head = server_backup.read_head(file)
        done = run(PELUIT, "station", "server-backup", "--from", backup, *self.desk.as_("r2"), "--json")
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["day"] == head.day
        return str(found["code"])

    def restore(
        self, backup: Path, to: Path, typed: str, tor: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        line = ("--from", backup, "--folder", to)
        return run(PELUIT, "restore", *line, *(("--tor", tor) if tor else ("--without-tor",)), typed=typed)

    def _writer(self) -> InboxWriter:
        return InboxWriter(self.layout.inbox, keyfile.read(self.layout.inbox_key), reserve=0)

    def _store(self, item: bytes, deletion: bytes) -> None:
        writer = self._writer()
        writer.add_item(ID, ADUAN, calendar.today(), deletion, SealedItem(item))
        writer.close()


def serve(where: Path) -> Served:
    """All that a ceremony, `peluit init` and the first start of tor leave."""
    desk = make_desk(where)
    server = where / "server"
    set_up(server, desk.held.bundle.path, lambda _office: True)
    manifest = server / "public" / "pages" / WELL_KNOWN / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_bytes(b'{"manifest":{},"signatures":{}}')  # as `peluit manifest publish` puts one there
    totp = add_account(Layout(server), "rina", OFFICE, PASSPHRASE)
    for service in SERVICES:
        folder = where / "tor" / service
        (folder / "authorized_clients").mkdir(parents=True)
        for name in ("hostname", "hs_ed25519_public_key", "hs_ed25519_secret_key"):
            (folder / name).write_bytes(
                f"{name} of {service} ".encode() + secrets.token_bytes(32).hex().encode()
            )
        (folder / "authorized_clients" / "rina.auth").write_text("descriptor:x25519:KEY\n")
    return Served(where, desk, totp)


def _page(data: bytes, hints: Sequence[bytes]) -> list[Slot]:
    bodies = [data[at : at + SLOT_SIZE] for at in range(0, len(data), SLOT_SIZE)]
    return [Slot(hint, body) for hint, body in zip(hints, bodies, strict=False)]
