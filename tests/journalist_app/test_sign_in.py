"""Who gets in, and what a browser holds then."""

import re
import threading
from http.cookies import SimpleCookie

import pytest

from journalist_app import sign_in, visit
from store import passphrase
from tests.e2e.browsers.waiting import until
from tests.journalist_app.conftest import PASSPHRASE, Server, Visitor
from tests.journalist_app.test_access import routes

STEP = 30


def cookies(header: list[str]) -> SimpleCookie:
    found = SimpleCookie()
    for line in header:
        found.load(line)
    return found


def test_a_reviewer_gets_to_the_queue(stranger: Visitor) -> None:
    answer = stranger.sign_in()
    assert (answer.status_code, answer.location) == (303, "/en/queue")
    assert stranger.get("/en/queue").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/id/", "/en/", "/id/queue", "/en/import", "/en/board", "/id/bundles/" + 32 * "0"]
)
def test_a_stranger_is_sent_to_the_door(stranger: Visitor, path: str) -> None:
    answer = stranger.client.get(path, follow_redirects=True)
    assert answer.request.path == f"/{'en' if path.startswith('/en') else 'id'}/sign-in"
    assert answer.status_code == 200


def test_every_mismatch_has_the_same_answer(stranger: Visitor, server: Server) -> None:
    answers = [
        stranger.sign_in(name="nobody", code=server.code()),
        stranger.sign_in(passphrase="wrong"),
        stranger.sign_in(code="000000" if server.code() != "000000" else "111111"),
        stranger.sign_in(name="", passphrase="", code=""),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1
    assert len({tuple(answer.headers) for answer in answers}) == 1
    assert 'id="no-match"' in answers[0].text
    assert "Set-Cookie" not in answers[0].headers


def test_a_code_is_good_once(stranger: Visitor, server: Server) -> None:
    code = server.code()
    assert stranger.sign_in(code=code).status_code == 303
    stranger.client.delete_cookie(visit.SESSION)
    assert stranger.sign_in(code=code).status_code == 403
    server.clock.now += STEP
    assert stranger.sign_in(code=code).status_code == 403
    assert stranger.sign_in().status_code == 303


def test_a_session_ends_with_the_day(reviewer: Visitor, server: Server) -> None:
    assert reviewer.get("/en/queue").status_code == 200
    server.clock.now += 86_400
    answer = reviewer.get("/en/queue")
    assert (answer.status_code, answer.location) == (303, "/en/sign-in")


def test_the_session_cookie_is_for_this_host_alone(stranger: Visitor) -> None:
    answer = stranger.sign_in()
    found = cookies(answer.headers.getlist("Set-Cookie"))
    session = found[visit.SESSION]
    assert session.key.startswith("__Host-")
    assert (session["path"], session["samesite"], session["domain"]) == ("/", "Strict", "")
    assert session["secure"]
    assert session["httponly"]
    assert (session["max-age"], session["expires"]) == ("", "")
    assert len(session.value) == 44
    known = found[visit.KNOWN]
    assert (known["path"], known["samesite"], known["max-age"]) == ("/", "Strict", str(90 * 86_400))
    assert known["secure"]
    assert known["httponly"]
    assert found[visit.DOOR]["max-age"] == "0"


def test_a_planted_token_does_not_become_a_session(stranger: Visitor) -> None:
    planted = 43 * "A" + "="
    for name in (visit.SESSION, visit.DOOR):
        stranger.client.set_cookie(name, planted)
    answer = stranger.sign_in()
    assert cookies(answer.headers.getlist("Set-Cookie"))[visit.SESSION].value != planted
    stranger.client.set_cookie(visit.SESSION, planted)
    assert stranger.get("/en/queue").status_code == 303


def test_signing_in_again_ends_the_session_before(reviewer: Visitor, server: Server) -> None:
    cookie = reviewer.client.get_cookie(visit.SESSION)
    assert cookie
    server.clock.now += STEP
    # In another tab the sign-in page was still open; the session's own proof lets it through.
    proof = reviewer.proof("/en/queue")
    form = {"name": "rina", "passphrase": PASSPHRASE, "code": server.code(), "proof": proof}
    assert reviewer.client.post("/en/sign-in", data=form).status_code == 303
    assert reviewer.get("/en/queue").status_code == 200
    reviewer.client.set_cookie(visit.SESSION, cookie.value)
    assert reviewer.get("/en/queue").status_code == 303


def test_sign_out(reviewer: Visitor) -> None:
    cookie = reviewer.client.get_cookie(visit.SESSION)
    assert cookie
    answer = reviewer.client.post("/en/sign-out", data={"proof": reviewer.proof("/en/queue")})
    assert (answer.status_code, answer.location) == (303, "/en/sign-in")
    assert reviewer.client.get_cookie(visit.SESSION) is None
    reviewer.client.set_cookie(visit.SESSION, cookie.value)
    assert reviewer.get("/en/queue").status_code == 303


def test_sign_out_is_no_link(reviewer: Visitor) -> None:
    assert reviewer.get("/en/sign-out").status_code == 405
    assert reviewer.get("/en/queue").status_code == 200


def test_whoever_is_in_needs_no_door(reviewer: Visitor) -> None:
    assert reviewer.get("/en/sign-in").location == "/en/queue"
    assert reviewer.get("/en/").location == "/en/queue"


@pytest.mark.parametrize("value", ["", "AAAA", 43 * "A" + "!", "ü" * 44, 44 * "=", 88 * "A"])
def test_broken_cookies_are_none(stranger: Visitor, value: str) -> None:
    for name in (visit.SESSION, visit.DOOR):
        stranger.client.set_cookie(name, value)
    assert stranger.get("/en/queue").status_code == 303
    assert stranger.get("/en/sign-in").status_code == 200
    assert stranger.sign_in().status_code == 303


def test_the_sign_in_page_ends_no_session(reviewer: Visitor, server: Server) -> None:
    """A link from elsewhere brings no cookie along; the door it opens must not overwrite the session."""
    other = Visitor(server.app().test_client(), server)
    answer = other.get("/en/sign-in")
    assert set(cookies(answer.headers.getlist("Set-Cookie"))) == {visit.DOOR}


# Forms from elsewhere


def test_every_form_needs_its_proof(reviewer: Visitor, server: Server) -> None:
    server.add_item()
    foreign = Visitor(server.app().test_client(), server).proof("/en/sign-in")
    paths = [path for _, path, method in routes(reviewer.client.application) if method == "POST"]
    assert {"/en/sign-in", "/en/sign-out", "/en/bundles", "/en/import", "/en/account/leave"} <= set(paths)
    for path in paths:
        for form in ({}, {"proof": ""}, {"proof": foreign}, {"proof": "ü"}, {"proof": 64 * "0"}):
            for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
                assert reviewer.client.post(path, data=form, content_type=kind).status_code == 403
    assert server.parts().inbox.counts(server.station.office).items == 1
    assert reviewer.get("/en/queue").status_code == 200


def test_the_door_needs_its_proof(stranger: Visitor, server: Server) -> None:
    form = {"name": "rina", "passphrase": PASSPHRASE, "code": server.code()}
    assert stranger.client.post("/en/sign-in", data=form).status_code == 403
    proof = stranger.proof("/en/sign-in")
    stranger.client.delete_cookie(visit.DOOR)
    assert stranger.client.post("/en/sign-in", data=form | {"proof": proof}).status_code == 403
    assert stranger.client.post("/en/sign-in", data=form | {"proof": ""}).status_code == 403


def test_a_session_without_proof_of_its_own(reviewer: Visitor, server: Server) -> None:
    """The door's proof, which anybody can fetch for a cookie of their own, is not the session's."""
    reviewer.client.delete_cookie(visit.DOOR)
    page = Visitor(server.app().test_client(), server).get("/en/sign-in")
    door = cookies(page.headers.getlist("Set-Cookie"))[visit.DOOR].value
    found = re.search(r'name="proof" value="([^"]*)"', page.text)
    assert found
    reviewer.client.set_cookie(visit.DOOR, door)
    assert reviewer.client.post("/en/bundles", data={"proof": found[1]}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "", "SAME-ORIGIN"])
def test_another_site_cannot_send_forms(reviewer: Visitor, site: str) -> None:
    form = {"proof": reviewer.proof("/en/queue")}
    answer = reviewer.client.post("/en/bundles", data=form, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    answer = reviewer.client.post("/en/bundles", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "peluit-onion", "", "a b", "evil.onion.example"]
)
def test_other_names_for_this_server_get_nothing(stranger: Visitor, host: str) -> None:
    for path in ("/en/sign-in", "/", "/style.css"):
        answer = stranger.client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1:8701", "localhost", 56 * "a" + ".onion"])
def test_loopback_and_onions_are_served(stranger: Visitor, host: str) -> None:
    assert stranger.client.get("/en/sign-in", headers={"Host": host}).status_code == 200


def test_a_flood_at_the_door_has_an_end_and_leaves_the_others_alone(
    reviewer: Visitor, server: Server
) -> None:
    """While one passphrase is being hashed, so many may wait; whoever comes then is told at once."""
    flood = [Visitor(reviewer.client.application.test_client(), server) for _ in range(sign_in.PLACES)]
    answers: list[int] = []

    def knock(visitor: Visitor) -> None:
        answers.append(visitor.sign_in(passphrase="wrong", code="000000").status_code)

    threads = [threading.Thread(target=knock, args=(visitor,)) for visitor in flood]
    with passphrase._TURN:
        for thread in threads:
            thread.start()
        assert until(lambda: sign_in._DOOR._value == 0)
        busy = [flood[0].sign_in(name=name, passphrase="wrong", code="000000") for name in ("rina", "nobody")]
        assert {answer.status_code for answer in busy} == {503}
        assert len({answer.text for answer in busy}) == 1
        assert reviewer.get("/en/queue").status_code == 200
        assert answers == []
    for thread in threads:
        thread.join()
    assert answers == [403] * sign_in.PLACES
    # Nobody was closed out.
    server.clock.now += STEP
    assert flood[0].sign_in().status_code == 303
