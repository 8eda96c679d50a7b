"""From one office to another of the same server and back, and the other's reply to the reporter."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from crypto import bundle, calendar, canonical
from crypto.bundle import BundleReader
from crypto.directory import read_slice
from crypto.disposition import sign_disposition
from crypto.fields import ChannelId
from crypto.hints import is_mine
from crypto.manifest import MAX_PACKAGE_SIZE, MOST_PACKAGES
from crypto.open.reply import open_reply
from crypto.reply import OpenedReply
from journalist_app import taking
from journalist_app.parts import Parts, open_parts
from journalist_app.publishing import publish
from source_app.noscript.replies import visit
from source_app.noscript.services import Board
from store import keyfile
from store.layout import Layout
from store.site import Site, SiteOffice
from store.space import Limits
from store.staff.account import console
from tests.workstation.casework import neighbours
from tests.workstation.casework.neighbours import OPD
from tests.workstation.office import OFFICE, TODAY, Desk, Reporter, outbound_entries, sealed_file, slots_in
from tests.workstation.page.client import running
from workstation import cases, dispatch, outbound, replies
from workstation import evidence as evidence_files
from workstation.casework import journal
from workstation.cli import main
from workstation.dispositions import disposition, granting, kept, received
from workstation.dispositions.disposition import Wish
from workstation.inbox import import_bundle
from workstation.offices import registry
from workstation.offices.office_errors import (
    GrantEndedError,
    NoRightToReplyError,
    NotEnrolledError,
    PackageTooLargeError,
)
from workstation.opening import open_in_steps, problems
from workstation.progress import SILENT
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
WORDS = "Ada pungutan di loket, kata orang."


@pytest.fixture(scope="session")
def other_pristine(pristine: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    where = tmp_path_factory.mktemp("others") / "opd"
    return neighbours.make(where, OPD, pristine.directory.office.instance)


@pytest.fixture
def other(other_pristine: Desk, tmp_path: Path) -> Desk:
    return neighbours.copied(other_pristine, tmp_path / "opd")


def reported(desk: Desk, station: Station, reporter: Reporter) -> int:
    """A case that may be passed on to the other office."""
    (number,) = import_bundle(station, desk.deliver(1, [reporter.report()])).opened.cases
    neighbours.classify(station, cases.find(station, number), "service")
    return number


def enrol(station: Station, name: str, desk: Desk) -> None:
    registry.add(station, [registry.Office(name, neighbours.NAMES, "opd")], TODAY)  # type: ignore[arg-type]
    registry.enrol(station, name, neighbours.document_of(desk), TODAY)


def carried(path: Path, to: Desk, number: int) -> Path:
    """What the server makes of an outbound bundle: the packages in an inbound one of the other office."""
    with path.open("rb") as file:
        entries = BundleReader(file).manifest.entries
    data = outbound_entries(path)
    sealed = [entry for entry in entries if entry.office is not None]
    assert {entry.office for entry in sealed} == {to.directory.office.id}
    items = [data[entry.path] for entry in sealed if entry.kind == "item"]
    blobs = [(bytes.fromhex(entry.name), data[entry.path]) for entry in sealed if entry.kind == "blob"]
    (channel,) = {entry.channel for entry in sealed if entry.kind == "item"}
    return to.deliver(number, items, blobs, channel=ChannelId(str(channel)))


def read(reporter: Reporter, path: Path) -> list[OpenedReply]:
    """What the reporter's client opens of a bundle's slots, whichever office brought them."""
    office = reporter.directory.office
    reviewers = {reviewer.id: reviewer.sign for reviewer in office.reviewers}
    return [
        open_reply(slot.body, reporter.keys, office.instance, office.id, reviewers)
        for slot in slots_in(path)
        if is_mine(reporter.keys.hint, slot.hint)
    ]


def passed_on(desk: Desk, unlocked: Unlock, other: Desk, reporter: Reporter, grant: bool) -> tuple[int, Path]:
    """The case, and the bundle in which its disposition leaves."""
    with unlocked("r1") as station:
        enrol(station, OPD, other)
        number = reported(desk, station, reporter)
        wish = Wish(OPD, "Pungutan di loket", texts={1: WORDS}, grant=grant)
        disposition.forward(station, cases.find(station, number), wish, TODAY)
        assert dispatch.waiting(station.vault) == 1
        written = outbound.write_bundle(station, desk.stick, TODAY)
        assert (written.packages, dispatch.waiting(station.vault)) == (1, 0)
        again = outbound.write_again(station.vault, station.keys.place, written.number, other.stick)
        assert again.packages == 1 and again.path.read_bytes() == written.path.read_bytes()
    return number, written.path


def test_the_other_office_replies_to_the_reporter_and_the_sender_gets_its_receipt(
    desk: Desk, unlocked: Unlock, other: Desk
) -> None:
    reporter = desk.reporter()
    number, path = passed_on(desk, unlocked, other, reporter, grant=True)
    with neighbours.opener(other)("r1") as there:
        enrol(there, OFFICE, desk)
        imported = import_bundle(there, carried(path, other, 1))
        (taken,) = imported.opened.new_cases
        case = cases.find(there, taken)
        assert replies.possible(there, case) and not case.head.way_back
        replies.reply(there, case, "Kami periksa loketnya. " * 100, TODAY)
        replies.reply(there, cases.find(there, taken), "Sudah selesai.", TODAY)
        with pytest.raises(GrantEndedError):
            replies.reply(there, cases.find(there, taken), "x", calendar.add_days(TODAY, 366))
        back = outbound.write_bundle(there, other.stick, TODAY)
    assert back.packages == 1  # the receipt
    opened = read(reporter, back.path)
    assert {one.part.number for one in opened} == {1, 2} and len(opened) > 2
    for one in opened:
        assert one.grant is not None and one.grant.names == other.directory.office.names
        assert (one.part.office, one.part.status) == (OPD, None)
    with unlocked("r1") as station:
        assert import_bundle(station, carried(back.path, desk, 2)).opened.messages == 1
        case = cases.find(station, number)
        (sent,) = kept.forwarded(journal.of_case(station, case))
        assert sent.receipt == TODAY
        replies.reply(station, case, "Dari kami.", TODAY)
        own = outbound.write_bundle(station, desk.stick, TODAY)
    assert [(one.part.number, one.grant) for one in read(reporter, own.path)] == [(1, None)]


@dataclass
class Server:
    """A real server with both offices; its reporters' door reads the board from the files."""

    parts: Parts

    def take(self, desk: Desk, path: Path) -> taking.Taken:
        """Imports an outbound bundle of an office."""
        office = self.parts.site.office(desk.directory.office.id)
        assert office is not None
        with path.open("rb") as file:
            return taking.take(self.parts, console(office.id), office, file)

    def give(self, desk: Desk) -> Path:
        """A new inbound bundle with all that waits for an office."""
        office, inbox = desk.directory.office, self.parts.inbox
        made = inbox.freeze(office.id, TODAY)
        assert made is not None
        (part,) = inbox.parts(office.instance, office.id, made.id)
        path = desk.stick / f"in-{made.number}.tar"
        pieces = bundle.write(
            part, lambda entry, skip: inbox.read_entry(office.id, entry, skip), canonical.dump
        )
        path.write_bytes(b"".join(pieces))
        return path

    def index(self) -> bytes:
        return self.parts.board.index().read_bytes()

    def page(self, version: str, number: int) -> bytes:
        return self.parts.board.page(version, number).read_bytes()


@pytest.fixture
def server(desk: Desk, other: Desk, tmp_path: Path) -> Iterator[Server]:
    layout = Layout(tmp_path / "server")
    layout.make()
    for key in (layout.inbox_key, layout.staff_key, layout.ticket_key):
        keyfile.create(key)
    offices = [each.directory.office for each in (desk, other)]
    layout.make_done(office.id for office in offices)
    known = tuple(SiteOffice(office.id, office.names, office.root) for office in offices)
    opened = Server(open_parts(layout, Site(offices[0].instance, known), limits=Limits(reserve=0)))
    for each in (desk, other):
        (first,) = each.stick.glob("peluit-out-*-1.tar")
        assert opened.take(each, first).serial == 1
    yield opened
    opened.parts.close()


def test_evidence_and_answer_go_through_a_real_server_to_the_reporters_board(
    desk: Desk, unlocked: Unlock, other: Desk, server: Server
) -> None:
    reporter = desk.reporter()
    number, _ = passed_on(desk, unlocked, other, reporter, grant=True)
    evidence, blob = sealed_file(b"bukti yang sudah dibersihkan", "bukti-1.png")
    with unlocked("r1") as station:
        office, case = registry.find(station.vault, OPD), cases.find(station, number)
        right = granting.make(station, case, office, TODAY)
        (sent,) = kept.forwarded(journal.of_case(station, case))
        letter = replace(sent.document, id=bytes(16), evidence=(evidence,), right=right)
        with station.vault.transaction():
            document = sign_disposition(letter, station.keys.sign)
            dispatch.queue(station, office, document, [(evidence.blob, blob)], TODAY)
        replies.reply(station, case, "Kami teruskan.", TODAY)
        written = outbound.write_bundle(station, desk.stick, TODAY)
        first = outbound.write_again(station.vault, station.keys.place, written.number - 1, desk.stick)
    assert [server.take(desk, each.path).packages for each in (first, written)] == [1, 1]
    assert server.take(desk, written.path).before
    with neighbours.opener(other)("r1") as there:
        enrol(there, OFFICE, desk)
        assert len(import_bundle(there, server.give(other)).opened.new_cases) == 2
        for case in cases.readable(there):
            replies.reply(there, case, "Kami periksa." * (1 + 300 * case.head.evidence), TODAY)
        (with_evidence,) = [case for case in cases.readable(there) if case.head.evidence]
        with evidence_files.in_memory(there, with_evidence, 1, 2**20, SILENT) as clear:
            assert os.pread(clear.descriptor, clear.size, 0) == b"bukti yang sudah dibersihkan"
        back = outbound.write_bundle(there, other.stick, TODAY)
    assert server.take(other, back.path).packages == 2
    publish(server.parts)
    place = desk.directory.office
    found = read_slice(server.parts.directories.slice(place.id, TODAY), place.root)
    shown = [
        (reply.number, reply.text[:13], reply.other, reply.complete)
        for reply in visit(cast(Board, server), reporter.keys, found)
    ]
    names = other.directory.office.names
    assert shown[0] == (1, "Kami teruskan", None, True)
    assert shown[1:] == [(1, "Kami periksa.", names, True)] * 2  # two grants: neither hides the other
    with unlocked("r1") as station:
        import_bundle(station, server.give(desk), out_of_order=True)
        (sent,) = kept.forwarded(journal.of_case(station, cases.find(station, number)))
        assert sent.receipt is not None


def test_without_a_grant_nobody_there_can_reply_and_nothing_of_the_thread_goes(
    desk: Desk, unlocked: Unlock, other: Desk
) -> None:
    reporter = desk.reporter()
    number, path = passed_on(desk, unlocked, other, reporter, grant=False)
    with unlocked("r1") as station:
        (sent,) = kept.forwarded(journal.of_case(station, cases.find(station, number)))
        assert sent.document.right is None
    with neighbours.opener(other)("r1") as there:
        enrol(there, OFFICE, desk)
        (taken,) = import_bundle(there, carried(path, other, 1)).opened.new_cases
        case = cases.find(there, taken)
        assert not replies.possible(there, case)
        with pytest.raises(NoRightToReplyError):
            replies.reply(there, case, "x", TODAY)
        received.answer(there, case, "Sudah kami tindaklanjuti.", TODAY)
        back = outbound.write_bundle(there, other.stick, TODAY)
    assert back.packages == 2
    with unlocked("r1") as station:
        assert import_bundle(station, carried(back.path, desk, 2)).opened.messages == 2
        (sent,) = kept.forwarded(journal.of_case(station, cases.find(station, number)))
        assert [answer.text for answer in sent.answers] == ["Sudah kami tindaklanjuti."]


@pytest.mark.parametrize("grant", [True, False])
def test_page_and_command_line_say_who_may_reply(
    desk: Desk, unlocked: Unlock, other: Desk, grant: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    _, path = passed_on(desk, unlocked, other, desk.reporter(), grant)
    with neighbours.opener(other)("r1") as there:
        enrol(there, OFFICE, desk)
        (taken,) = import_bundle(there, carried(path, other, 1)).opened.new_cases
    with running(other.folder) as page:
        page.begin()
        page.unlock()
        shown = page.ask(f"/cases/{taken}").text
        assert ('id="may-reply"' in shown, 'id="reply"' in shown) == (grant, grant)
        page.post("/lock")
    code = main(["reply", str(taken), *other.as_("r1"), "--text", "Sudah kami perbaiki."])
    said = " ".join("".join(capsys.readouterr()).split())
    assert code == (0 if grant else 1)
    assert (f"passed on by {OFFICE}" if grant else "without the right to reply") in said
    assert main(["dispositions", "list", *other.as_("r1"), "--json"]) == 0
    (came,) = json.loads(capsys.readouterr().out)["came"]
    assert (came["reply_until"] is not None) == grant


def test_what_an_unknown_office_sends_waits_until_that_is_enrolled_and_is_taken_once(
    desk: Desk, unlocked: Unlock, other: Desk
) -> None:
    _, path = passed_on(desk, unlocked, other, desk.reporter(), grant=True)
    with neighbours.opener(other)("r1") as there:
        assert import_bundle(there, carried(path, other, 1)).opened.messages == 0
        assert [problem.kind for problem in problems(there)] == ["unknown-office"]
        assert dispatch.waiting(there.vault) == 0 and not list(cases.readable(there))
        enrol(there, OFFICE, desk)
    with neighbours.opener(other)("r1") as there:
        assert len(open_in_steps(there).new_cases) == 1
        assert dispatch.waiting(there.vault) == 1
        assert import_bundle(there, carried(path, other, 2)).opened.messages == 0  # the same once more
        assert not problems(there) and dispatch.waiting(there.vault) == 1
        (case,) = cases.readable(there)
        document = kept.received(there, case)
        assert document is not None and document.document.right is not None


def test_only_a_connected_office_gets_something_and_only_what_a_bundle_can_carry(
    desk: Desk, unlocked: Unlock, other: Desk
) -> None:
    with unlocked("r1") as station:
        enrol(station, OPD, other)
        office = registry.find(station.vault, OPD)
        case = cases.find(station, reported(desk, station, desk.reporter()))
        blob = (bytes(16), bytes(MAX_PACKAGE_SIZE))
        with station.vault.transaction():
            with pytest.raises(NotEnrolledError):
                dispatch.queue(station, replace(office, state="enrolled"), b"x" * 80, [], TODAY)
            with pytest.raises(NotEnrolledError):
                granting.make(station, case, replace(office, document=b""), TODAY)
            with pytest.raises(PackageTooLargeError):
                dispatch.queue(station, office, b"x" * 80, [blob], TODAY)
            for _ in range(MOST_PACKAGES + 1):
                dispatch.queue(station, office, b"x" * 80, [], TODAY)
        assert outbound.write_bundle(station, desk.stick, TODAY).packages == MOST_PACKAGES
        assert outbound.write_bundle(station, desk.stick, TODAY).packages == 1


def test_what_does_not_fit_leaves_with_the_next_bundle(desk: Desk, unlocked: Unlock, other: Desk) -> None:
    with unlocked("r1") as station:
        enrol(station, OPD, other)
        office = registry.find(station.vault, OPD)
        with station.vault.transaction():
            for number in range(3):
                dispatch.queue(station, office, b"x" * 80, [(bytes([number]) * 16, bytes(1_000))], TODAY)
        with station.vault.transaction():
            first = dispatch.take(station.vault, 25_000)  # an item has about 10 KB
            second = dispatch.take(station.vault, 25_000)
        assert (len(first), len(second), dispatch.waiting(station.vault)) == (2, 1, 0)
        assert {package.id for package in first}.isdisjoint(package.id for package in second)
        assert station.vault.value("SELECT count(*) FROM enclosures") == 0


def test_an_attempt_that_fails_is_undone_and_the_transaction_goes_on(unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        vault, insert = station.vault, "INSERT INTO settings (name, value) VALUES (?, x'31')"
        with vault.transaction():
            vault.rows(insert, "before")
            with pytest.raises(NotEnrolledError), vault.attempt():
                vault.rows(insert, "undone")
                raise NotEnrolledError(office="x")
            with vault.attempt():
                vault.rows(insert, "kept")
        names = {name for (name,) in vault.rows("SELECT name FROM settings")}
        assert {"before", "kept"} <= names and "undone" not in names
