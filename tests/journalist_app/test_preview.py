"""What a bundle would change is shown first, and nothing is changed before somebody says yes."""

import re
from dataclasses import replace

import pytest
from nacl.signing import SigningKey
from werkzeug.test import TestResponse

from crypto import calendar
from crypto.directory import Channel
from crypto.fields import ChannelId
from tests.journalist_app.conftest import Server, Visitor, signed_in
from tests.journalist_app.station import KEM, TODAY, slots_document
from tests.journalist_app.test_imports import everything, reason

PREVIEW = "/en/import/preview"


def fact(page: str, name: str) -> str:
    """A fact's words, without its markup."""
    found = re.search(rf'<(?:dd|td) id="{name}">(.*?)</(?:dd|td)>', page, re.DOTALL)
    assert found, page
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split())


def looked_at(reviewer: Visitor, bundle: bytes) -> str:
    assert reviewer.upload_only(bundle).location == PREVIEW
    answer = reviewer.get(PREVIEW)
    assert answer.status_code == 200
    return answer.text


def state(server: Server) -> object:
    parts = server.parts()
    office = server.station.office
    found = (
        *(everything(server), parts.slots.living(TODAY), parts.inbox.bundles(office)),
        parts.staff.taken.last(office),
    )
    parts.close()
    return found


def test_a_preview_changes_nothing_and_yes_does_all(reviewer: Visitor, server: Server) -> None:
    server.add_item()
    server.add_item()
    inbound = bytes.fromhex(reviewer.export().location.rpartition("/")[2])
    directory = server.station.documents(server.station.directory(2))
    bundle = server.station.outbound(4, [*directory, slots_document()], received=[inbound, bytes(16)])
    before = state(server)
    page = looked_at(reviewer, bundle)
    assert fact(page, "slots") == "16"
    assert fact(page, "received") == "1: 2 sealed things are erased here"
    assert fact(page, "serial") == "2"
    assert "signed by inspektur of this office" in page
    assert "24 November 2026, 03:00 WIB" in page
    assert state(server) == before
    assert 'id="waits"' in reviewer.get("/en/import").text
    answer = reviewer.publish()
    assert 'id="imported"' in answer.text
    assert state(server) != before
    assert server.parts().staff.taken.last(server.station.office) == 4
    assert reviewer.get(PREVIEW).location == "/en/import"
    assert 'id="waits"' not in reviewer.get("/en/import").text


def test_discarded_it_is_gone(reviewer: Visitor, server: Server) -> None:
    before = state(server)
    looked_at(reviewer, server.station.outbound())
    answer = reviewer.client.post("/en/import/discard", data={"proof": reviewer.proof(PREVIEW)})
    assert answer.location == "/en/import"
    assert reviewer.get(PREVIEW).location == "/en/import"
    assert [path for path in server.layout.imports.rglob("*") if path.is_file()] == []
    assert state(server) == before


def test_what_a_directory_changes(reviewer: Visitor, server: Server) -> None:
    station = server.station
    grown = replace(station, sign={"inspektur": station.sign["inspektur"], "baru": SigningKey.generate()})
    made = grown.directory(7)
    office = made.office
    aduan, aspirasi = office.channels
    channels = (
        replace(aduan, titles={"id": "Aduan warga", "en": "Complaints"}),
        Channel(ChannelId("info"), "aduan", "none", aspirasi.form, aspirasi.titles, aspirasi.recipients),
    )
    later = calendar.last_day(max(made.epochs) + 1)
    keys = {**made.epochs, max(made.epochs) + 1: dict.fromkeys(("inspektur", "baru"), KEM)}
    changed = replace(made, office=replace(office, channels=channels, expires=later), epochs=keys)
    page = looked_at(reviewer, grown.outbound(1, grown.documents(changed)))
    assert fact(page, "serial") == "7"
    assert fact(page, "channels") == "added: info removed: aspirasi changed: aduan"
    assert fact(page, "reviewers") == "added: baru removed: irban"
    assert (fact(page, "forms"), fact(page, "others")) == ("unchanged", "unchanged")
    assert fact(page, "keys-until") == fact(page, "expires")
    assert 'id="shorter"' not in page


def test_keys_that_end_earlier_are_pointed_out(reviewer: Visitor, server: Server) -> None:
    made = server.station.directory(2)
    short = replace(made, epochs={min(made.epochs): made.epochs[min(made.epochs)]})
    page = looked_at(reviewer, server.station.outbound(1, server.station.documents(short)))
    assert 'id="shorter"' in page
    assert "November 2026" in fact(page, "keys-until")


def test_a_bundle_without_keys(reviewer: Visitor, server: Server) -> None:
    page = looked_at(reviewer, server.station.outbound())
    assert 'id="no-keys"' in page
    assert fact(page, "received") == "none"


def test_yes_to_one_bundle_is_no_yes_to_the_next(reviewer: Visitor, server: Server) -> None:
    """Another reviewer uploads a bundle while the first one reads the preview."""
    looked_at(reviewer, server.station.outbound(1))
    digest = re.findall(r'name="digest" value="([^"]*)"', reviewer.get(PREVIEW).text)[0]
    proof = reviewer.proof(PREVIEW)
    reviewer.upload_only(server.station.outbound(2))
    before = state(server)
    answer = reviewer.client.post("/en/import/publish", data={"proof": proof, "digest": digest})
    assert answer.location == f"{PREVIEW}?another=yes"
    assert 'id="another"' in reviewer.get(answer.location).text
    assert state(server) == before
    assert 'id="imported"' in reviewer.publish().text
    assert server.parts().staff.taken.last(server.station.office) == 2


def test_it_is_checked_again_when_it_is_published(reviewer: Visitor, server: Server) -> None:
    """What has changed since the preview counts: here the kept bundle has become the older one."""
    looked_at(reviewer, server.station.outbound(3))
    kept = next(path for path in server.layout.imports.rglob("*") if path.is_file())
    bundle = kept.read_bytes()
    digest = re.findall(r'name="digest" value="([^"]*)"', reviewer.get(PREVIEW).text)[0]
    reviewer.upload(server.station.outbound(4))
    kept.write_bytes(bundle)
    before = state(server)
    answer = reviewer.client.post(
        "/en/import/publish", data={"proof": reviewer.proof("/en/import"), "digest": digest}
    )
    assert reason(answer) == "OlderBundleError"
    assert state(server) == before
    assert not kept.exists()


def test_a_kept_file_that_was_changed_on_the_disk_is_refused(reviewer: Visitor, server: Server) -> None:
    looked_at(reviewer, server.station.outbound())
    kept = next(path for path in server.layout.imports.rglob("*") if path.is_file())
    data = bytearray(kept.read_bytes())
    data[-20_000] ^= 1
    kept.write_bytes(data)
    assert reason(reviewer.get(PREVIEW)) == "DamagedBundleError"
    assert not kept.exists()


def test_without_a_kept_bundle_there_is_nothing_to_see_or_say(reviewer: Visitor) -> None:
    assert reviewer.get(PREVIEW).location == "/en/import"
    for act in ("publish", "discard"):
        answer = reviewer.client.post(f"/en/import/{act}", data={"proof": reviewer.proof("/en/import")})
        assert answer.location == "/en/import"


def test_offices_do_not_see_each_others_bundles(reviewer: Visitor, server: Server) -> None:
    looked_at(reviewer, server.station.outbound())
    server.clock.now += 30
    other = signed_in(server, "budi")
    assert other.get(PREVIEW).location == "/en/import"
    assert 'id="waits"' not in other.get("/en/import").text


def test_after_a_day_it_is_gone(reviewer: Visitor, server: Server) -> None:
    looked_at(reviewer, server.station.outbound())
    server.clock.now += 2 * 86_400
    assert reviewer.sign_in().status_code == 303
    assert reviewer.get(PREVIEW).location == "/en/import"


@pytest.mark.parametrize("language", ["id", "en"])
def test_both_languages(reviewer: Visitor, server: Server, language: str) -> None:
    looked_at(reviewer, server.station.first())
    page: TestResponse = reviewer.get(f"/{language}/import/preview")
    assert ("Terbitkan" if language == "id" else "Publish this") in page.text
