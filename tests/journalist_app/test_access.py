"""Default deny, and offices that do not see each other."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from flask import Flask

from crypto.fields import OfficeId
from journalist_app.access import RULES
from store.staff.account import Role
from tests.journalist_app.conftest import NOON, PASSPHRASE, PEOPLE, Server, Visitor, signed_in

OPEN = {
    *("front.style", "front.root", "front.start", "sign_in.form", "sign_in.enter"),
    *("invitation.form", "invitation.open_", "invitation.choose_passphrase", "invitation.complete"),
}
OWN = {"sign_in.leave", "own.account", "own.leave_everywhere", "own.act_form", "own.act"}
ROLES: dict[Role, set[str]] = {
    "reviewer": {
        *("queue.waiting", "bundles.freeze", "bundles.ready", "bundles.download"),
        *("imports.form", "imports.take", "imports.preview", "imports.publish", "imports.discard"),
        "board.published",
    },
    "administrator": {
        *("people.listed", "people.invite_form", "people.invite", "people.act_form", "people.act"),
        *("deadlines.form", "deadlines.choose"),
        *("storage.shown", "storage.retention_form", "storage.choose_retention"),
        *("audit.shown", "audit.export"),
    },
    "operator": {"system.state", "audit.shown", "audit.export"},
    "monitor": {"numbers.shown"},
}
"""Who may use what: written down a second time, on purpose."""

VALUES = {"language": "en", "bundle": bytes(16), "name": "x"}
ACTS = {"own": "passphrase", "people": "role"}


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, path and method of everything that the app answers."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = VALUES | {"act": ACTS.get(rule.endpoint.partition(".")[0])}
            built = rule.build({name: values[name] for name in rule.arguments})
            assert built
            for method in sorted(rule.methods or ()):
                yield rule.endpoint, built[1], method


def test_every_route_has_a_rule(server: Server) -> None:
    endpoints = {rule.endpoint for rule in server.app().url_map.iter_rules()}
    assert endpoints == set(RULES)


def test_the_rules_are_those_of_the_table() -> None:
    assert {endpoint for endpoint, rule in RULES.items() if isinstance(rule, str)} == OPEN
    for role, endpoints in ROLES.items():
        allowed = {endpoint for endpoint, rule in RULES.items() if endpoint not in OPEN and role in rule}
        assert allowed == endpoints | OWN


def test_a_route_without_a_rule_is_refused(server: Server) -> None:
    app = server.app()
    app.add_url_rule("/en/new", "new", lambda: "secret")
    for name in (None, *PEOPLE):
        visitor = Visitor(app.test_client(), server)
        assert name is None or visitor.sign_in(name).status_code == 303
        assert visitor.get("/en/new").status_code == 403
        server.clock.now += 30


def test_every_route_but_the_open_ones_sends_strangers_away(stranger: Visitor) -> None:
    closed = 0
    for endpoint, path, method in routes(stranger.client.application):
        if endpoint not in OPEN:
            answer = stranger.client.open(path, method=method)
            assert (answer.status_code, answer.location) == (303, "/en/sign-in"), (endpoint, method)
            closed += 1
    assert closed >= 30


@pytest.mark.parametrize("name", ["rina", "ani", "mona", "opi"])
def test_every_route_with_every_role(server: Server, name: str) -> None:
    """Where the table says no: 403, whatever the method. Else anything but 403; forms lack their proof."""
    visitor = signed_in(server, name)
    allowed = ROLES[PEOPLE[name]] | OPEN | OWN
    for endpoint, path, method in routes(visitor.client.application):
        status = visitor.client.open(path, method=method).status_code
        if endpoint not in allowed or method == "POST":
            assert status == 403, (endpoint, method)
        else:
            assert status in (200, 303, 404), (endpoint, method)


@pytest.mark.parametrize("name", ["rina", "ani", "mona", "opi"])
def test_every_form_of_every_role_is_taken_with_its_proof(server: Server, name: str) -> None:
    """Each is answered by its own page (an empty form is never right), not by the guard's refusal."""
    allowed = ROLES[PEOPLE[name]] | OPEN | OWN
    visitor = signed_in(server, name)
    forms = [
        (endpoint, path) for endpoint, path, method in routes(visitor.client.application) if method == "POST"
    ]
    for endpoint, path in forms:
        if endpoint in OWN & {"sign_in.leave", "own.leave_everywhere"}:
            continue
        answer = visitor.client.post(path, data={"proof": visitor.proof("/en/account")})
        assert ('id="error" data-status="403"' in answer.text) == (endpoint not in allowed), endpoint


def test_people_arrive_where_they_work(server: Server) -> None:
    homes = {"rina": "/en/queue", "ani": "/en/people", "mona": "/en/numbers", "opi": "/en/system"}
    for name, home in homes.items():
        visitor = signed_in(server, name)
        assert visitor.get("/en/").location == home
        page = visitor.get(home).text
        assert f'href="{home}" aria-current="page"' in page
        others = set(homes.values()) - {home}
        assert not [other for other in others if f'href="{other}"' in page]


def test_monitors_see_numbers_and_no_channel_or_id(server: Server) -> None:
    server.add_item()
    server.add_item(server.other)
    (thing,) = server.parts().inbox.page(server.station.office)
    page = signed_in(server, "mona").get("/en/numbers").text
    assert '<dd id="items">1</dd>' in page
    assert thing.id.hex() not in page
    assert "Aduan" not in page
    assert "aduan" not in page


def test_operators_see_nothing_of_what_came(server: Server) -> None:
    operator = signed_in(server, "opi")
    before = operator.get("/en/system").text
    server.add_item()
    facts = (
        re.sub(r'<dd id="room">[^<]*', "", before),
        re.sub(r'<dd id="room">[^<]*', "", operator.get("/en/system").text),
    )
    assert facts[0] == facts[1]
    assert "Office inspektorat" in before
    assert "Office dinas-lain" in before


def test_an_account_of_a_vanished_office_gets_nothing(server: Server, stranger: Visitor) -> None:
    parts = server.parts()
    secret = parts.staff.people.add("mona", OfficeId("gone"), PASSPHRASE)
    parts.close()
    form = {"office": "gone", "name": "mona", "passphrase": PASSPHRASE, "code": pyotp.TOTP(secret).at(NOON)}
    answer = stranger.client.post("/en/sign-in", data=form | {"proof": stranger.proof("/en/sign-in")})
    assert answer.status_code == 303
    assert stranger.get("/en/queue").status_code == 403


def test_no_id_of_another_office_is_told_from_an_unknown_one(
    server: Server, reviewer: Visitor, administrator: Visitor, theirs: str
) -> None:
    """Bundles and their parts, people by name, with the methods of every route."""
    bundle = bytes.fromhex(theirs.rpartition("/")[2])
    part = "peluit-in-dinas-lain-1-1of1.tar"
    pairs = [
        (reviewer, "/en/bundles/{}", bundle.hex(), 32 * "0"),
        (reviewer, f"/en/bundles/{{}}/{part}", bundle.hex(), 32 * "0"),
        *((administrator, f"/en/people/{{}}/{act}", "budi", "nobody") for act in ("role", "reset", "remove")),
    ]
    for visitor, pattern, known, unknown in pairs:
        for method in ("GET", "HEAD", "POST"):
            proof = {"proof": visitor.proof("/en/account")} if method == "POST" else None
            answers = [
                visitor.client.open(pattern.format(each), method=method, data=proof)
                for each in (known, unknown)
            ]
            assert answers[0].status_code == answers[1].status_code
            assert answers[0].status_code in (404, 405)
            texts = [answer.text.replace(known, "").replace(unknown, "") for answer in answers]
            assert texts[0] == texts[1]


def test_names_are_of_one_office(server: Server, administrator: Visitor) -> None:
    """Whether another office has somebody of a name cannot be found out by inviting."""
    assert 'id="invitation-code"' in administrator.confirmed("/en/invite", name="budi", role="reviewer").text
    assert 'data-name="citra"' not in administrator.get("/en/people").text
    assert signed_in(server, "budi").get("/en/queue").status_code == 200


def test_another_offices_name_does_not_sign_in_here(server: Server, stranger: Visitor) -> None:
    form = {
        "office": server.station.office,
        "name": "budi",
        "passphrase": PASSPHRASE,
        "code": server.code("budi"),
    }
    answer = stranger.client.post("/en/sign-in", data=form | {"proof": stranger.proof("/en/sign-in")})
    assert answer.status_code == 403


@pytest.fixture
def theirs(server: Server) -> str:
    """The path of a bundle of the other office."""
    server.add_item(server.other)
    other = Visitor(server.app().test_client(), server)
    assert other.sign_in("budi").status_code == 303
    location = other.export().location
    assert other.get(location).status_code == 200
    return str(location)


def test_another_offices_bundle_is_not_found(reviewer: Visitor, theirs: str) -> None:
    nothing = reviewer.get("/en/bundles/" + 32 * "0")
    for path in (
        theirs,
        f"{theirs}/peluit-in-dinas-lain-1-1of1.tar",
        f"{theirs}/peluit-in-inspektorat-1-1of1.tar",
    ):
        answer = reviewer.get(path)
        assert answer.status_code == 404
        assert answer.text == nothing.text.replace(f"/id/bundles/{32 * '0'}", path.replace("/en/", "/id/"))
    assert theirs not in reviewer.get("/en/queue").text


def test_another_offices_items_are_not_seen(reviewer: Visitor, server: Server) -> None:
    server.add_item(server.other)
    page = reviewer.get("/en/queue").text
    assert 'id="nothing-new"' in page
    assert "dinas-lain" not in page
    assert reviewer.export().location == "/en/queue"
    assert server.parts().inbox.counts(server.other.office).items == 1


def test_another_offices_bundles_are_not_erased(reviewer: Visitor, server: Server, theirs: str) -> None:
    bundle = bytes.fromhex(theirs.rpartition("/")[2])
    answer = reviewer.upload(server.station.outbound(received=[bundle]))
    assert 'id="imported"' in answer.text
    assert [found.id for found in server.parts().inbox.bundles(server.other.office)] == [bundle]


def test_another_offices_keys_are_not_shown(reviewer: Visitor, server: Server) -> None:
    assert "dinas-lain" not in reviewer.get("/en/board").text
