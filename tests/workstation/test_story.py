"""The whole story on the command line: ceremony, import, cases, show, evidence, reply, bundle, and back."""

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from crypto.constants import PAGE_SLOTS
from crypto.directory import check_slice, read_directory, read_slice
from crypto.manifest import Outbound
from crypto.signed import verify
from tests.workstation.office import TODAY, Desk, Reporter, outbound_entries, slots_in
from workstation.cli import main
from workstation.inbox import BundleReader


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """The JSON answer of a command that must succeed."""
    assert main([*words, "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_the_whole_story(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    me = desk.as_("r1")
    reporter = desk.reporter()
    photo = secrets.token_bytes(3_000_000)
    item, blob_id, blob = reporter.evidence(photo)
    report = reporter.report()

    first = ask(capsys, "import", str(desk.deliver(1, [report, item], [(blob_id, blob)])), *me)
    (number,) = first["bundles"][0]["new_cases"]
    assert first["bundles"][0]["messages"] == 2
    assert first["bundles"][0]["evidence_files"] == 1

    (case,) = ask(capsys, "cases", *me)["cases"]
    assert (case["number"], case["messages"], case["unanswered"], case["unread"]) == (number, 2, True, 2)

    shown = ask(capsys, "show", str(number), *me)
    assert shown["messages"][0]["answers"]["what"] == "uang perjalanan dinas"
    assert shown["evidence"] == [
        {
            "arrived": True,
            "name": "foto.jpg",
            "number": 1,
            "received": TODAY,
            "size": 3_000_000,
            "type": "image/jpeg",
        }
    ]

    out = desk.folder.parent / "out"
    out.mkdir()
    exported = ask(capsys, "evidence", "export", str(number), "1", "--to", str(out), *me)
    assert Path(exported["path"]).read_bytes() == photo
    assert exported["sha256"] == hashlib.sha256(photo).hexdigest()

    answer = "Terima kasih. " * 400
    reply = ask(capsys, "reply", str(number), "--text", answer, *me)
    assert reply["parts"] > 1
    bundle = ask(capsys, "bundle", "--to", str(desk.stick), *me)
    assert bundle["number"] == 2
    assert bundle["received"] == 1
    assert bundle["slots"] % PAGE_SLOTS == 0

    parts = sorted(reporter.replies(slots_in(Path(bundle["path"]))), key=lambda part: part.part)
    assert "".join(part.text for part in parts) == answer.strip()
    assert {(part.number, part.status, part.reviewer) for part in parts} == {(1, None, "r1")}

    follow_up = ask(capsys, "import", str(desk.deliver(2, [reporter.text("Ada lagi.")])), *me)
    assert follow_up["bundles"][0]["cases"] == [number]
    assert follow_up["bundles"][0]["new_cases"] == []
    shown = ask(capsys, "show", str(number), *me)
    assert shown["messages"][-1]["text"] == "Ada lagi."
    assert shown["replies"][0]["sent_in"] == 2
    assert shown["unanswered"]


def test_first_bundle_is_what_the_server_needs(desk: Desk) -> None:
    path = desk.stick / "peluit-out-inspektorat-kota-1.tar"
    with path.open("rb") as file:
        reader = BundleReader(file)
        entries = {entry.path: b"".join(pieces) for entry, pieces in reader.entries()}
    assert isinstance(reader.manifest, Outbound)
    assert (reader.manifest.number, reader.manifest.reviewer) == (1, "r1")
    directory = read_directory(entries["directory"], desk.held.root)
    assert directory == desk.directory
    r1 = directory.office.reviewer("r1")
    assert r1 is not None
    verify(reader.checksums, "bundle", r1.sign, 2**20)
    found = [read_slice(entries[f"slices/{epoch}"], desk.held.root) for epoch in directory.epochs]
    check_slice(found[0], directory.office.instance, directory.office.id, TODAY)
    assert len(slots_in(path)) == PAGE_SLOTS


def test_several_threads_and_an_empty_bundle(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    reporters = [desk.reporter() for _ in range(5)]
    items = [item for one in reporters for item in (one.text("dahulu"), one.report())]
    ask(capsys, "import", str(desk.deliver(1, items)), *desk.as_("r2"))
    cases = ask(capsys, "cases", *desk.as_("r3"))["cases"]
    assert len(cases) == 5
    for case in cases:
        kinds = [m["kind"] for m in ask(capsys, "show", str(case["number"]), *desk.as_("r1"))["messages"]]
        assert kinds == ["report", "message"]
    written = ask(capsys, "bundle", "--to", str(desk.stick), *desk.as_("r1"))
    assert (written["reply_slots"], written["slots"]) == (0, PAGE_SLOTS)
    assert set(outbound_entries(Path(written["path"]))) == {"slots"}


def test_bundles_are_taken_in_the_order_of_their_numbers(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(desk.deliver(n, [desk.reporter().report()])) for n in (3, 1, 2)]
    done = ask(capsys, "import", *paths, *desk.as_("r1"))
    assert [one["number"] for one in done["bundles"]] == [1, 2, 3]


def test_unread_counts_for_each_reader(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    ask(capsys, "import", str(desk.deliver(1, [desk.reporter().report()])), *desk.as_("r1"))
    (case,) = ask(capsys, "cases", *desk.as_("r1"))["cases"]
    assert main(["show", str(case["number"]), *desk.as_("r1")]) == 0
    capsys.readouterr()
    assert ask(capsys, "cases", *desk.as_("r1"))["cases"][0]["unread"] == 0
    assert ask(capsys, "cases", *desk.as_("r2"))["cases"][0]["unread"] == 1


def test_a_reply_can_leave_with_anybodys_bundle(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    reporter = Reporter(desk.directory)
    done = ask(capsys, "import", str(desk.deliver(1, [reporter.report(excluded=["r2"])])), *desk.as_("r1"))
    (number,) = done["bundles"][0]["cases"]
    ask(capsys, "move", str(number), "verification", *desk.as_("r3"))
    written = ask(capsys, "bundle", "--to", str(desk.stick), *desk.as_("r2"))
    (part,) = reporter.replies(slots_in(Path(written["path"])))
    assert (part.reviewer, part.status, part.text) == ("r3", "received", "")
