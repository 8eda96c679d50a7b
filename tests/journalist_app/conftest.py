"""A server with two offices in a temporary folder, and a browser at its door."""

import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pyotp
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crypto.blob import BlobId, blob_size
from crypto.constants import ID_SIZE, MIN_BLOB_SIZE
from crypto.fields import ChannelId, Day, OfficeId
from crypto.item import SealedItem
from crypto.manifest import LARGEST_PART
from journalist_app import create_app
from journalist_app.parts import Parts, open_parts
from journalist_app.texts import LOCALES
from store import files, keyfile, site
from store.inbox import InboxWriter
from store.layout import Layout
from store.site import Site, SiteOffice
from store.staff.account import SERVER, Role

from .station import TODAY, Station

PASSPHRASE = "kuda terbang di atas bukit"
PEOPLE: dict[str, Role] = {
    "rina": "reviewer",
    "ani": "administrator",
    "mona": "monitor",
    "opi": "operator",
    "budi": "reviewer",
    "citra": "administrator",
}
"""Rina, Ani and Mona are of the first office, Budi and Citra of the other, Opi of neither."""
NOON = datetime.fromisoformat(f"{TODAY}T12:00:00+00:00").timestamp()


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Server:
    """An installation with two offices, `station`'s and `other`'s, and people of every role."""

    layout: Layout
    clock: Clock
    station: Station
    other: Station
    secrets: dict[str, str]

    def code(self, name: str = "rina") -> str:
        return pyotp.TOTP(self.secrets[name]).at(int(self.clock.now))

    def office(self, name: str) -> OfficeId:
        """Where somebody belongs."""
        return {"budi": self.other.office, "citra": self.other.office, "opi": SERVER}.get(
            name, self.station.office
        )

    def app(self, largest_part: int = LARGEST_PART) -> Flask:
        app = create_app(self.layout, self.clock, largest_part)
        app.testing = False
        return app

    def parts(self) -> Parts:
        return open_parts(self.layout, clock=self.clock)

    def add_item(self, station: Station | None = None, size: int = 12_000, on: Day = TODAY) -> bytes:
        """A sealed thing, as far as the server can tell; its bytes."""
        item = secrets.token_bytes(size)
        writer = InboxWriter(self.layout.inbox, keyfile.read(self.layout.inbox_key), reserve=0)
        office = (station or self.station).office
        writer.add_item(office, ChannelId("aduan"), on, bytes(32), SealedItem(item))
        writer.close()
        return item

    def add_blob(self, padded: int = MIN_BLOB_SIZE, station: Station | None = None, on: Day = TODAY) -> bytes:
        """A complete blob; its bytes."""
        name, data = BlobId(secrets.token_bytes(ID_SIZE)), secrets.token_bytes(blob_size(padded))
        office = (station or self.station).office
        path = self.layout.blob(office, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        writer = InboxWriter(self.layout.inbox, keyfile.read(self.layout.inbox_key), reserve=0)
        writer.add_blob(office, name, padded, on, bytes(32))
        writer.close()
        return data


class Visitor:
    """A browser: keeps cookies, sends back the proof that the last form carried."""

    def __init__(self, client: FlaskClient, server: Server) -> None:
        self.client = client
        self.server = server
        self.name: str | None = None

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def proof(self, path: str) -> str:
        """The proof in the form on a page."""
        found = re.search(r'name="proof" value="([^"]*)"', self.get(path).text)
        assert found, path
        return found[1]

    def sign_in(
        self, name: str = "rina", passphrase: str = PASSPHRASE, code: str | None = None
    ) -> TestResponse:
        self.name = name
        form = {
            "office": self.server.office(name),
            "name": name,
            "passphrase": passphrase,
            "code": self.server.code(name) if code is None else code,
        }
        return self.client.post("/en/sign-in", data=form | {"proof": self.proof("/en/sign-in")})

    def post(self, path: str, **fields: str) -> TestResponse:
        """A form of the page at this address, sent back filled in."""
        return self.client.post(path, data=fields | {"proof": self.proof(path)})

    def confirmed(self, path: str, **fields: str) -> TestResponse:
        """The same, with one's passphrase and a code that was not used yet."""
        self.server.clock.now += 30
        assert self.name
        said = {"passphrase": PASSPHRASE, "code": self.server.code(self.name)}
        return self.post(path, **(said | fields))

    def export(self) -> TestResponse:
        return self.client.post("/en/bundles", data={"proof": self.proof("/en/import")})

    def upload(self, bundle: bytes, path: str = "/en/import") -> TestResponse:
        """Uploads a bundle and, if it is not refused, publishes what it brings."""
        answer = self.upload_only(bundle, path)
        return answer if answer.status_code != 303 else self.publish(path.split("/")[1])

    def upload_only(
        self, bundle: bytes, path: str = "/en/import", name: str = "peluit-out.tar"
    ) -> TestResponse:
        """Uploads a bundle, which changes nothing."""
        head, edge = 'Content-Disposition: form-data; name="', "--edge"
        proof = f'{edge}\r\n{head}proof"\r\n\r\n{self.proof(path)}\r\n'
        file = f'{edge}\r\n{head}bundle"; filename="{name}"\r\nContent-Type: application/x-tar\r\n\r\n'
        body = f"{proof}{file}".encode() + bundle + f"\r\n{edge}--\r\n".encode()
        return self.client.post(path, data=body, content_type="multipart/form-data; boundary=edge")

    def publish(self, language: str = "en") -> TestResponse:
        """Says yes to the preview of the bundle that waits."""
        path = f"/{language}/import/preview"
        digest = re.findall(r'name="digest" value="([^"]*)"', self.get(path).text)
        fields = {"proof": self.proof(path), "digest": digest[0]}
        return self.client.post(f"/{language}/import/publish", data=fields)


def make_server(folder: Path) -> Server:
    station = Station()
    other = Station(office=OfficeId("dinas-lain"), instance=station.instance)
    layout = Layout(folder)
    layout.make()
    for key in (layout.inbox_key, layout.staff_key, layout.ticket_key):
        keyfile.create(key)
    offices = tuple(
        SiteOffice(s.office, s.directory().office.names, bytes(s.root.verify_key)) for s in (station, other)
    )
    site.write(layout, Site(station.instance, offices))
    server = Server(layout, Clock(), station, other, {})
    parts = server.parts()
    for its in (station, other):
        directory, *slices = its.documents()
        epochs = dict(zip(its.directory().epochs, (data for _, _, data in slices), strict=True))
        parts.directories.publish(its.office, directory[2], epochs)
    for name, role in PEOPLE.items():
        server.secrets[name] = parts.staff.people.add(name, server.office(name), PASSPHRASE, role)
    parts.close()
    return server


@pytest.fixture(scope="session", autouse=True)
def compiled_texts() -> None:
    """The catalogue, compiled as `make` compiles it."""
    for source in LOCALES.rglob("*.po"):
        compiled = BytesIO()
        with source.open("rb") as text:
            write_mo(compiled, read_po(text))
        files.write_whole(source.with_suffix(".mo"), compiled.getvalue())


@pytest.fixture(scope="session")
def fresh_server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Made once: hashing passphrases takes its time."""
    return make_server(tmp_path_factory.mktemp("fresh") / "data")


@pytest.fixture
def server(fresh_server: Server, tmp_path: Path) -> Server:
    """A copy that the test may change."""
    shutil.copytree(fresh_server.layout.root, tmp_path / "data", symlinks=True)
    accounts = dict(fresh_server.secrets)
    return replace(fresh_server, secrets=accounts, layout=Layout(tmp_path / "data"), clock=Clock())


@pytest.fixture
def stranger(server: Server) -> Iterator[Visitor]:
    """Somebody who has not signed in."""
    app = server.app()
    yield Visitor(app.test_client(), server)
    app.extensions["peluit"].close()


def signed_in(server: Server, name: str) -> Visitor:
    """Somebody who has signed in, in a browser of their own."""
    made = Visitor(server.app().test_client(), server)
    assert made.sign_in(name).status_code == 303
    return made


@pytest.fixture
def administrator(server: Server) -> Visitor:
    """Ani of the first office, signed in."""
    return signed_in(server, "ani")


@pytest.fixture
def reviewer(stranger: Visitor) -> Visitor:
    """Rina of the first office, signed in."""
    assert stranger.sign_in().status_code == 303
    return stranger
