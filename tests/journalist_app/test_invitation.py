"""From the code of an invitation to the queue, and one's own sign-in afterwards."""

import re
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pyotp
import pytest
from werkzeug.test import TestResponse

from journalist_app import qr, visit
from store import totp
from tests.journalist_app.conftest import PASSPHRASE, Server, Visitor, signed_in
from tests.journalist_app.test_people import invitation_code

NEW = "gajah makan awan biru pagi"


def step(visitor: Visitor, page: TestResponse, **fields: str) -> TestResponse:
    """The form of a page that answered a form, filled in."""
    action = re.search(r'<form method="post" action="(/en/invitation[^"]*)"', page.text)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    assert action, page.text
    return visitor.client.post(action[1], data=dict(hidden) | fields)


def secret_on(page: TestResponse) -> str:
    found = re.search(r'id="secret"[^>]*>([^<]+)<', page.text)
    assert found, page.text
    return found[1].replace(" ", "")


def recovery_codes_on(page: TestResponse) -> list[str]:
    return re.findall(r"<li>([0-9a-z-]{19})</li>", page.text)


@pytest.fixture
def code(administrator: Visitor) -> str:
    answer = administrator.confirmed("/en/invite", name="zoe", role="reviewer")
    return invitation_code(answer.text)


def test_the_whole_way(server: Server, stranger: Visitor, code: str) -> None:
    page = step(stranger, stranger.get("/en/invitation"), code=code.upper().replace("-", " "))
    assert '<dd id="name">zoe</dd>' in page.text
    assert "Office inspektorat" in page.text
    page = step(stranger, page, passphrase=NEW, again=NEW)
    server.secrets["zoe"] = secret_on(page)
    server.clock.now += 30
    page = step(stranger, page, digits=server.code("zoe"))
    recovery = recovery_codes_on(page)
    assert len(recovery) == 10
    server.clock.now += 30
    assert stranger.sign_in("zoe", NEW).location == "/en/queue"
    other = Visitor(server.app().test_client(), server)
    assert other.sign_in("zoe", NEW, recovery[0]).status_code == 303
    assert '<dd id="recovery-left">9</dd>' in other.get("/en/account").text
    again = step(other, other.get("/en/invitation"), code=code)
    assert "was used, or is too old" in again.text


def test_wrong_codes_lead_nowhere(stranger: Visitor, code: str) -> None:
    for wrong in ("", "0000-0000-0000-0000", "ü", 64 * "x", code[:-1]):
        answer = step(stranger, stranger.get("/en/invitation"), code=wrong)
        assert answer.status_code == 400
        assert 'id="problem"' in answer.text


@pytest.mark.parametrize(
    ("passphrase", "again", "sentence"),
    [
        ("a1b2c3", "a1b2c3", "too short"),
        ("zoe1990-10-10", "zoe1990-10-10", "your name"),
        ("qwertyuiop[]", "qwertyuiop[]", "side by side"),
        (NEW, NEW + "x", "differ"),
        (NEW, "", "differ"),
    ],
)
def test_advice_about_a_passphrase(
    stranger: Visitor, code: str, passphrase: str, again: str, sentence: str
) -> None:
    page = step(stranger, stranger.get("/en/invitation"), code=code)
    answer = step(stranger, page, passphrase=passphrase, again=again)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'name="again"' in answer.text, "the form is there again"
    assert passphrase not in answer.text


def test_wrong_digits_can_be_tried_again(server: Server, stranger: Visitor, code: str) -> None:
    page = step(stranger, stranger.get("/en/invitation"), code=code)
    page = step(stranger, page, passphrase=NEW, again=NEW)
    secret = secret_on(page)
    page = step(stranger, page, digits="1")
    assert page.status_code == 400
    assert secret_on(page) == secret
    page = step(stranger, page, digits=pyotp.TOTP(secret).at(int(server.clock.now)))
    assert len(recovery_codes_on(page)) == 10


def test_the_picture_is_plain_svg_and_the_key_an_authenticators() -> None:
    address = totp.otpauth("zoe@inspektorat", "A" * 32, "Peluit")
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Peluit:zoe@inspektorat"
    assert parse_qs(parts.query) == {"secret": ["A" * 32], "issuer": ["Peluit"]}
    picture = ElementTree.fromstring(str(qr.svg(address)))
    assert {each.tag for each in picture.iter()} == {"svg", "path"}
    names = {name for each in picture.iter() for name in each.attrib}
    assert names == {"viewBox", "fill", "stroke", "d"}


# One's own sign-in


def test_a_changed_passphrase(server: Server, reviewer: Visitor) -> None:
    wrong = reviewer.confirmed("/en/account/passphrase", chosen=NEW, again="other")
    assert (wrong.status_code, "differ" in wrong.text) == (400, True)
    weak = reviewer.confirmed("/en/account/passphrase", chosen="rinarinarina", again="rinarinarina")
    assert (weak.status_code, 'id="problem"' in weak.text) == (400, True)
    answer = reviewer.confirmed("/en/account/passphrase", chosen=NEW, again=NEW)
    assert answer.location == "/en/sign-in"
    assert reviewer.client.get_cookie(visit.KNOWN) is None
    server.clock.now += 30
    assert reviewer.sign_in().status_code == 403
    assert reviewer.sign_in(passphrase=NEW).status_code == 303


def test_another_phone(server: Server, reviewer: Visitor) -> None:
    page = reviewer.confirmed("/en/account/authenticator")
    server.secrets["rina"] = secret_on(page)
    page = step(reviewer, page, digits=server.code())
    assert len(recovery_codes_on(page)) == 10
    assert reviewer.get("/en/queue").location == "/en/sign-in"
    server.clock.now += 30
    assert reviewer.sign_in().status_code == 303


def test_new_recovery_codes(server: Server, reviewer: Visitor) -> None:
    first = recovery_codes_on(reviewer.confirmed("/en/account/recovery"))
    second = recovery_codes_on(reviewer.confirmed("/en/account/recovery", code=first[0]))
    assert len({*first, *second}) == 20
    other = Visitor(server.app().test_client(), server)
    assert other.sign_in(code=first[1]).status_code == 403
    assert other.sign_in(code=second[1]).status_code == 303


@pytest.mark.parametrize("act", ["passphrase", "authenticator", "recovery"])
def test_changes_ask_again(reviewer: Visitor, act: str) -> None:
    answer = reviewer.post(f"/en/account/{act}", chosen=NEW, again=NEW, passphrase=PASSPHRASE, code="000000")
    assert answer.status_code == 403
    assert 'id="problem"' in answer.text
    assert reviewer.get("/en/queue").status_code == 200


def test_sign_out_everywhere(server: Server, reviewer: Visitor) -> None:
    server.clock.now += 30
    other = signed_in(server, "rina")
    proof = {"proof": reviewer.proof("/en/account")}
    assert reviewer.client.post("/en/account/leave", data=proof).location == "/en/sign-in"
    for visitor in (reviewer, other):
        assert visitor.get("/en/queue").location == "/en/sign-in"
