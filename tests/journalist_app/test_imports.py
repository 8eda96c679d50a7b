"""Bringing back what the station wrote, and every way in which it is refused."""

import re
import secrets
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from werkzeug.test import TestResponse

from crypto import board, calendar
from crypto.directory import sign_slice
from crypto.fields import ReviewerId
from journalist_app import taking
from journalist_app.publishing import publish
from tests.journalist_app.conftest import Server, Visitor
from tests.journalist_app.station import TODAY, slots, slots_document


def reason(answer: TestResponse) -> str:
    """Which refusal the page shows."""
    assert answer.status_code == 400
    found = re.search(r'id="refused" class="refusal" role="alert" data-reason="(\w+)"', answer.text)
    assert found, answer.text
    return found[1]


def fact(answer: TestResponse, name: str) -> str:
    found = re.search(rf'<dd id="{name}">(?:<code>)?([^<]*)<', answer.text)
    assert found, answer.text
    return found[1]


def everything(server: Server) -> dict[str, bytes]:
    """All published files by path."""
    public = server.layout.public
    return {str(path.relative_to(public)): path.read_bytes() for path in public.rglob("*") if path.is_file()}


def slots_shown(server: Server) -> int:
    """How many slots reporters can fetch once the board has been published."""
    parts = server.parts()
    publish(parts)
    hints = board.read_index(parts.board.index().read_bytes())[1]
    parts.close()
    assert len(hints) == len(set(hints))
    return len(hints)


# What is taken


def test_slots_appear_when_the_board_is_published(reviewer: Visitor, server: Server) -> None:
    before = everything(server)
    these = slots(32)
    answer = reviewer.upload(server.station.outbound(1, [slots_document(these)]))
    assert answer.status_code == 200
    assert (fact(answer, "slots"), fact(answer, "serial"), fact(answer, "received")) == (
        "32",
        "unchanged",
        "0",
    )
    assert "24 November 2026, 03:00 WIB" in answer.text
    assert everything(server) == before
    parts = server.parts()
    publish(parts)
    version, hints = board.read_index(parts.board.index().read_bytes())
    assert fact(reviewer.get("/en/board"), "version") == version.hex()
    assert set(hints) == {slot.hint for slot in these}
    body = b"".join(parts.board.page(version.hex(), number).read_bytes() for number in range(2))
    by_hint = {slot.hint: slot.body for slot in these}
    assert body == b"".join(by_hint[hint] for hint in hints)


def test_slots_of_several_bundles_live_together_for_sixty_days(reviewer: Visitor, server: Server) -> None:
    reviewer.upload(server.station.outbound(1))
    server.clock.now += 60 * 86_400
    assert slots_shown(server) == 16
    reviewer.sign_in()
    reviewer.upload(server.station.outbound(2))
    assert slots_shown(server) == 32
    server.clock.now += 86_400
    assert slots_shown(server) == 16
    reviewer.sign_in()
    answer = reviewer.upload(server.station.outbound(3, []))
    assert fact(answer, "slots") == "0"
    assert slots_shown(server) == 16


def test_the_board_page_says_what_is_published(reviewer: Visitor, server: Server) -> None:
    assert 'id="no-board"' in reviewer.get("/en/board").text
    reviewer.upload(server.station.outbound(1, [slots_document(slots(48))]))
    assert 'id="no-board"' in reviewer.get("/en/board").text
    publish(server.parts())
    page = reviewer.get("/en/board")
    assert (fact(page, "slots"), fact(page, "pages")) == ("48", "3")
    assert fact(page, "next") == "24 November 2026, 03:00 WIB"
    assert "24 November 2026, 03.00 WIB" in reviewer.get("/id/board").text
    assert "22 January 2027" in page.text
    assert fact(page, "serial") == "1"


def test_publishing_and_looking_leave_no_time(reviewer: Visitor, server: Server) -> None:
    reviewer.upload(server.station.outbound(1, [slots_document(slots(32))]))
    publish(server.parts())
    reviewer.get("/en/board")
    files = [path for path in server.layout.board.rglob("*") if path.is_file()]
    files.append(server.layout.board_day)
    assert {(path.stat().st_atime_ns, path.stat().st_mtime_ns) for path in files} == {(0, 0)}


def test_a_new_directory_is_published(reviewer: Visitor, server: Server) -> None:
    newer = server.station.directory(serial=2)
    answer = reviewer.upload(server.station.outbound(1, [*server.station.documents(newer), slots_document()]))
    assert fact(answer, "serial") == "number 2 published"
    parts = server.parts()
    assert parts.directories.directory(server.station.office) == newer
    epoch = calendar.epoch_of(TODAY)
    assert parts.directories.slice(server.station.office, TODAY) == sign_slice(
        newer, epoch, server.station.root
    )


def test_the_same_directory_again_is_fine(reviewer: Visitor, server: Server) -> None:
    assert reviewer.upload(server.station.first()).status_code == 200


def test_a_new_reviewer_may_sign_the_bundle_that_brings_them(reviewer: Visitor, server: Server) -> None:
    grown = replace(server.station, sign={**server.station.sign, "baru": SigningKey.generate()})
    bundle = grown.outbound(1, [*grown.documents(grown.directory(2)), slots_document()], reviewer="baru")
    assert reviewer.upload(bundle).status_code == 200
    assert reviewer.upload(grown.outbound(2, reviewer="baru")).status_code == 200


def test_the_same_bundle_again_changes_nothing(reviewer: Visitor, server: Server) -> None:
    bundle = server.station.outbound(5)
    reviewer.upload(bundle)
    before = everything(server)
    answer = reviewer.upload(bundle)
    assert answer.status_code == 200
    assert 'data-already="yes"' in answer.text
    assert everything(server) == before
    reviewer.upload(server.station.outbound(6, server.station.documents(server.station.directory(2))))
    assert 'data-already="yes"' in reviewer.upload(bundle).text


def test_a_bundle_that_a_crash_cut_off_can_be_brought_again(
    reviewer: Visitor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each of the steps: the second time everything is there once, and the bundle counts."""
    station = server.station
    steps = (
        ("store.directories.Directories", "publish"),
        ("store.slots.Slots", "add"),
        ("store.reader.InboxReader", "erase"),
    )
    for number, (place, step) in enumerate(steps, 1):
        server.add_item()
        inbound = bytes.fromhex(reviewer.export().location.rpartition("/")[2])
        contents = [*station.documents(station.directory(number + 1)), slots_document()]
        bundle = station.outbound(number, contents, received=[inbound])
        with monkeypatch.context() as patch:
            patch.setattr(f"{place}.{step}", cut_after(f"{place}.{step}"))
            assert reviewer.upload(bundle).status_code == 500
        answer = reviewer.upload(bundle)
        assert answer.status_code == 200
        assert "data-already" not in answer.text
        assert slots_shown(server) == 16 * number
        assert server.parts().inbox.bundles(station.office) == ()
        assert server.parts().staff.taken.last(station.office) == number


def cut_after(name: str) -> object:
    """The method, with a crash right behind it."""
    owner, _, method = name.rpartition(".")
    module, _, class_ = owner.rpartition(".")
    real = getattr(getattr(__import__(module, fromlist=[class_]), class_), method)

    def broken(*arguments: object) -> None:
        real(*arguments)
        raise ZeroDivisionError

    return broken


# What is refused


def refused(reviewer: Visitor, server: Server, bundle: bytes) -> str:
    """The reason, after checking that nothing has changed."""
    before = everything(server)
    answer = reviewer.upload(bundle)
    assert everything(server) == before
    assert server.parts().staff.taken.last(server.station.office) == 0
    assert server.parts().slots.living(TODAY) == ()
    return reason(answer)


@pytest.mark.parametrize(
    "data", [b"", b"x", bytes(10_240), b"\x1f\x8b" + bytes(600), secrets.token_bytes(5_000)]
)
def test_no_bundle_at_all(reviewer: Visitor, server: Server, data: bytes) -> None:
    assert refused(reviewer, server, data) == "NotABundleError"


def test_no_file_at_all(reviewer: Visitor) -> None:
    form = {"proof": reviewer.proof("/en/import")}
    for kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        assert reason(reviewer.client.post("/en/import", data=form, content_type=kind)) == "NotABundleError"


def test_the_bundle_that_goes_to_the_station(reviewer: Visitor, server: Server) -> None:
    server.add_item()
    inbound = reviewer.get(f"{reviewer.export().location}/peluit-in-inspektorat-1-1of1.tar").data
    assert refused(reviewer, server, inbound) == "InboundBundleError"


def test_another_office_and_another_server(reviewer: Visitor, server: Server) -> None:
    assert refused(reviewer, server, server.other.outbound()) == "ForeignBundleError"
    assert refused(reviewer, server, server.station.elsewhere().outbound()) == "ForeignBundleError"


def test_an_older_number(reviewer: Visitor, server: Server) -> None:
    assert reviewer.upload(server.station.outbound(7)).status_code == 200
    for number in (1, 6, 7):
        before = everything(server)
        assert reason(reviewer.upload(server.station.outbound(number))) == "OlderBundleError"
        assert everything(server) == before
    assert reviewer.upload(server.station.outbound(8)).status_code == 200


def test_a_strangers_signature(reviewer: Visitor, server: Server) -> None:
    station = server.station
    stranger = SigningKey.generate()
    for bundle in (
        station.outbound(signer=stranger),
        station.outbound(signer=station.root),
        station.outbound(reviewer="inspektur", signer=station.sign["irban"]),
        station.outbound(reviewer="nobody", signer=stranger),
    ):
        assert refused(reviewer, server, bundle) == "StrangerError"


def test_a_stranger_who_brings_keys_of_their_own(reviewer: Visitor, server: Server) -> None:
    """A directory that names the stranger, signed with a root key of the stranger's."""
    root = SigningKey.generate()
    false = replace(server.station, root=root, sign={"inspektur": SigningKey.generate()})
    bundle = false.outbound(1, [*false.documents(false.directory(9)), slots_document()])
    assert refused(reviewer, server, bundle) == "ForeignDirectoryError"
    honest_looking = replace(false, root=server.station.root)
    bundle = false.outbound(1, [*false.documents(honest_looking.directory(9), root), slots_document()])
    assert refused(reviewer, server, bundle) == "ForeignDirectoryError"


def test_a_removed_reviewer_is_a_stranger(reviewer: Visitor, server: Server) -> None:
    left = replace(server.station, sign={"irban": server.station.sign["irban"]})
    contents = [*left.documents(left.directory(2)), slots_document()]
    bundle = server.station.outbound(1, contents, reviewer="inspektur")
    assert refused(reviewer, server, bundle) == "StrangerError"


def test_an_older_directory(reviewer: Visitor, server: Server) -> None:
    station = server.station
    assert reviewer.upload(station.outbound(1, station.documents(station.directory(3)))).status_code == 200
    before = everything(server)
    for serial in (1, 2):
        answer = reviewer.upload(station.outbound(2, station.documents(station.directory(serial))))
        assert reason(answer) == "OlderDirectoryError"
        assert everything(server) == before


def test_a_directory_of_another_office_or_server(reviewer: Visitor, server: Server) -> None:
    station = server.station
    for other in (replace(station, office=server.other.office), station.elsewhere()):
        bundle = station.outbound(1, other.documents(other.directory(2)))
        assert refused(reviewer, server, bundle) == "ForeignDirectoryError"


def test_keys_that_do_not_fit_together(reviewer: Visitor, server: Server) -> None:
    station = server.station
    directory, first, second = station.documents(station.directory(2))
    _, older, _ = station.documents(station.directory(1))
    renamed = (first[0], second[1], first[2])
    for contents in ([directory], [directory, first], [first, second], [first, second, directory]):
        assert refused(reviewer, server, station.outbound(1, contents)) == "BrokenDirectoryError"
    for contents in ([directory, older, second], [directory, renamed, first]):
        assert refused(reviewer, server, station.outbound(1, contents)).endswith("DirectoryError")
    garbage = ("directory", "directory", station.root.sign(b"{}").signature + b"{}")
    assert refused(reviewer, server, station.outbound(1, [garbage])).endswith("DirectoryError")


def test_slots_that_would_break_the_board(reviewer: Visitor, server: Server) -> None:
    station = server.station
    half = ("slots", "slots", slots_document()[2][: 8 * (32 + 4_096)])
    assert refused(reviewer, server, station.outbound(1, [half])) == "DamagedBundleError"
    twice = slots(15)
    assert (
        refused(reviewer, server, station.outbound(1, [slots_document([*twice, twice[0]])]))
        == "DamagedBundleError"
    )


def test_hints_that_are_on_the_board_already(reviewer: Visitor, server: Server) -> None:
    """Another office could copy them from the public index; part of a page would be left over."""
    there = slots()
    assert reviewer.upload(server.station.outbound(1, [slots_document(there)])).status_code == 200
    before = everything(server)
    mixed = [*slots(15), replace(there[0], body=bytes(4_096))]
    answer = reviewer.upload(server.station.outbound(2, [slots_document(mixed)]))
    assert reason(answer) == "DamagedBundleError"
    assert everything(server) == before
    assert reviewer.upload(server.station.outbound(2)).status_code == 200


def test_the_reason_is_said_in_the_reviewers_language(reviewer: Visitor, server: Server) -> None:
    assert "This file is not a bundle." in reviewer.upload(b"x").text
    assert "Berkas ini bukan bundel." in reviewer.upload(b"x", path="/id/import").text


def test_the_number_of_the_last_is_shown(reviewer: Visitor, server: Server) -> None:
    assert "No bundle has been imported yet." in reviewer.get("/en/import").text
    reviewer.upload(server.station.outbound(12))
    assert "Last imported: bundle 12." in reviewer.get("/en/import").text


# What is left behind


def test_an_upload_leaves_no_file(
    reviewer: Visitor, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the data folder nor in the system's temporary folder, also while it is being read."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    mark = secrets.token_bytes(64)
    junk = mark + secrets.token_bytes(2**20)
    seen: list[set[Path]] = []
    real = taking.preview

    def watched(*arguments: object) -> taking.Preview | taking.Taken:
        seen.append(set(server.layout.root.rglob("*")) | set(elsewhere.rglob("*")))
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("journalist_app.taking.preview", watched)
    before = set(server.layout.root.rglob("*"))
    assert reason(reviewer.upload(junk)) == "NotABundleError"
    assert seen == [before]
    assert set(server.layout.root.rglob("*")) == before
    assert list(elsewhere.iterdir()) == []
    assert mark not in b"".join(path.read_bytes() for path in before if path.is_file())


def test_a_file_in_another_form_is_refused(reviewer: Visitor) -> None:
    answer = reviewer.upload(b"x" * 100, path="/en/import")
    assert answer.status_code == 400
    form = {"proof": reviewer.proof("/en/import")}
    for path in ("/en/bundles", "/en/sign-out"):
        body = {**form, "bundle": (BytesIO(b"x"), "x")}
        assert reviewer.client.post(path, data=body, content_type="multipart/form-data").status_code == 400


def test_too_large(reviewer: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journalist_app.uploads.LARGEST_UPLOAD", 2**20)
    assert reviewer.upload(bytes(2**21)).status_code == 413
    form = {"proof": reviewer.proof("/en/import"), "more": 20_000 * "x"}
    assert reviewer.client.post("/en/bundles", data=form).status_code == 413


def test_reviewer_ids_are_compared_whole(reviewer: Visitor, server: Server) -> None:
    bundle = server.station.outbound(reviewer=ReviewerId("inspektu"), signer=server.station.sign["inspektur"])
    assert refused(reviewer, server, bundle) == "StrangerError"
