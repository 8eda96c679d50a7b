"""Outbound bundles: one number never has two contents, nothing is lost, everything is acknowledged once."""

import errno
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.bundle import BundleReader
from crypto.kem import RecipientKey
from crypto.manifest import Outbound
from crypto.message import Report, sign_message
from tests.workstation.office import TODAY, Desk, slots_in
from workstation import cases, files, outbound, replies, thread
from workstation.cli import main
from workstation.errors import (
    DiskFullError,
    EmptyReplyError,
    FileExistsAlreadyError,
    NoReplyKeyError,
    NoSuchBundleError,
    NotAFolderError,
    ReplyTextError,
    ReplyTooLongError,
)
from workstation.inbox import import_bundle
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]


def received_in(path: Path) -> tuple[bytes, ...]:
    with path.open("rb") as file:
        manifest = BundleReader(file).manifest
    assert isinstance(manifest, Outbound)
    return manifest.received


def test_a_bundle_that_could_not_be_written_keeps_its_number_and_contents(
    desk: Desk, unlocked: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter = desk.reporter()
    real = files.write_all

    def full(_descriptor: int, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report()])).opened.cases
        replies.reply(station, cases.find(station, number), "pertama", TODAY)
        monkeypatch.setattr(files, "write_all", full)
        with pytest.raises(DiskFullError):
            outbound.write_bundle(station, desk.stick, TODAY)
        monkeypatch.setattr(files, "write_all", real)
        replies.reply(station, cases.find(station, number), "kedua", TODAY)
    with unlocked("r2") as station:
        written = outbound.write_bundle(station, desk.stick, TODAY)
        assert (written.number, written.resumed, written.replies, written.received) == (2, True, 1, 1)
        assert [part.text for part in reporter.replies(slots_in(written.path))] == ["pertama"]
        after = outbound.write_bundle(station, desk.stick, TODAY)
        assert (after.number, after.resumed, after.replies, after.received) == (3, False, 1, 0)
        assert [part.text for part in reporter.replies(slots_in(after.path))] == ["kedua"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "there is no room for the bundle ("),
        (errno.EFBIG, "there is no room for the bundle ("),
        (errno.EIO, "could not be written to"),
        (errno.ENODEV, "the disk or stick is faulty, or was taken out"),
        (errno.EROFS, "the disk or stick can only be read"),
    ],
)
def test_a_stick_that_is_full_or_gone_says_what_to_do(
    desk: Desk, capsys: pytest.CaptureFixture[str], unlocked: Unlock, number: int, sentence: str
) -> None:
    """Nothing is left on it, the vault does not take the bundle for written, and it can be repeated."""
    assert main(["import", str(desk.deliver(1, [])), *desk.as_("r1")]) == 0
    before = set(desk.stick.iterdir())
    real = files.write_all

    def broken(descriptor: int, data: bytes) -> None:
        real(descriptor, data[:10_000])
        raise OSError(number, "")

    for _ in range(2):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "write_all", broken)
            assert main(["bundle", "--to", str(desk.stick), *desk.as_("r1")]) == 1
        said = capsys.readouterr().err
        assert sentence in said
        assert "It is kept here" in said
        assert "repeat the command" in said
        assert set(desk.stick.iterdir()) == before
        with unlocked("r1") as station:
            assert station.vault.value("SELECT written FROM outbound WHERE number = 2") == 0
    assert main(["bundle", "--to", str(desk.stick), "--json", *desk.as_("r1")]) == 0
    written = json.loads(capsys.readouterr().out)
    assert (written["number"], written["resumed"], written["received"]) == (2, True, 1)


def test_nothing_counts_as_written_before_it_is_durable(
    desk: Desk, unlocked: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stick's last word, that names are durable, comes before the vault's."""
    real = files.sync_folder
    seen: list[int] = []
    with unlocked("r1") as station:

        def watched(folder: Path) -> None:
            real(folder)
            if folder == desk.stick:
                waiting = "SELECT count(*) FROM outbound WHERE number = 2 AND written = 0"
                seen.append(station.vault.value(waiting))

        monkeypatch.setattr(files, "sync_folder", watched)
        outbound.write_bundle(station, desk.stick, TODAY)
        assert seen == [1]
        assert station.vault.value("SELECT written FROM outbound WHERE number = 2") == 1


def test_killed_between_writing_and_marking(
    desk: Desk, unlocked: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.write_new

    def dies_afterwards(path: Path, pieces: list[bytes]) -> None:
        real(path, pieces)
        raise KeyboardInterrupt

    with unlocked("r1") as station:
        monkeypatch.setattr(files, "write_new", dies_afterwards)
        with pytest.raises(KeyboardInterrupt):
            outbound.write_bundle(station, desk.stick, TODAY)
        monkeypatch.setattr(files, "write_new", real)
        path = desk.stick / "peluit-out-inspektorat-kota-2.tar"
        before = path.read_bytes()
        assert outbound.write_bundle(station, desk.stick, TODAY).number == 2
        assert path.read_bytes() == before


def test_writing_again_gives_the_same_bytes(desk: Desk, unlocked: Unlock, tmp_path: Path) -> None:
    with unlocked("r1") as station:
        first = outbound.write_bundle(station, desk.stick, TODAY)
        again = outbound.write_again(station.vault, station.keys.place, first.number, tmp_path)
        assert first.path.read_bytes() == again.path.read_bytes()
        with pytest.raises(NoSuchBundleError):
            outbound.write_again(station.vault, station.keys.place, 9, tmp_path)
        (tmp_path / "peluit-out-inspektorat-kota-3.tar").write_bytes(b"something else")
        with pytest.raises(FileExistsAlreadyError):
            outbound.write_bundle(station, tmp_path, TODAY)
        with pytest.raises(NotAFolderError):
            outbound.write_bundle(station, tmp_path / "absent", TODAY)


def test_each_inbound_bundle_is_acknowledged_once(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        ids = [import_bundle(station, desk.deliver(n, [])).bundle for n in (1, 2)]
        assert received_in(outbound.write_bundle(station, desk.stick, TODAY).path) == tuple(ids)
        assert received_in(outbound.write_bundle(station, desk.stick, TODAY).path) == ()


def test_numbers_of_replies_and_limits(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [reporter.report()])).opened.cases
        for expected in (1, 2, 3):
            assert replies.reply(station, cases.find(station, number), "x", TODAY).number == expected
        for text, error in (
            (" \n", EmptyReplyError),
            ("\0", ReplyTextError),
            ("\ud800", ReplyTextError),
            ("x" * 100_000, ReplyTooLongError),
        ):
            with pytest.raises(error):
                replies.reply(station, cases.find(station, number), text, TODAY)
        assert len(thread.replies(station, cases.find(station, number))) == 3


def test_reply_from_a_file_and_from_standard_input(
    desk: Desk, unlocked: Unlock, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [desk.reporter().report()])).opened.cases
    text = tmp_path / "reply.txt"
    text.write_text("Dari berkas\n", "utf-8")
    assert main(["reply", str(number), "--text-file", str(text), *desk.as_("r1")]) == 0
    capsys.readouterr()
    assert main(["show", str(number), "--json", *desk.as_("r1")]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [reply["text"] for reply in shown["replies"]] == ["Dari berkas"]
    assert shown["replies"][0]["sent_in"] is None
    assert not shown["unanswered"]
    text.write_bytes(b"\xff")
    assert main(["reply", str(number), "--text-file", str(text), *desk.as_("r1")]) == 1


def test_a_reply_key_that_is_none(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    message = reporter.message(Report({"what": "x"}))
    broken = replace(message.thread, reply=RecipientKey(b"\xff" * 1_216))
    item = reporter.seal_document(sign_message(replace(message, thread=broken), reporter.keys.sign))
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [item])).opened.cases
        with pytest.raises(NoReplyKeyError):
            replies.reply(station, cases.find(station, number), "x", TODAY)
