"""Several offices on one server: every route, every role, every id of another office.

What is theirs is answered as what nobody has, word for word, and nothing of theirs changes.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing.converters import AnyConverter
from werkzeug.test import TestResponse

from crypto.constants import ID_SIZE
from crypto.fields import Day
from journalist_app.access import RULES
from journalist_app.texts import LOCALES
from store import keyfile
from store.database import Database
from store.layout import Layout
from store.schema import INBOX
from store.staff.account import SERVER
from store.staff.schema import STAFF
from tests.journalist_app.conftest import Server, Visitor, signed_in
from tests.journalist_app.station import slots_document
from tests.journalist_app.test_preview import PREVIEW

PAST = Day("2026-11-02")
"""A day on which only the other office was sent something."""

WITHOUT_ID = {"sign_in.leave", "own.leave_everywhere", "own.act"}
"""They change the account that sends them, and take nothing that names another."""

FIELDS_WITHOUT_ID = {
    *("proof", "office", "passphrase", "again", "code", "digits", "role", "keep", "days"),
    *("kind", "size", "first", "last", "what", "bundle", "viewport", "robots"),
}
"""Names in templates that bring no id: the form's proof, choices, the sign-in, an uploaded file, <meta>."""


@dataclass(frozen=True)
class Ids:
    """What names things of one office: by the name of a part of a path, and by the name of a field."""

    paths: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, tuple[str, ...]]


def ids(office: str, names: tuple[bytes, ...], people: tuple[str, str], digest: str, day: str) -> Ids:
    """`names`: a bundle, an item, a blob and a bundle from the station."""
    _bundle, item, blob, _outbound = (name.hex() for name in names)
    return Ids(
        paths={
            "bundle": tuple(name.hex() for name in names),
            "name": (*people, f"peluit-in-{office}-1-1of1.tar", "peluit-in-inspektorat-1-1of1.tar"),
        },
        fields={
            "after": (f"{day}.{item}.item", f"{day}.{blob}.blob"),
            "thing": (f"item.{item}", f"blob.{blob}"),
            "day": (day, day),
            "digest": (digest, digest),
            "name": people,
            "channel": ("aduan", "aduan"),
            "before": ("1", "2"),
        },
    )


@pytest.fixture
def theirs(server: Server) -> Ids:
    """All that the other office can have, with the names of it."""
    server.add_item(server.other, on=PAST)
    parts = server.parts()
    made = parts.inbox.freeze(server.other.office, PAST)
    assert made
    item = _waiting(server, "item")
    outbound = secrets.token_bytes(ID_SIZE)
    budi = signed_in(server, "budi")
    answer = budi.upload(server.other.outbound(1, [slots_document()], id_=outbound))
    assert 'id="imported"' in answer.text
    assert budi.upload_only(server.other.outbound(2, [slots_document()])).location == PREVIEW
    digest = re.findall(r'name="digest" value="([^"]*)"', budi.get(PREVIEW).text)[0]
    parts.close()
    names = (made.id, item, _waiting(server, "blob"), outbound)
    return ids(server.other.office, names, ("budi", "citra"), digest, PAST)


def _waiting(server: Server, kind: str) -> bytes:
    """The id of a thing of the other office that waits."""
    if kind == "item":
        server.add_item(server.other, on=PAST)
    else:
        server.add_blob(station=server.other, on=PAST)
    parts = server.parts()
    found = [thing for thing in parts.inbox.page(server.other.office) if thing.kind == kind]
    parts.close()
    return found[0].id


@pytest.fixture
def nobodys() -> Ids:
    """The same shapes, and nothing behind them."""
    names = tuple(secrets.token_bytes(ID_SIZE) for _ in range(4))
    return ids("dinas-yang", names, ("nobo", "zola"), secrets.token_hex(32), "2026-11-01")


def requests(app: Flask, known: Ids) -> list[tuple[str, str, str]]:
    """Endpoint, method and path of every route for those who are signed in, with every id in its place.

    KeyError for a route with a part in its path that nobody here has thought of.
    """
    found = []
    for rule in app.url_map.iter_rules():
        if isinstance(RULES[rule.endpoint], str) or rule.endpoint in WITHOUT_ID:
            continue
        paths = [rule.rule]
        for argument in sorted(rule.arguments):
            converter = rule._converters[argument]
            if isinstance(converter, AnyConverter):
                values: Iterable[str] = sorted(converter.items - {"id"})
            else:
                values = known.paths[argument]
            paths = [re.sub(rf"<[^<>]*\b{argument}>", value, path) for path in paths for value in values]
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found += [(rule.endpoint, method, path) for path in paths for method in methods]
    return found


def asked(visitor: Visitor, method: str, path: str, known: Ids, proof: str) -> list[TestResponse]:
    """The answers to this with each set of the fields, in the address or in the form."""
    answers = []
    for number, what in enumerate(("things", "days")):
        fields = {name: values[number] for name, values in known.fields.items()} | {"what": what}
        if method == "GET":
            answers.append(visitor.client.get(path, query_string=fields))
        else:
            answers.append(visitor.client.open(path, method=method, data=fields | {"proof": proof}))
    return answers


def rows(layout: Layout) -> dict[str, list[tuple[object, ...]]]:
    """Every row of both databases."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for path, key, migrations in (
        (layout.inbox, layout.inbox_key, INBOX),
        (layout.staff, layout.staff_key, STAFF),
    ):
        database = Database(path, keyfile.read(key), migrations)
        with database.read() as connection:
            names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (name,) in names:
                order = f"SELECT * FROM {name} ORDER BY 1, 2"
                found[f"{path.name} {name}"] = connection.execute(order).fetchall()
        database.close()
    return found


def files(layout: Layout) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for folder in (layout.done, layout.imports, layout.public)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", ["rina", "ani", "mona", "opi"])
def test_whatever_is_theirs_is_answered_as_what_nobody_has(
    server: Server, theirs: Ids, nobodys: Ids, name: str
) -> None:
    visitor = signed_in(server, name)
    before = theirs_of(server)
    proof, app = visitor.proof("/en/account"), visitor.client.application
    walked = set()
    for known, unknown in zip(requests(app, theirs), requests(app, nobodys), strict=True):
        endpoint, method, path = known
        walked.add(endpoint)
        answers = asked(visitor, method, path, theirs, proof)
        expected = asked(visitor, method, unknown[2], nobodys, proof)
        for one, other in zip(answers, expected, strict=True):
            assert one.status_code == other.status_code, known
            assert one.status_code in (200, 303, 400, 403, 404), known
            assert without_ids(one, theirs, nobodys) == without_ids(other, theirs, nobodys), known
    closed = {endpoint for endpoint, rule in RULES.items() if not isinstance(rule, str)}
    assert walked == closed - WITHOUT_ID
    assert theirs_of(server) == before


def without_ids(answer: TestResponse, *sets: Ids) -> tuple[str, str]:
    """Text and address of an answer without the ids that were asked for."""
    text, location = answer.text, answer.location or ""
    values = {
        value for known in sets for each in (known.paths, known.fields) for value in chain(*each.values())
    }
    for value in sorted(values, key=len, reverse=True):
        text, location = text.replace(value, "…"), location.replace(value, "…")
    return re.sub(r'<dd id="room">[^<]*', "", text), location


def theirs_of(server: Server) -> object:
    """All that is stored but for the rows of the first office and of the server."""
    mine = {server.station.office, SERVER}
    tables = {
        name: [row for row in found if not mine & set(row[:3])] for name, found in rows(server.layout).items()
    }
    return tables, files(server.layout)


def test_every_field_of_every_form_is_thought_of(nobodys: Ids) -> None:
    templates = Path(LOCALES).with_name("templates").glob("*.html")
    names = {name for path in templates for name in re.findall(r'\bname="(\w+)"', path.read_text("utf-8"))}
    assert names - FIELDS_WITHOUT_ID <= nobodys.fields.keys()
