"""What an office sees of its storage, and what retention does with bundles that nobody confirms."""

import re

import pytest

from crypto import calendar
from crypto.fields import Day
from journalist_app import housekeeping
from journalist_app.expiring import erase_unconfirmed
from store.errors import StorageFullError
from store.incoming import TICKET_DAYS, unfinished
from store.retention import NOTICE
from store.staff.account import SCHEDULE, Account
from store.staff.audit import StaffLog
from tests.journalist_app.conftest import NOON, Server, Visitor, signed_in
from tests.journalist_app.station import TODAY
from tests.journalist_app.test_audit import said

DAYS = 30


def fact(page: str, name: str) -> str:
    found = re.search(rf'<dd id="{name}">([^<]*)</dd>', page)
    assert found, name
    return found[1]


def frozen(server: Server) -> str:
    """The path of a bundle with a text and a file."""
    server.add_item()
    server.add_blob()
    parts = server.parts()
    made = parts.inbox.freeze(server.station.office, TODAY)
    parts.close()
    assert made
    return f"/en/bundles/{made.id.hex()}"


def download(reviewer: Visitor, bundle: str, **headers: str) -> None:
    (path,) = set(re.findall(r'href="([^"]+\.tar)"', reviewer.get(bundle).text))
    assert reviewer.client.get(path, headers=headers).data


def after(server: Server, *days: int) -> int:
    """What the housekeeping does so many days after TODAY; how many bundles are left."""
    parts = server.parts()
    for day in days:
        server.clock.now = NOON + day * 86_400
        erase_unconfirmed(parts)
    found = len(parts.inbox.bundles(server.station.office))
    parts.close()
    return found


def keep(server: Server, days: int | None) -> None:
    """The administrator's decision."""
    parts = server.parts()
    parts.staff.settings.set_retention(Account("ani", server.station.office, "administrator"), days)
    parts.close()


def test_numbers_of_the_own_office_alone(administrator: Visitor, server: Server) -> None:
    for _ in range(2):
        server.add_item(size=2_000)
    server.add_item(size=2_000_000)
    server.add_blob()
    server.add_item(server.other, size=5_000_000)
    page = administrator.get("/en/storage").text
    shares = re.findall(r'<tr class="share"><th scope="row">([^<]*)</th><td class="number">(\d+)</td>', page)
    assert shares == [("Text, below 1 MiB", "2"), ("Text, 1 to 100 MiB", "1"), ("File, below 1 MiB", "1")]
    assert fact(page, "waiting").endswith("MiB")
    assert fact(page, "bundled") == "0 KiB"


def test_unfinished_uploads_of_earlier_days(server: Server) -> None:
    def upload(expires: Day, office: str) -> None:
        folder = server.layout.incoming / expires / office / f"{32 * 'a'}-65536"
        folder.mkdir(parents=True)
        (folder / "whole").write_bytes(bytes(2**20))

    def size() -> int:
        return unfinished(server.layout.incoming, server.station.office, TODAY)

    upload(calendar.add_days(TODAY, TICKET_DAYS), server.station.office)
    upload(calendar.add_days(TODAY, TICKET_DAYS - 1), server.other.office)
    assert size() == 0
    upload(calendar.add_days(TODAY, TICKET_DAYS - 1), server.station.office)
    assert size() == 2**20


def test_what_was_downloaded_goes_in_the_end_and_is_in_the_log(reviewer: Visitor, server: Server) -> None:
    path = frozen(server)
    download(reviewer, path)
    assert after(server, 0, 500, 2_000) == 1, "nothing goes unless an administrator says so"
    keep(server, DAYS)
    assert after(server, DAYS - NOTICE, DAYS - 7, DAYS - 1) == 1
    assert reviewer.sign_in().status_code == 303
    assert 'data-notice="leaves" data-days="1"' in reviewer.get("/en/queue").text
    server.clock.now = NOON + DAYS * 86_400
    parts = server.parts()
    due = housekeeping._publish_if_due(parts, None)
    assert due == parts.schedule.latest(parts.clock())
    assert parts.inbox.bundles(server.station.office) == ()
    parts.close()
    assert said(server)[-1] == (SCHEDULE, "bundle-expired", "1")
    assert [path for path in server.layout.done.rglob("*") if path.is_file()] == []
    server.clock.now += 30
    assert "the server by itself" in signed_in(server, "ani").get("/en/log").text


def test_a_download_counts_when_its_last_byte_is_out(reviewer: Visitor, server: Server) -> None:
    keep(server, DAYS)
    path, office, parts = frozen(server), server.station.office, server.parts()
    download(reviewer, path, Range="bytes=0-99")
    assert after(server, *range(0, 100, 5)) == 1
    assert parts.inbox.bundles(office)[0].fetched is None
    server.clock.now = NOON
    download(reviewer, path, Range="bytes=100-")
    assert parts.inbox.bundles(office)[0].fetched == TODAY
    parts.close()


def test_an_erasure_that_cannot_be_logged_is_not_done(
    reviewer: Visitor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(server, DAYS)
    download(reviewer, frozen(server))
    assert after(server, DAYS - NOTICE, DAYS - 7, DAYS - 1) == 1

    def full(*_arguments: object) -> None:
        raise StorageFullError

    with monkeypatch.context() as broken:
        broken.setattr(StaffLog, "note", full)
        with pytest.raises(StorageFullError):
            after(server, DAYS)
    assert after(server, DAYS - 1) == 1
    assert after(server, DAYS) == 0


def test_the_choice_asks_again_has_bounds_and_announces_at_once(
    administrator: Visitor, server: Server
) -> None:
    frozen(server)
    parts, office, path = server.parts(), server.station.office, "/en/storage/retention"
    (bundle,) = parts.inbox.bundles(office)
    for part in parts.inbox.parts(parts.site.instance, office, bundle.id):
        parts.retention.end(part, calendar.add_days(TODAY, -300))
    for days in ("", "29", "366", "x"):
        assert administrator.confirmed(path, keep="days", days=days).status_code == 400
    assert administrator.confirmed(path, keep="days", days="90", passphrase="wrong").status_code == 403
    assert parts.staff.settings.retention(office) is None
    assert administrator.confirmed(path, keep="days", days="90").location == "/en/storage"
    assert parts.staff.settings.retention(office) == 90
    assert parts.staff.settings.retention(server.other.office) is None
    page = administrator.get("/en/storage").text
    assert f'<time class="leaves" datetime="{calendar.add_days(TODAY, NOTICE)}">' in page
    assert f'data-notice="leaves" data-days="{NOTICE}"' in page
    assert fact(page, "leaving") == fact(page, "bundled") != "0 KiB"
    assert administrator.confirmed(path, keep="always", days="90").location == "/en/storage"
    assert 'class="leaves"' not in administrator.get("/en/storage").text
    parts.close()


def test_operators_see_the_days_quota(server: Server) -> None:
    operator = signed_in(server, "opi")
    assert fact(operator.get("/en/system").text, "spent") == "0 KiB of 32 GiB"
    (server.layout.spent / TODAY).write_bytes((3 * 2**30).to_bytes(8))
    assert fact(operator.get("/en/system").text, "spent") == "3 GiB of 32 GiB"
