"""Every form that changes something leaves one entry in the log; its pages show each office its own."""

import io
import re
from collections.abc import Callable
from typing import get_args

import pytest
from flask import Flask
from werkzeug.routing.converters import AnyConverter

from crypto import chained_log
from crypto.fields import OfficeId
from journalist_app.audit import PAGE_SIZE, SAID
from journalist_app.inviting import invite
from journalist_app.taking import add_account
from store.errors import StorageFullError
from store.reader import InboxReader
from store.staff.account import SERVER, console
from store.staff.audit import Act
from tests.journalist_app.conftest import PASSPHRASE, Server, Visitor, signed_in
from tests.journalist_app.station import slots_document
from tests.journalist_app.test_invitation import secret_on, step

Said = list[tuple[str, str, str]]
Form = tuple[str, str]
"""An endpoint, and which of its acts, where the path names one."""

NEW = "gajah makan awan biru pagi"

WITHOUT_ENTRY: dict[Form, str] = {
    ("sign_in.leave", ""): "ends one session of one's own and nothing else",
    ("invitation.open_", ""): "only reads",
    ("invitation.choose_passphrase", ""): "what was chosen counts from invitation.complete on",
    ("imports.take", ""): "keeps a bundle for a look; nothing of it is used before imports.publish",
    ("imports.discard", ""): "drops what was kept for a look; the stick still has it",
}
"""Forms that leave no entry, and why."""


def said(server: Server, office: OfficeId | None = None) -> Said:
    parts = server.parts()
    found = parts.staff.log.entries(server.station.office if office is None else office)
    entries = [(entry.actor, entry.act, entry.subject) for entry, _ in found]
    parts.close()
    return entries


def enter(server: Server) -> None:
    signed_in(server, "rina")


def complete(server: Server) -> None:
    code = invite(server.layout, server.station.office, "reviewer", "zoe")
    stranger = Visitor(server.app().test_client(), server)
    page = step(stranger, stranger.get("/en/invitation"), code=code)
    page = step(stranger, page, passphrase=NEW, again=NEW)
    server.secrets["zoe"] = secret_on(page)
    step(stranger, page, digits=server.code("zoe"))


def freeze(visitor: Visitor) -> None:
    visitor.server.add_item()
    assert "/en/bundles/" in visitor.export().location


def bring(visitor: Visitor) -> None:
    bundle = visitor.server.station.outbound(4, [slots_document()])
    assert visitor.upload(bundle).status_code == 200


def leave(visitor: Visitor) -> None:
    visitor.client.post("/en/account/leave", data={"proof": visitor.proof("/en/account")})


LEAVES: dict[Form, tuple[str, Callable[[Visitor], object], tuple[str, str]]] = {
    ("own.leave_everywhere", ""): ("rina", leave, ("left-everywhere", "")),
    ("own.act", "passphrase"): (
        "rina",
        lambda it: it.confirmed("/en/account/passphrase", chosen=NEW, again=NEW),
        ("passphrase-changed", ""),
    ),
    ("own.act", "authenticator"): (
        "rina",
        lambda it: it.confirmed("/en/account/authenticator"),
        ("authenticator-renewed", ""),
    ),
    ("own.act", "recovery"): (
        "rina",
        lambda it: it.confirmed("/en/account/recovery"),
        ("recovery-renewed", ""),
    ),
    ("people.invite", ""): (
        "ani",
        lambda it: it.confirmed("/en/invite", name="zoe", role="monitor"),
        ("invited", "zoe monitor"),
    ),
    ("people.act", "role"): (
        "ani",
        lambda it: it.confirmed("/en/people/rina/role", role="monitor"),
        ("role-changed", "rina monitor"),
    ),
    ("people.act", "reset"): ("ani", lambda it: it.confirmed("/en/people/rina/reset"), ("reset", "rina")),
    ("people.act", "remove"): ("ani", lambda it: it.confirmed("/en/people/rina/remove"), ("removed", "rina")),
    ("deadlines.choose", ""): (
        "ani",
        lambda it: it.post("/en/deadline", days="5", kind="working"),
        ("deadline-set", "5 working"),
    ),
    ("storage.choose_retention", ""): (
        "ani",
        lambda it: it.confirmed("/en/storage/retention", keep="days", days="90"),
        ("retention-set", "90"),
    ),
    ("bundles.freeze", ""): ("rina", freeze, ("bundle-asked", "")),
    ("imports.publish", ""): ("rina", bring, ("bundle-imported", "4")),
}
"""Forms of those who are signed in: by whom they are sent, how, and the entry that they leave."""


OPEN: dict[Form, tuple[Callable[[Server], None], tuple[str, str, str]]] = {
    ("sign_in.enter", ""): (enter, ("rina", "signed-in", "")),
    ("invitation.complete", ""): (complete, ("zoe", "invitation-used", "")),
}
"""Forms of those who are not."""


def forms(app: Flask) -> set[Form]:
    """Everything that is not only read."""
    found = set()
    for rule in app.url_map.iter_rules():
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            acts = rule._converters.get("act")
            names = acts.items if isinstance(acts, AnyConverter) else {""}
            found |= {(rule.endpoint, name) for name in names}
    return found


def test_every_form_is_judged(server: Server) -> None:
    """Fails for a new one that stands neither here with its entry nor there with its reason."""
    app = server.app()
    assert forms(app) == LEAVES.keys() | OPEN.keys() | WITHOUT_ENTRY.keys()
    app.add_url_rule("/en/new", "new", lambda: "", methods=["PUT"])
    assert ("new", "") in forms(app) - LEAVES.keys() - OPEN.keys() - WITHOUT_ENTRY.keys()


@pytest.mark.parametrize("form", LEAVES)
def test_a_form_leaves_exactly_its_entry(server: Server, form: Form) -> None:
    name, act, entry = LEAVES[form]
    visitor = signed_in(server, name)
    before, elsewhere = said(server), (said(server, server.other.office), said(server, SERVER))
    act(visitor)
    assert said(server)[len(before) :] == [(name, *entry)]
    assert (said(server, server.other.office), said(server, SERVER)) == elsewhere


@pytest.mark.parametrize("form", OPEN)
def test_an_open_form_leaves_exactly_its_entry(server: Server, form: Form) -> None:
    act, entry = OPEN[form]
    act(server)
    assert [found for found in said(server) if found[:2] == entry[:2]] == [entry]


@pytest.mark.parametrize("path", ["/en/sign-out", "/en/account/leave", "/en/account/recovery", "/en/bundles"])
def test_a_form_without_its_proof_leaves_none(server: Server, reviewer: Visitor, path: str) -> None:
    before = said(server)
    assert reviewer.client.post(path).status_code == 403
    assert said(server) == before


def test_what_is_refused_leaves_none(server: Server, administrator: Visitor) -> None:
    reviewer = signed_in(server, "rina")
    before = said(server)
    assert administrator.confirmed("/en/people/ani/remove").status_code == 400
    assert administrator.confirmed("/en/invite", name="rina", role="monitor").status_code == 400
    assert administrator.confirmed("/en/invite", name="zoe", role="monitor", code="1").status_code == 403
    assert administrator.post("/en/deadline", days="61", kind="working").status_code == 400
    retention = {"keep": "days", "days": "90"}
    assert administrator.confirmed("/en/storage/retention", code="1", **retention).status_code == 403
    assert reviewer.upload(b"nonsense").status_code == 400
    assert reviewer.upload(server.other.outbound(1, [slots_document()])).status_code == 400
    assert said(server) == before


def test_looking_at_a_bundle_and_discarding_it_leaves_none(server: Server, reviewer: Visitor) -> None:
    before = said(server)
    assert reviewer.upload_only(server.station.outbound(1, [slots_document()])).status_code == 303
    proof = reviewer.proof("/en/import/preview")
    assert reviewer.client.post("/en/import/discard", data={"proof": proof}).status_code == 303
    assert said(server) == before


def test_signing_out_and_in_again_leaves_no_second_entry(server: Server, reviewer: Visitor) -> None:
    before = said(server)
    reviewer.client.post("/en/sign-out", data={"proof": reviewer.proof("/en/account")})
    server.clock.now += 30
    assert reviewer.sign_in().status_code == 303
    assert said(server) == before


def test_a_bundle_that_could_not_be_made_was_noted_all_the_same(
    server: Server, reviewer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lies in another database: the entry comes first."""

    def full(*_arguments: object, **_named: object) -> None:
        raise StorageFullError

    server.add_item()
    monkeypatch.setattr(InboxReader, "freeze", full)
    assert reviewer.export().status_code == 503
    assert said(server)[-1] == ("rina", "bundle-asked", "")


def test_downloads_of_a_bundle_are_one_entry_a_day(server: Server, reviewer: Visitor) -> None:
    server.add_item()
    page = reviewer.get(reviewer.export().location).text
    (path,) = set(re.findall(r'href="([^"]+\.tar)"', page))
    for _ in range(2):
        assert reviewer.get(path).status_code == 200
    assert said(server)[-2:] == [("rina", "bundle-asked", ""), ("rina", "bundle-downloaded", "1")]


def test_keys_and_receipts_that_a_bundle_brings_are_acts_of_their_own(
    server: Server, reviewer: Visitor
) -> None:
    server.add_item()
    frozen = bytes.fromhex(reviewer.export().location.rpartition("/")[2])
    directory = server.station.directory(serial=5)
    documents = [*server.station.documents(directory), slots_document()]
    bundle = server.station.outbound(4, documents, received=(frozen,))
    assert reviewer.upload(bundle).status_code == 200
    assert said(server)[-3:] == [
        ("rina", "keys-published", "5"),
        ("rina", "receipt-taken", "1"),
        ("rina", "bundle-imported", "4"),
    ]
    before = said(server)
    assert reviewer.upload(bundle).status_code == 200
    assert said(server) == before, "it was taken before"


def test_the_console_is_in_the_log_of_whom_it_concerns(server: Server) -> None:
    invite(server.layout, server.station.office, "administrator", "zoe")
    invite(server.layout, server.station.office, "administrator", "rina")
    invite(server.layout, None, "operator", "oka")
    add_account(server.layout, "zia", server.station.office, PASSPHRASE)
    mine = [entry for entry in said(server) if entry[2].split()[0] in ("zoe", "rina", "zia")][1:]
    assert mine == [
        ("(console)", "invited", "zoe administrator"),
        ("(console)", "reset", "rina"),
        ("(console)", "account-made", "zia reviewer"),
    ]
    assert said(server, SERVER)[-1] == ("(console)", "invited", "oka operator")


def test_every_act_has_words() -> None:
    assert SAID.keys() == set(get_args(Act))


def test_an_administrator_reads_it_newest_first(server: Server, administrator: Visitor) -> None:
    administrator.confirmed("/en/people/rina/role", role="monitor")
    page = administrator.get("/en/log").text
    numbers = [int(number) for number in re.findall(r'<th scope="row" class="number">(\d+)</th>', page)]
    assert numbers == list(range(numbers[0], 0, -1))
    words = re.sub(r"<[^>]*>", "", page)
    assert "ani gave another role: rina (Monitor)" in words
    assert "23 November 2026" in words
    assert "ani memberi peran lain: rina (Pemantau)" in re.sub(
        r"<[^>]*>", "", administrator.get("/id/log").text
    )


def test_nobody_sees_the_log_of_another_office(server: Server) -> None:
    for name in ("budi", "opi"):
        signed_in(server, name)
        server.clock.now += 30
    pages = {name: signed_in(server, name).get("/en/log").text for name in ("ani", "citra", "opi")}
    shown = {name: set(re.findall(r"<strong>(\w+)</strong>", page)) for name, page in pages.items()}
    assert shown == {"ani": {"ani"}, "citra": {"budi", "citra"}, "opi": {"opi"}}
    assert "Office inspektorat" in pages["ani"]
    assert "Office dinas-lain" in pages["citra"]


@pytest.mark.parametrize("name", ["ani", "citra", "opi"])
def test_the_export_is_ones_own_log_and_whole(server: Server, name: str) -> None:
    visitor = signed_in(server, name)
    answer = visitor.get("/en/log/export")
    assert answer.headers["Content-Disposition"].endswith(f"log-{server.office(name) or 'server'}.jsonl")
    note = re.findall(r'<code id="note">([^<]+)</code>', visitor.get("/en/log").text)[0]
    found = chained_log.verify(io.BytesIO(answer.data), note)
    assert (found.office, found.since) == (server.office(name), 0)
    assert str(found.count) in re.findall(r'<dd id="count">(\d+)</dd>', visitor.get("/en/log").text)


def test_pages_lead_to_the_first_entry(server: Server, administrator: Visitor) -> None:
    parts = server.parts()
    for _ in range(PAGE_SIZE):
        parts.staff.log.note(console(server.station.office), "bundle-asked")
    parts.close()
    first = administrator.get("/en/log").text
    assert first.count('class="entry"') == PAGE_SIZE
    path = re.findall(r'id="next-page" class="button quiet" href="([^"]+)"', first)[0]
    rest = administrator.get(path).text
    assert '<th scope="row" class="number">1</th>' in rest
    assert 'id="next-page"' not in rest
    for nonsense in ("x", "-1", "\u0661", "9" * 16):
        assert administrator.get(f"/en/log?before={nonsense}").status_code == 404
