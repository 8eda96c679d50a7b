"""Moves on a real station: step, reply and head in one transaction, by the persons that it takes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from crypto.calendar import add_days
from crypto.fields import ReviewerId
from crypto.kem import RecipientKey
from crypto.message import Report, sign_message
from tests.workstation.office import TODAY, Desk, Reporter, slots_in
from workstation import caselog, cases, outbound, replies, thread
from workstation.cases import Case
from workstation.casework import course, facts, journal, merging, moving
from workstation.casework.course import Move
from workstation.casework.errors import (
    FactMissingError,
    NoProposalError,
    NoSecondReaderError,
    NotOnHoldError,
    NotOpenError,
    OnHoldError,
    OwnProposalError,
    ProposalOpenError,
    ReviewDayError,
    WordsMissingError,
)
from workstation.casework.stages import Stage
from workstation.errors import NoSuchCaseError, ReplyTooLongError, StationError, VaultDamagedError
from workstation.inbox import import_bundle
from workstation.station import Station

Unlock = Callable[[str], AbstractContextManager[Station]]
NEXT_WEEK = add_days(TODAY, 7)
ARCHIVE = Move("closed", "archived", reason="bukan laporan", answer="Kami tidak dapat memahaminya.")


def take_in(station: Station, desk: Desk, *excluded: str, number: int = 1) -> tuple[int, Reporter]:
    reporter = desk.reporter()
    (case,) = import_bundle(station, desk.deliver(number, [reporter.report(excluded=excluded)])).opened.cases
    return case, reporter


def go(station: Station, number: int, *moves: Move | Stage) -> Case:
    for each in moves:
        wish = each if isinstance(each, Move) else Move(each)
        done = moving.move(station, cases.find(station, number), wish, TODAY)
        assert not done.proposed
    return cases.find(station, number)


def add(station: Station, number: int, kind: journal.Kind, **details: bool) -> None:
    with station.vault.transaction():
        journal.add(station, cases.find(station, number), kind, details, TODAY)


def told(station: Station, number: int) -> list[tuple[str | None, str]]:
    return [
        (each.body.status, each.body.text) for each in thread.replies(station, cases.find(station, number))
    ]


def propose(station: Station, number: int) -> Case:
    done = moving.move(station, cases.find(station, number), ARCHIVE, TODAY)
    assert done.proposed
    return done.case


@pytest.fixture
def number(desk: Desk, unlocked: Unlock) -> int:
    with unlocked("r1") as station:
        return take_in(station, desk)[0]


def test_the_way_of_a_matter_of_supervision(desk: Desk, unlocked: Unlock) -> None:
    """What the reporter gets: a status when it changes, nothing of the examination, and the answer."""
    with unlocked("r1") as station:
        number, reporter = take_in(station, desk)
        go(station, number, "verification", "review")
        add(station, number, "sheet", supervision=True)
        go(station, number, "clarification", Move("examination", reference="ST-7"))
        go(station, number, Move("result", "partly", reference="LHP-9"), "follow-up")
        add(station, number, "lessons")
        case = go(station, number, Move("closed", answer="Sebagian terbukti; uang dikembalikan."))
        assert (case.head.stage, case.head.outcome, case.head.unanswered) == ("closed", "partly", False)
        assert told(station, number) == [
            ("received", ""),
            ("reviewing", ""),
            ("examining", ""),
            ("closed-partly", "Sebagian terbukti; uang dikembalikan."),
        ]
        written = outbound.write_bundle(station, desk.stick, TODAY)
    assert sorted((part.number, part.status) for part in reporter.replies(slots_in(written.path))) == [
        (1, "received"), (2, "reviewing"), (3, "examining"), (4, "closed-partly"),
    ]  # fmt: skip


def test_a_mere_status_is_no_answer(unlocked: Unlock, number: int) -> None:
    with unlocked("r1") as station:
        assert go(station, number, "verification").head.unanswered
        case = go(station, number, Move("review", answer="Sedang kami telaah."))
        assert not case.head.unanswered


def test_two_persons(unlocked: Unlock, number: int) -> None:
    with unlocked("r1") as station:
        go(station, number, "verification")
        before = told(station, number)
        case = propose(station, number)
        assert (case.head.stage, case.head.proposed, case.waits_for(station.reviewer)) == (
            "verification", "r1", False,
        )  # fmt: skip
        for refused, error in (
            (lambda: moving.agree(station, case, TODAY), OwnProposalError),
            (lambda: moving.move(station, case, Move("review"), TODAY), ProposalOpenError),
            (lambda: moving.hold(station, case, "legal-process", NEXT_WEEK, "", TODAY), ProposalOpenError),
        ):
            with pytest.raises(error):
                refused()
        assert told(station, number) == before
    with unlocked("r2") as station:
        case = cases.find(station, number)
        assert case.waits_for(station.reviewer)
        assert [each.number for each in cases.readable(station)] == [number]
        case = moving.agree(station, case, TODAY)
        assert (case.head.stage, case.head.outcome, case.head.proposed) == ("closed", "archived", "")
        assert told(station, number) == [*before, ("closed-no-action", ARCHIVE.answer)]
        assert thread.replies(station, case)[-1].body.reviewer == "r2"
        (last,) = moving.course_of(station, case).moves[-1:]
        assert (last.by, last.agreed) == ("r1", "r2")
        with pytest.raises(NoProposalError):
            moving.agree(station, case, TODAY)


def test_what_waits_for_me_comes_before_what_is_older(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        items = [desk.reporter().report(), desk.reporter().report()]
        numbers = import_bundle(station, desk.deliver(1, items)).opened.cases
        first, last = sorted(numbers)
        go(station, last, "verification")
        propose(station, last)
        assert [case.number for case in cases.readable(station)] == [first, last]
    with unlocked("r2") as station:
        assert [case.number for case in cases.readable(station)] == [last, first]


def test_declined_or_taken_back(unlocked: Unlock, number: int) -> None:
    for reviewer in ("r2", "r1"):
        with unlocked("r1") as station:
            if reviewer == "r2":
                go(station, number, "verification")
            propose(station, number)
        with unlocked(reviewer) as station:
            with pytest.raises(WordsMissingError):
                moving.decline(station, cases.find(station, number), " ", TODAY)
            case = moving.decline(station, cases.find(station, number), "ada bukti", TODAY)
            assert (case.head.stage, case.head.proposed) == ("verification", "")
            with pytest.raises(NoProposalError):
                moving.decline(station, case, "lagi", TODAY)
    with unlocked("r1") as station:
        assert len(moving.course_of(station, cases.find(station, number)).declined) == 2
        go(station, number, "review")


def test_nobody_else_reads_it(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        number, _ = take_in(station, desk, "r2", "r3")
        case = go(station, number, "verification")
        with pytest.raises(NoSecondReaderError):
            moving.move(station, case, ARCHIVE, TODAY)
    with unlocked("r2") as station, pytest.raises(NoSuchCaseError):
        cases.find(station, number)


def test_it_is_checked_again_when_it_is_agreed_to(
    unlocked: Unlock, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The facts may have changed since: then nothing moves."""
    with unlocked("r1") as station:
        go(station, number, "verification", "review")
        add(station, number, "sheet", supervision=False)
        wish = Move("no-action", reason="tidak cukup")
        assert moving.move(station, cases.find(station, number), wish, TODAY).proposed
    gather = facts.gather
    with unlocked("r2") as station:
        with monkeypatch.context() as changed, pytest.raises(FactMissingError):
            changed.setattr(facts, "gather", lambda *found: replace(gather(*found), sheet=False))
            moving.agree(station, cases.find(station, number), TODAY)
        assert moving.agree(station, cases.find(station, number), TODAY).head.stage == "no-action"


def test_nothing_is_done_by_halves(unlocked: Unlock, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with unlocked("r1") as station:
        case = go(station, number, "verification")
        deeds = caselog.of_case(station, case.key)

        def fail(*_: object) -> None:
            raise ReplyTooLongError(limit=32)

        monkeypatch.setattr(replies, "write", fail)
        with pytest.raises(ReplyTooLongError):
            moving.move(station, case, Move("incomplete", answer="Apa lagi?"), TODAY)
        assert caselog.of_case(station, case.key) == deeds
        assert cases.find(station, number).head == case.head
        with pytest.raises(ReplyTooLongError):  # also what only a colleague would send
            moving.move(station, case, replace(ARCHIVE, answer="\x01" * 20_000), TODAY)


def test_on_hold(unlocked: Unlock, number: int) -> None:
    with unlocked("r1") as station:
        case = cases.find(station, number)
        for day in ("", "soon", "2026-02-30", TODAY, add_days(TODAY, 400)):
            with pytest.raises(ReviewDayError):
                moving.hold(station, case, "awaiting-office", day, "", TODAY)
        with pytest.raises(NotOnHoldError):
            moving.resume(station, case, "", TODAY)
        case = moving.hold(station, case, "awaiting-office", NEXT_WEEK, "Kami menunggu.", TODAY)
        assert (case.head.held, case.head.stage) == ("awaiting-office", "received")
        with pytest.raises(OnHoldError):
            moving.move(station, case, Move("verification"), TODAY)
        case = moving.hold(station, case, "legal-process", add_days(TODAY, 30), "", TODAY)
        assert case.head.held == "legal-process"
        case = moving.resume(station, case, "", TODAY)
        assert case.head.held == ""
        go(station, number, "verification")
        assert told(station, number) == [("on-hold", "Kami menunggu."), ("received", "")]
        with pytest.raises(NotOpenError):
            closing = (Move("incomplete", answer="?"), Move("closed", answer="!"))
            moving.hold(station, go(station, number, *closing), "legal-process", NEXT_WEEK, "", TODAY)


def test_a_case_that_nobody_can_be_told_of(unlocked: Unlock, number: int) -> None:
    """A letter: the words are asked for all the same, and kept."""
    with unlocked("r1") as station:
        case = cases.find(station, number)
        with station.vault.transaction():
            cases.update(station, case, replace(case.head, way_back=False, arrival="letter"))
        case = go(station, number, "verification", Move("incomplete", answer="?"), Move("closed", answer="!"))
        assert (case.head.stage, case.head.status, told(station, number)) == ("closed", "", [])
        assert [moved.move.answer for moved in moving.course_of(station, case).moves] == ["", "?", "!"]


def test_a_reply_key_that_is_none_keeps_no_case_open(desk: Desk, unlocked: Unlock) -> None:
    reporter = desk.reporter()
    message = reporter.message(Report({"what": "x"}))
    broken = replace(message.thread, reply=RecipientKey(b"\xff" * 1_216))
    item = reporter.seal_document(sign_message(replace(message, thread=broken), reporter.keys.sign))
    with unlocked("r1") as station:
        (number,) = import_bundle(station, desk.deliver(1, [item])).opened.cases
        case = go(station, number, "verification", Move("incomplete", answer="?"), Move("closed", answer="!"))
        assert (case.head.stage, case.head.way_back, case.head.status) == ("closed", False, "")


def test_merged_cases_are_closed_and_answered_together(desk: Desk, unlocked: Unlock) -> None:
    """Also one that was merged into a case which was then merged itself."""
    with unlocked("r1") as station:
        items = [desk.reporter().report() for _ in range(3)]
        one, two, three = import_bundle(station, desk.deliver(1, items)).opened.cases
        for each in (one, two, three):
            go(station, each, "verification")
        for wrong in (one, 99_999, 0):
            with pytest.raises(FactMissingError):
                moving.move(station, cases.find(station, one), Move("merged", target=wrong), TODAY)
        go(station, one, Move("merged", target=two))
        with pytest.raises(FactMissingError):  # no ring
            moving.move(station, cases.find(station, two), Move("merged", target=one), TODAY)
        go(station, two, Move("merged", target=three))
        with pytest.raises(FactMissingError):  # not before the other
            go(station, one, Move("closed", "answered", answer="!"))
        assert merging.left_behind(cases.readable(station)) == []
        assert [case.number for case in merging.along(station, cases.find(station, three))] == [two, one]
        go(station, three, Move("incomplete", answer="?"))
        wish = Move("closed", answer="Tidak dilengkapi.")
        done = moving.move(station, cases.find(station, three), wish, TODAY)
        assert [case.number for case in done.along] == [two, one]
        for each in (one, two, three):
            assert cases.find(station, each).head.stage == "closed"
            assert told(station, each)[-1] == ("closed-no-action", "Tidak dilengkapi.")
            moving.course_of(station, cases.find(station, each))
        case = go(station, one, Move("reopened", reason="objection"))
        assert (case.head.into, cases.find(station, two).head.into) == (0, three)


def test_a_merged_case_that_the_closing_person_cannot_read_is_not_forgotten(
    desk: Desk, unlocked: Unlock
) -> None:
    with unlocked("r1") as station:
        closed_to_r3, _ = take_in(station, desk, "r3")
        for_all, _ = take_in(station, desk, number=2)
        for each in (closed_to_r3, for_all):
            go(station, each, "verification")
        with pytest.raises(FactMissingError):  # r3 would learn of a case that is not for them
            moving.move(station, cases.find(station, for_all), Move("merged", target=closed_to_r3), TODAY)
        go(station, closed_to_r3, Move("merged", target=for_all))
    with unlocked("r3") as station:
        closing = (Move("incomplete", answer="?"), Move("closed", answer="Tidak dilengkapi."))
        assert merging.along(station, cases.find(station, for_all)) == []
        go(station, for_all, *closing)
        assert merging.left_behind(cases.readable(station)) == []
    with unlocked("r2") as station:
        left = merging.left_behind(cases.readable(station))
        assert [case.number for case in left] == [closed_to_r3]
        case = go(station, closed_to_r3, Move("closed", "incomplete", answer="Tidak dilengkapi."))
        assert told(station, closed_to_r3)[-1] == ("closed-no-action", "Tidak dilengkapi.")
        assert (case.head.stage, merging.left_behind(cases.readable(station))) == ("closed", [])


def test_a_merged_case_whose_other_case_is_gone(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        items = [desk.reporter().report() for _ in range(2)]
        one, two = import_bundle(station, desk.deliver(1, items)).opened.cases
        for each in (one, two):
            go(station, each, "verification")
        go(station, one, Move("merged", target=two))
        with station.vault.transaction():
            station.vault.rows("DELETE FROM cases WHERE number = ?", two)
        assert [case.number for case in merging.left_behind(cases.readable(station))] == [one]
        assert go(station, one, Move("closed", "answered", answer="!")).head.stage == "closed"


@pytest.mark.parametrize(
    "harm",
    [
        lambda steps: steps[:-1],
        lambda steps: [replace(steps[0], day=add_days(TODAY, -1)), *steps[1:]],
        lambda steps: [replace(steps[0], reviewer=ReviewerId("r2")), *steps[1:]],
        lambda steps: [*steps, replace(steps[-1], number=3)],
    ],
)
def test_a_changed_or_missing_step_is_noticed(
    unlocked: Unlock, number: int, harm: Callable[[list[journal.Step]], list[journal.Step]]
) -> None:
    """By a reader of the case with a program of their own."""
    with unlocked("r1") as station:
        case = go(station, number, "verification", "review")
        steps = journal.of_case(station, case)
        deeds = [deed for _entry, deed in caselog.of_case(station, case.key)]
        journal.check(steps, deeds)
        with pytest.raises(VaultDamagedError):
            journal.check(harm(steps), deeds)


def test_a_row_that_is_missing_is_noticed(unlocked: Unlock, number: int) -> None:
    with unlocked("r1") as station:
        case = go(station, number, "verification", "review")
        station.vault.rows("DELETE FROM steps WHERE number = 2")
        with pytest.raises(VaultDamagedError):
            journal.of_case(station, case)


def test_who_is_excluded_later_cannot_open_the_steps(desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r2") as station:
        number, reporter = take_in(station, desk)
        case = go(station, number, "verification")
        old = case.key
        (before,) = station.vault.rows("SELECT body FROM steps")
    with unlocked("r1") as station:
        import_bundle(station, desk.deliver(2, [reporter.text("r2 terlibat", excluded=["r2"])]))
        case = go(station, number, "review")
        assert [moved.by for moved in moving.course_of(station, case).moves] == ["r2", "r1"]
        bodies = [body for (body,) in station.vault.rows("SELECT body FROM steps")]
        assert before[0] not in bodies
        for row, body in enumerate(bodies, 1):
            with pytest.raises(StationError):
                old.open(body, *cases.place(b"step", row))
    with unlocked("r2") as station, pytest.raises(NoSuchCaseError):
        cases.find(station, number)


def test_the_steps_name_the_move_word_for_word(unlocked: Unlock, number: int) -> None:
    with unlocked("r1") as station:
        wish = Move("verification", reason=" karena \n", answer=" Terima kasih. ")
        case = go(station, number, wish)
        (step,) = journal.of_case(station, case)
        assert (step.kind, step.reviewer, step.day) == ("moved", "r1", TODAY)
        said = course.move_json(replace(wish, reason="karena", answer="Terima kasih."))
        assert step.details == {**said, "proposed": 0}
