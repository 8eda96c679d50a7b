"""What an administrator does, and what follows for the others."""

import re

import pytest

from tests.journalist_app.conftest import PASSPHRASE, Server, Visitor, signed_in

ACTS = ("role", "reset", "remove")


def invitation_code(page: str) -> str:
    found = re.search(r'id="invitation-code"[^>]*>([^<]+)<', page)
    assert found, page
    return found[1]


def test_an_invitation_is_shown_once(server: Server, administrator: Visitor) -> None:
    answer = administrator.confirmed("/en/invite", name=" Zoe ", role="reviewer")
    assert answer.status_code == 200
    assert re.fullmatch(r"([0-9a-z]{4}-){3}[0-9a-z]{4}", invitation_code(answer.text))
    assert "http://localhost/en/invitation" in answer.text
    page = administrator.get("/en/people").text
    assert 'data-name="zoe"' in page
    assert "invited, until 30 November 2026" in page
    assert invitation_code(answer.text) not in page


@pytest.mark.parametrize(
    ("name", "role", "sentence"),
    [
        ("rina", "reviewer", "somebody of this name already"),
        ("no name", "reviewer", "A name has"),
        ("", "reviewer", "A name has"),
        ("zoe", "operator", "one of the roles"),
        ("zoe", "", "one of the roles"),
    ],
)
def test_what_is_wrong_is_said(administrator: Visitor, name: str, role: str, sentence: str) -> None:
    answer = administrator.confirmed("/en/invite", name=name, role=role)
    assert answer.status_code == 400
    assert sentence in answer.text


@pytest.mark.parametrize("said", [{}, {"passphrase": "wrong"}, {"code": "000000"}, {"code": ""}])
@pytest.mark.parametrize("path", ["/en/invite", *(f"/en/people/rina/{act}" for act in ACTS)])
def test_nothing_happens_without_passphrase_and_code(
    server: Server, administrator: Visitor, path: str, said: dict[str, str]
) -> None:
    before = server.parts().staff.people.listed(server.station.office)
    fields = {"name": "zoe", "role": "monitor"} | said
    answer = administrator.confirmed(path, **fields) if said else administrator.post(path, **fields)
    assert answer.status_code == 403
    assert 'id="problem"' in answer.text
    assert server.parts().staff.people.listed(server.station.office) == before


def test_a_confirmation_is_good_for_one_act(server: Server, administrator: Visitor) -> None:
    server.clock.now += 30
    said = {"passphrase": PASSPHRASE, "code": server.code("ani"), "role": "monitor"}
    assert administrator.post("/en/invite", name="zoe", **said).status_code == 200
    assert administrator.post("/en/invite", name="zia", **said).status_code == 403


def test_another_role_counts_from_the_next_page(server: Server, administrator: Visitor) -> None:
    rina = signed_in(server, "rina")
    answer = administrator.confirmed("/en/people/rina/role", role="monitor")
    assert (answer.status_code, answer.location) == (303, "/en/people")
    assert rina.get("/en/queue").status_code == 403
    assert rina.get("/en/numbers").status_code == 200


@pytest.mark.parametrize("act", ["reset", "remove"])
def test_whoever_is_removed_or_reset_is_out_at_once(server: Server, administrator: Visitor, act: str) -> None:
    rina = signed_in(server, "rina")
    assert administrator.confirmed(f"/en/people/rina/{act}").status_code in (200, 303)
    assert rina.get("/en/queue").location == "/en/sign-in"
    assert rina.sign_in().status_code == 403
    assert ('data-name="rina"' in administrator.get("/en/people").text) == (act == "reset")


@pytest.mark.parametrize(("act", "role"), [("remove", ""), ("reset", ""), ("role", "reviewer")])
def test_the_last_administrator_stays(administrator: Visitor, act: str, role: str) -> None:
    answer = administrator.confirmed(f"/en/people/ani/{act}", role=role)
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    assert administrator.get("/en/people").status_code == 200
