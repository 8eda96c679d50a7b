"""Default deny, and offices that do not see each other."""

import pytest

from journalist_app.access import RULES
from tests.journalist_app.conftest import Server, Visitor

ANYONE = {"front.style", "front.root", "front.start", "sign_in.form", "sign_in.enter"}


def test_every_route_has_a_rule(server: Server) -> None:
    endpoints = {rule.endpoint for rule in server.app().url_map.iter_rules()}
    assert endpoints == set(RULES)


def test_what_is_open_to_anyone() -> None:
    assert {endpoint for endpoint, rule in RULES.items() if rule != "reviewer"} == ANYONE


def test_a_route_without_a_rule_is_refused(server: Server) -> None:
    app = server.app()
    app.add_url_rule("/en/new", "new", lambda: "secret")
    visitor = Visitor(app.test_client(), server)
    assert visitor.get("/en/new").status_code == 403
    assert visitor.sign_in().status_code == 303
    assert visitor.get("/en/new").status_code == 403


def test_every_route_but_the_open_ones_sends_strangers_away(stranger: Visitor) -> None:
    """Walks the map with every method of every route."""
    seen = 0
    for rule in stranger.client.application.url_map.iter_rules():
        if rule.endpoint in ANYONE:
            continue
        values = {"language": "en", "bundle": bytes(16), "name": "x"}
        with stranger.client.application.test_request_context():
            path = str(rule.build({name: values[name] for name in rule.arguments})[1])  # type: ignore[index]
        for method in rule.methods or ():
            answer = stranger.client.open(path, method=method)
            assert (answer.status_code, answer.location) == (303, "/en/sign-in")
            seen += 1
    assert seen == 13


def test_another_role_gets_nothing(server: Server, stranger: Visitor) -> None:
    parts = server.parts()
    server.secrets["mona"] = parts.staff.add_account("mona", server.station.office, 12 * "m", "monitor")
    parts.close()
    assert stranger.sign_in("mona", 12 * "m").status_code == 303
    for path in ("/en/queue", "/en/import", "/en/board", "/en/bundles/" + 32 * "0"):
        assert stranger.get(path).status_code == 403


def test_an_account_of_a_vanished_office_gets_nothing(server: Server, stranger: Visitor) -> None:
    parts = server.parts()
    server.secrets["mona"] = parts.staff.add_account("mona", type(server.station.office)("gone"), 12 * "m")
    parts.close()
    assert stranger.sign_in("mona", 12 * "m").status_code == 303
    assert stranger.get("/en/queue").status_code == 403


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
