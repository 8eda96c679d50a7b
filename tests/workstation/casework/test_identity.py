"""Sealed identities (R7): asked for by one, opened by another with custodians, told to the reporter."""

import json
from pathlib import Path

import pytest

from crypto import calendar
from crypto.custodians import CustodianId
from crypto.fields import Day
from crypto.message import Identity, Report, sign_message
from crypto.seal.identity import seal_identity
from tests.workstation.conftest import Unlock
from tests.workstation.office import CHEAP, PASSPHRASE, TODAY, Desk, Reporter, slots_in
from workstation import (
    backup,
    caselog,
    cases,
    erasing,
    identity,
    outbound,
    renewal,
    restoring,
    shares,
    thread,
)
from workstation.casework import identity as identities
from workstation.casework import journal
from workstation.casework.errors import (
    CustodianKeyMissingError,
    IdentityDamagedError,
    NoIdentityError,
    NoRequestError,
    NoSecondReaderError,
    OwnRequestError,
    WordsMissingError,
    WrongCustodiansError,
)
from workstation.cli import main
from workstation.custodianship import Custodianship, NewCustodian
from workstation.errors import BadPlanError, UnknownCustodianError, WrongPassphraseError
from workstation.inbox import import_bundle
from workstation.layout import Layout
from workstation.station import Station, unlock

NAME = "Siti Contoh\n0812 \x1b[2J"
REASON = "Penghargaan menurut PP 43/2018"
C1, C2, C3, C4 = (CustodianId(f"c{n}") for n in range(1, 5))
TITLES = {"en": "Notary", "id": "Notaris"}
LATER = Day(calendar.add_days(TODAY, 31))


def hold(station: Station, desk: Desk, keepers: Custodianship) -> None:
    office = identity.open_office(station.layout.office_key.read_bytes(), PASSPHRASE.format("office"))
    renewal.hold(station, office, desk.stick, TODAY, CHEAP, weeks=3, keepers=keepers)


def new(*custodians: CustodianId) -> tuple[NewCustodian, ...]:
    return tuple(NewCustodian(one, TITLES, PASSPHRASE.format(one)) for one in custodians)


@pytest.fixture
def kept(desk: Desk, unlocked: Unlock) -> Desk:
    """The station with three custodians, two of whom open an identity."""
    with unlocked("r1") as station:
        hold(station, desk, Custodianship(join=new(C1, C2, C3)))
    for custodian in (C1, C2, C3):
        desk.passphrase_file(custodian).write_text(PASSPHRASE.format(custodian) + "\n", "utf-8")
    return desk


@pytest.fixture
def reporter(kept: Desk, unlocked: Unlock) -> Reporter:
    with unlocked("r1") as station:
        return Reporter(station.directory)


def left(reporter: Reporter, text: str = NAME, on: Day = TODAY) -> bytes:
    """An identity that the reporter leaves on a day."""
    office = reporter.directory.office
    owner = reporter.message(Report({"what": ""})).owner
    sealed = seal_identity(text, owner, office.custodians, office.needed)
    message = reporter.message(Identity(sealed), on=on)
    return reporter.seal_document(sign_message(message, reporter.keys.sign))


def taken_back(reporter: Reporter, on: Day = TODAY) -> bytes:
    return reporter.seal_document(sign_message(reporter.message(Identity(None), on=on), reporter.keys.sign))


def filed(station: Station, desk: Desk, number: int, items: list[bytes]) -> cases.Case:
    (case,) = import_bundle(station, desk.deliver(number, items)).opened.cases
    return cases.find(station, case)


def spoken(*custodians: CustodianId) -> dict[CustodianId, str]:
    return {one: PASSPHRASE.format(one) for one in custodians}


def test_one_asks_another_opens_and_the_reporter_is_told(
    kept: Desk, reporter: Reporter, unlocked: Unlock
) -> None:
    with unlocked("r1") as station:
        case = filed(station, kept, 1, [reporter.report(), left(reporter)])
        number = case.number
        found = identities.of_case(station, case, TODAY)
        assert found.deposit is not None
        assert (found.deposit.sealed.needed, sorted(found.deposit.sealed.stanzas)) == (2, [C1, C2, C3])
        with pytest.raises(WordsMissingError):
            identities.ask(station, case, " ", TODAY)
        with pytest.raises(NoRequestError):
            identities.open_(station, case, spoken(C1, C2), TODAY)
        case = identities.ask(station, case, REASON, TODAY)
        with pytest.raises(OwnRequestError):
            identities.open_(station, case, spoken(C1, C2), TODAY)
    with unlocked("r2") as station:
        case = cases.find(station, number)
        assert identities.open_(station, case, spoken(C1, C3), TODAY) == NAME
        case = cases.find(station, number)
        assert case.head.unanswered  # to be told is not to be answered
        steps = journal.of_case(station, case)
        journal.check(steps, [deed for _, deed in caselog.of_case(station, case.key)])
        assert [(step.kind, step.reviewer) for step in steps] == [
            ("asked-for-identity", "r1"),
            ("identity-opened", "r2"),
        ]
        assert "Siti" not in json.dumps([dict(step.details) for step in steps])
        (opening,) = identities.of_case(station, case, TODAY).openings
        assert (opening.asked, opening.by, opening.custodians) == ("r1", "r2", (C1, C3))
        with pytest.raises(NoRequestError):  # each opening needs a request of its own
            identities.open_(station, case, spoken(C1, C3), TODAY)
        (sent,) = thread.replies(station, case)
        assert REASON in sent.body.text and "Siti" not in sent.body.text
        written = outbound.write_bundle(station, kept.stick, TODAY)
    (told,) = reporter.replies(slots_in(written.path))
    assert all(word in told.text for word in (REASON, "Penelaah 1", "Penelaah 2", "Notaris, Notaris", TODAY))


def test_what_is_wrong_changes_nothing(kept: Desk, reporter: Reporter, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        case = filed(station, kept, 1, [reporter.report(), left(reporter)])
        identities.ask(station, case, REASON, TODAY)
    with unlocked("r2") as station:
        case = cases.find(station, case.number)
        before = case.head
        for wrong in ((C1,), (C1, C2, C3), (C1, C4), ()):
            with pytest.raises(WrongCustodiansError):
                identities.open_(station, case, spoken(*wrong), TODAY)
        with pytest.raises(WrongPassphraseError):
            identities.open_(station, case, {C1: PASSPHRASE.format(C1), C2: "another"}, TODAY)
        with pytest.raises(NoRequestError):  # the reason may be gone by then
            identities.open_(station, case, spoken(C1, C2), LATER)
        Layout(kept.folder).custodian_key(C2).unlink()
        with pytest.raises(CustodianKeyMissingError):
            identities.open_(station, case, spoken(C1, C2), TODAY)
        case = cases.find(station, case.number)
        assert case.head == before
        assert len(journal.of_case(station, case)) == 1 and not thread.replies(station, case)


def test_an_identity_sealed_to_other_keys_does_not_open(
    kept: Desk, reporter: Reporter, unlocked: Unlock
) -> None:
    """A reporter's device may make anything; the keys of the custodians open only what is theirs."""
    stranger = Reporter(reporter.directory)
    office = reporter.directory.office
    sealed = seal_identity(NAME, stranger.message(Identity(None)).owner, office.custodians, 2)
    document = sign_message(reporter.message(Identity(sealed)), reporter.keys.sign)
    with unlocked("r1") as station:
        case = filed(station, kept, 1, [reporter.report(), reporter.seal_document(document)])
        identities.ask(station, case, REASON, TODAY)
    with unlocked("r2") as station, pytest.raises(IdentityDamagedError):
        identities.open_(station, cases.find(station, case.number), spoken(C1, C2), TODAY)


def test_a_newer_one_replaces_an_older(kept: Desk, reporter: Reporter, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        case = filed(station, kept, 1, [reporter.report(), left(reporter), left(reporter, "Siti, pindah")])
        assert sum(isinstance(e.message.content, Identity) for e in thread.messages(station, case)) == 2
        identities.ask(station, case, REASON, TODAY)
    with unlocked("r2") as station:
        case = cases.find(station, case.number)
        assert identities.open_(station, case, spoken(C2, C3), TODAY) == "Siti, pindah"


@pytest.mark.parametrize("first", [True, False])
def test_what_is_taken_back_is_destroyed_whichever_comes_first(
    kept: Desk, reporter: Reporter, unlocked: Unlock, first: bool
) -> None:
    early, late = calendar.add_days(TODAY, -1), calendar.add_days(TODAY, 1)
    back = taken_back(reporter)
    many = [left(reporter, on=early), left(reporter), left(reporter)]
    with unlocked("r1") as station:
        order = [[back], many] if first else [many, [back]]
        case = filed(station, kept, 1, [reporter.report(), *order[0]])
        case = filed(station, kept, 2, order[1])
        identity_messages = [
            e for e in thread.messages(station, case) if isinstance(e.message.content, Identity)
        ]
        assert [e.message.content for e in identity_messages] == [Identity(None)]
        assert station.vault.value("SELECT count(*) FROM messages") == 2
        deeds = [deed for _, deed in caselog.of_case(station, case.key) if deed.act == "identity-destroyed"]
        assert len(deeds) == 3
        with pytest.raises(NoIdentityError):
            identities.ask(station, case, REASON, TODAY)
        case = filed(station, kept, 3, [left(reporter, on=late)])
        assert identities.of_case(station, case, TODAY).deposit is not None


def test_nobody_opens_alone_what_nobody_else_reads(kept: Desk, reporter: Reporter, unlocked: Unlock) -> None:
    office = reporter.directory.office
    sealed = seal_identity(NAME, reporter.message(Identity(None)).owner, office.custodians, 2)
    alone = [reporter.report(excluded=["r2", "r3"]), reporter.seal(Identity(sealed), ["r2", "r3"])]
    with unlocked("r1") as station:
        case = filed(station, kept, 1, alone)
        with pytest.raises(NoSecondReaderError):
            identities.ask(station, case, REASON, TODAY)


def test_custodians_come_and_go_and_what_was_sealed_still_opens(
    kept: Desk, reporter: Reporter, unlocked: Unlock
) -> None:
    with unlocked("r1") as station:
        case = filed(station, kept, 1, [reporter.report(), left(reporter)])
        identities.ask(station, case, REASON, TODAY)
        for bad in (
            Custodianship(leave=(C1, C2)),
            Custodianship(join=new(C4), needed=4),
            Custodianship(join=new(C1)),
            Custodianship(join=new(C4, C4)),
            Custodianship(join=new(CustodianId("r2"))),
            Custodianship(join=new(*(CustodianId(f"d{n}") for n in range(3)))),
        ):
            with pytest.raises(BadPlanError):
                hold(station, kept, bad)
        with pytest.raises(UnknownCustodianError):
            hold(station, kept, Custodianship(leave=(C4,)))
        hold(station, kept, Custodianship(leave=(C1,), join=new(C4), needed=3))
    with unlocked("r2") as station:
        office = station.directory.office
        assert ([one.id for one in office.custodians], office.needed) == ([C2, C3, C4], 3)
        case = cases.find(station, case.number)
        assert identities.open_(station, case, spoken(C1, C2), TODAY) == NAME
        with pytest.raises(BadPlanError):  # who has left keeps the id
            hold(station, kept, Custodianship(leave=(C2,), join=new(C1)))
        hold(station, kept, Custodianship(leave=(C2, C3, C4)))
    with unlocked("r1") as station:
        assert (station.directory.office.custodians, station.directory.office.needed) == ((), 0)


def test_a_backup_brings_the_custodians_keys_and_a_case_erased_takes_the_identity(
    kept: Desk, reporter: Reporter, unlocked: Unlock, tmp_path: Path
) -> None:
    key, words = shares.generate(2, 2)
    with unlocked("r1") as station:
        case = filed(station, kept, 1, [reporter.report(), left(reporter)])
        case = identities.ask(station, case, REASON, TODAY)
        backup.write(station, key, tmp_path / "backup", TODAY)
        erasing.erase(station, case, "mistake")
    with unlocked("r2") as station:
        assert station.vault.value("SELECT count(*) FROM messages") == 0
    restoring.restore(tmp_path / "backup", shares.combine(words), tmp_path / "restored")
    with unlock(tmp_path / "restored", "r2", PASSPHRASE.format("r2")) as station:
        case = cases.find(station, case.number)
        assert identities.open_(station, case, spoken(C1, C2), TODAY) == NAME


def test_the_commands(
    kept: Desk, reporter: Reporter, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = kept.deliver(1, [reporter.report(), left(reporter)])
    assert main(["import", str(bundle), "--json", *kept.as_("r1")]) == 0
    (case,) = [str(number) for number in json.loads(capsys.readouterr().out)["bundles"][0]["cases"]]
    assert main(["show", case, *kept.as_("r1")]) == 0
    shown = capsys.readouterr().out
    assert "Sealed identity, received" in shown and "Siti" not in shown
    assert main(["identity", case, "ask", *kept.as_("r1")]) == 2
    assert main(["identity", case, "ask", "--reason", REASON, *kept.as_("r1")]) == 0
    assert f"identity {case} open --custodian ID --custodian ID" in capsys.readouterr().out
    assert main(["show", case, *kept.as_("r2")]) == 0
    assert "The sealed identity was asked for." in capsys.readouterr().out
    files = [f for one in (C1, C2) for f in ("--passphrase-file", f"{one}={kept.passphrase_file(one)}")]
    opening = ["identity", case, "open", "--custodian", "c1", "--custodian", "c2", *files]
    assert main([*opening, *kept.as_("r2")]) == 2  # standard output is no terminal
    assert "Siti" not in capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main([*opening, "--json", *kept.as_("r2")]) == 2
    assert main([*opening, *kept.as_("r1")]) == 1
    capsys.readouterr()
    assert main([*opening, *kept.as_("r2")]) == 0
    out, told = capsys.readouterr()
    assert "│ Siti Contoh\n" in out and "0812 ‹U+001B›[2J" in out and REASON in told
    assert main(["identity", case, "--json", *kept.as_("r3")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["asked"] is None and document["opened"][0]["custodians"] == ["c1", "c2"]
    assert main(["custodian", "list", "--json", "--folder", str(kept.folder)]) == 0
    assert json.loads(capsys.readouterr().out)["needed"] == 2
    for owner in ("office", "c1"):
        files += ["--passphrase-file", f"{owner}={kept.passphrase_file(owner)}"]
    assert main(["custodian", "remove", "c1", "--to", str(kept.stick), *files, *kept.as_("r1")]) == 0
    capsys.readouterr()
    assert main(["custodian", "list", "--lang", "id", "--folder", str(kept.folder)]) == 0
    assert "c1" in capsys.readouterr().out.splitlines()[-1]
