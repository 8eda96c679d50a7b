"""Who is answered: one browser, from our own address, with forms of our own."""

import ast
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

import workstation
from tests.workstation.office import Desk
from tests.workstation.page.client import Page
from workstation.page.access import RULES
from workstation.page.visit import COOKIE, FIELD


def test_the_token_works_once(page: Page) -> None:
    first = page.begin()
    assert (first.status, first.to) == (303, "/")
    for mark in ("HttpOnly", "SameSite=Strict", "Secure", "Path=/"):
        assert mark in first.headers["Set-Cookie"]
    again = page.begin()
    assert again.status == 403
    assert "Set-Cookie" not in again.headers
    assert page.ask("/unlock").status == 200


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43])
def test_another_token_is_refused_and_the_right_one_still_works(page: Page, token: str) -> None:
    assert page.ask(f"/start?token={quote(token)}").status == 403
    assert page.begin().status == 303


def test_without_the_cookie_nothing_is_answered(unlocked_page: Page) -> None:
    for cookie in ("", f"{COOKIE}=x", "other=1"):
        assert unlocked_page.ask("/", Cookie=cookie).status == 403
        assert "r1" not in unlocked_page.ask("/unlock", Cookie=cookie).text


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:{}", "127.0.0.1", "127.0.0.1:1", "[::1]:{}", None]
)
def test_another_host_is_refused(unlocked_page: Page, host: str | None) -> None:
    """DNS rebinding: a name of a stranger that points here."""
    named = host.format(unlocked_page.port) if host else None
    for path in ("/", "/style.css", "/unlock", "/start?token=x"):
        assert unlocked_page.ask(path, Host=named).status == 421


def test_forms_of_other_sites_are_refused(unlocked_page: Page) -> None:
    proof = {FIELD: unlocked_page.visit.proof()}
    for origin in (
        "http://evil.example",
        "null",
        "http://127.0.0.1:1",
        f"https://127.0.0.1:{unlocked_page.port}",
        None,
    ):
        assert unlocked_page.ask("/lock", proof, Origin=origin).status == 403
    for site in ("cross-site", "same-site", "none"):
        assert unlocked_page.ask("/lock", proof, Sec_Fetch_Site=site).status == 403
    assert unlocked_page.ask("/lock", {FIELD: "x"}).status == 403
    assert unlocked_page.ask("/lock", {}).status == 403
    assert unlocked_page.session.unlocked
    assert unlocked_page.ask("/lock", proof).status == 303
    assert not unlocked_page.session.unlocked


def test_a_link_from_another_site_shows_nothing(unlocked_page: Page) -> None:
    assert unlocked_page.ask("/", Sec_Fetch_Site="cross-site").status == 403
    assert unlocked_page.ask("/", Sec_Fetch_Site="none").status == 200


def paths(page: Page) -> list[tuple[str, str, str]]:
    """(method, path, endpoint) of every route."""
    found = []
    with page.app.test_request_context():
        for rule in page.app.url_map.iter_rules():
            path = page.app.url_map.bind("x").build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
            found += [(method, path, rule.endpoint) for method in sorted((rule.methods or set()) - {"HEAD"})]
    return found


def test_every_route_has_a_rule(page: Page) -> None:
    endpoints = {endpoint for _, _, endpoint in paths(page)}
    assert endpoints == set(RULES)


def test_a_route_without_a_rule_is_refused(unlocked_page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "front.overview")
    assert unlocked_page.ask("/").status == 403


def test_locked_every_route_leads_to_the_unlock_page(page: Page) -> None:
    page.begin()
    seen = 0
    for method, path, endpoint in paths(page):
        if RULES[endpoint] in ("anyone", "browser"):
            continue
        answer = page.ask(path) if method == "GET" else page.post(path)
        assert (answer.status, answer.to) == (303, "/unlock"), path
        seen += 1
    assert seen > 10


def test_no_page_may_be_kept_or_run_anything(unlocked_page: Page) -> None:
    for path in ("/", "/cases", "/import", "/bundle", "/nowhere", "/style.css"):
        headers = unlocked_page.ask(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "script-src" not in headers["Content-Security-Policy"]


def sockets(pid: int) -> list[tuple[str, int]]:
    """Where a process listens, or has any socket of the internet that is not connected."""
    every = [each for each in psutil.net_connections("inet") if each.pid == pid]
    return [(each.laddr.ip, each.laddr.port) for each in every if not each.raddr]


def test_it_listens_on_loopback_only_logs_nothing_and_stops(desk: Desk) -> None:
    line = [str(Path(sys.executable).with_name("peluit")), "station", "--folder", str(desk.folder)]
    process = subprocess.Popen(
        [*line, "open", "--no-browser", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert process.stdout and process.stderr
    try:
        address = json.loads("".join(process.stdout.readline() for _ in range(3)))["address"]
        port = int(address.split(":")[2].split("/")[0])
        assert sockets(process.pid) == [("127.0.0.1", port)]
        page = Page(None, None, None, port, [])  # type: ignore[arg-type]
        assert page.ask(address.partition(str(port))[2]).status == 303
        assert page.ask("/nowhere%00?secret").status == 404
    finally:
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    assert (process.returncode, out, errors) == (0, "", "")


NETWORK = {
    "asyncio",
    "ftplib",
    "http",
    "multiprocessing",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "urllib",
}


def imported(path: Path) -> set[str]:
    """The first parts of the names of all modules that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def test_only_one_module_of_the_station_can_listen() -> None:
    folder = Path(workstation.__file__).parent
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if imported(path) & (NETWORK | {"wsgiref"})
    }
    assert found == {"page/server.py"}
