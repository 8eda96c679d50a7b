"""`POST /api/deletion/<office>`: what a codename sent and no bundle holds goes; strangers erase nothing."""

import secrets
import threading

import pytest
from flask.testing import FlaskClient

from crypto import calendar
from crypto.deletion import deletion_token, token_hash
from crypto.item import SealedItem, item_id
from store.inbox import InboxWriter
from store.keyfile import RawKey
from store.layout import Layout
from store.reader import InboxReader
from tests.source_app.conftest import Server
from tests.source_app.sealed import item, new_blob
from tests.source_app.test_item_api import refused
from tests.source_app.test_server import OCTETS, body, status
from tests.store.installation import CHANNEL, OFFICE, OTHER

PATH = f"/api/deletion/{OFFICE}"
TODAY = calendar.today()


class Codename:
    """What a client derives from one: its tokens of today, and the hashes that it sends along."""

    def __init__(self) -> None:
        secret = secrets.token_bytes(32)
        self.tokens = [deletion_token(secret, TODAY, number) for number in range(4_096)]

    def hash(self, number: int) -> bytes:
        return token_hash(self.tokens[number])

    def request(self) -> bytes:
        """All tokens in random order."""
        return b"".join(secrets.SystemRandom().sample(self.tokens, 4_096))


@pytest.fixture
def codename() -> Codename:
    return Codename()


@pytest.fixture
def writer(layout: Layout):
    made = InboxWriter(layout.inbox, RawKey(layout.inbox_key.read_bytes()))
    yield made
    made.close()


def send(client: FlaskClient, deletion: bytes) -> SealedItem:
    sealed = SealedItem(item())
    path = f"/api/item/{OFFICE}/{CHANNEL}"
    assert client.post(path, data=deletion + sealed, content_type=OCTETS["Content-Type"]).status_code == 204
    return sealed


def send_blob(layout: Layout, writer: InboxWriter, deletion: bytes, office=OFFICE) -> bytes:
    blob = new_blob()
    path = layout.blob(office, blob)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(secrets.token_bytes(65_552))
    writer.add_blob(office, blob, 65_536, TODAY, deletion)
    return blob


def erase(client: FlaskClient, tokens: bytes, path: str = PATH, **headers: str):
    return client.post(path, data=tokens, content_type=OCTETS["Content-Type"], headers=headers)


def erased(answer) -> int:
    assert answer.status_code == 200
    (only,) = answer.get_json().items()
    assert only[0] == "erased"
    return only[1]


def test_a_day_is_erased(client, layout, writer, reader: InboxReader, codename: Codename) -> None:
    for number in (0, 7, 4_095):
        send(client, codename.hash(number))
    kept = send(client, Codename().hash(0))
    blob = send_blob(layout, writer, codename.hash(8))
    assert erased(erase(client, codename.request())) == 4
    assert [entry.id for entry in reader.page(OFFICE)] == [item_id(kept)]
    assert not layout.blob(OFFICE, blob).exists()
    assert erased(erase(client, codename.request())) == 0


def test_what_is_in_a_bundle_stays(client, reader: InboxReader, codename: Codename) -> None:
    bundled = send(client, codename.hash(1))
    assert reader.freeze(OFFICE, TODAY) is not None
    send(client, codename.hash(2))
    assert erased(erase(client, codename.request())) == 1
    assert reader.body(OFFICE, item_id(bundled)) == bundled


def test_another_offices_things_stay(client, layout, writer, reader, codename: Codename) -> None:
    writer.add_item(OTHER, CHANNEL, TODAY, codename.hash(1), SealedItem(item()))
    blob = send_blob(layout, writer, codename.hash(2), OTHER)
    assert erased(erase(client, codename.request())) == 0
    assert (reader.counts(OTHER).items, reader.counts(OTHER).blobs) == (1, 1)
    assert layout.blob(OTHER, blob).exists()
    assert erased(erase(client, codename.request(), f"/api/deletion/{OTHER}")) == 2


@pytest.mark.parametrize("tokens", ["random", "zeros", "the hashes themselves", "one for all"])
def test_strangers_erase_nothing(client, reader: InboxReader, codename: Codename, tokens: str) -> None:
    """Neither whoever guesses nor whoever has read the database knows a token."""
    send(client, codename.hash(5))
    made = {
        "random": secrets.token_bytes(131_072),
        "zeros": bytes(131_072),
        "the hashes themselves": b"".join(codename.hash(number) for number in range(4_096)),
        "one for all": Codename().tokens[0] * 4_096,
    }
    assert erased(erase(client, made[tokens])) == 0
    assert reader.counts(OFFICE).items == 1


@pytest.mark.parametrize("length", [0, 1, 32, 131_040, 131_071])
def test_another_length_is_refused(client, reader, codename: Codename, length: int) -> None:
    send(client, codename.hash(0))
    refused(erase(client, b"".join(codename.tokens)[:length]), 400, "bad-request")
    assert reader.counts(OFFICE).items == 1


def test_more_is_refused(client, reader, codename: Codename) -> None:
    send(client, codename.hash(0))
    refused(erase(client, codename.request() + b"x"), 413, "too-large")
    assert reader.counts(OFFICE).items == 1


def test_an_unknown_office(client, codename: Codename) -> None:
    refused(erase(client, codename.request(), "/api/deletion/nobody"), 404, "no-such-office")


@pytest.mark.parametrize("path", ["/api/deletion", "/api/deletion/", f"{PATH}/", "/api/deletion/-x"])
def test_other_addresses(client, codename: Codename, path: str) -> None:
    refused(erase(client, codename.request(), path), 404, "not-found")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods(client, method: str) -> None:
    refused(client.open(PATH, method=method), 405, "wrong-method")


def test_another_site_and_another_type(client, reader, codename: Codename) -> None:
    send(client, codename.hash(0))
    answer = erase(client, codename.request(), **{"Sec-Fetch-Site": "cross-site"})
    refused(answer, 403, "forbidden")
    refused(client.post(PATH, data=codename.request(), content_type="text/plain"), 415, "wrong-type")
    assert reader.counts(OFFICE).items == 1


# Under the real gunicorn


def test_two_workers_at_once(server: Server, reader: InboxReader, codename: Codename) -> None:
    """Six requests while others report: everything is counted once, and nobody else's report is lost."""
    others, answers, sent = Codename(), [], []
    path = f"/api/item/{OFFICE}/{CHANNEL}"
    for number in range(5):
        assert status(server.ask("POST", path, OCTETS, codename.hash(number) + item())) == 204

    def ask() -> None:
        answers.append(server.ask("POST", PATH, OCTETS, codename.request()))

    def report() -> None:
        sent.extend(status(server.ask("POST", path, OCTETS, others.hash(n) + item())) for n in range(5))

    threads = [*(threading.Thread(target=ask) for _ in range(6)), threading.Thread(target=report)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(body(answer) for answer in answers) == [b'{"erased":0}'] * 5 + [b'{"erased":5}']
    assert sent == [204] * 5
    assert reader.counts(OFFICE).items == 5
    assert server.stop() == ""


def test_a_request_that_breaks_off_erases_nothing(server: Server, reader, codename: Codename) -> None:
    path = f"/api/item/{OFFICE}/{CHANNEL}"
    assert status(server.ask("POST", path, OCTETS, codename.hash(0) + item())) == 204
    head = f"POST {PATH} HTTP/1.1\r\nHost: x.onion\r\nContent-Type: application/octet-stream\r\n"
    for sent in (0, 1, 65_536, 131_071):
        server.talk(f"{head}Content-Length: 131072\r\n\r\n".encode() + b"".join(codename.tokens)[:sent])
    assert reader.counts(OFFICE).items == 1
    assert server.stop() == ""
