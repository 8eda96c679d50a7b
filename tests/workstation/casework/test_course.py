"""What steps make of a case, what may come next, and which histories are no histories."""

from collections.abc import Mapping

import pytest

from crypto.canonical import Json
from crypto.fields import Day, ReviewerId
from workstation.casework import course, rules
from workstation.casework.course import LONGEST_ANSWER, LONGEST_REASON, Course, Move, follow
from workstation.casework.errors import (
    AnswerMissingError,
    FactMissingError,
    NoSuchArrowError,
    NotAskedError,
    NotOpenError,
    OnHoldError,
    OutcomeMissingError,
    ProposalOpenError,
    ReasonMissingError,
    ReferenceMissingError,
    ReopenedBeforeError,
    WordsMissingError,
    WordsTextError,
    WordsTooLongError,
)
from workstation.casework.journal import Kind, Step
from workstation.casework.stages import Facts
from workstation.errors import StationError, VaultDamagedError

DAY, LATER = Day("2026-11-02"), Day("2026-11-09")
R1, R2 = ReviewerId("r1"), ReviewerId("r2")
EVERYTHING = Facts(*[True] * 9)
HELD: Mapping[str, Json] = {"reason": "awaiting-office", "review_on": "2026-12-01"}


class Steps:
    """A history, step by step."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(self, kind: Kind, details: Mapping[str, Json], by: ReviewerId = R1, on: Day = LATER) -> "Steps":
        self.steps.append(Step(len(self.steps) + 1, on, by, kind, details))
        return self

    def to(self, *moves: Move, by: ReviewerId = R1, proposed: int = 0) -> "Steps":
        for move in moves:
            self.add("moved", {**course.move_json(move), "proposed": proposed}, by)
        return self

    def propose(self, move: Move, by: ReviewerId = R1) -> "Steps":
        return self.add("proposed", course.move_json(move), by)

    @property
    def course(self) -> Course:
        return follow(self.steps, DAY)


ARCHIVE = Move("closed", "archived", reason="bukan laporan", answer="Kami tidak dapat menindaklanjutinya.")
IN_REVIEW = (Move("verification"), Move("review"))
EXAMINED = (*IN_REVIEW, Move("clarification"), Move("examination", reference="ST-1"))


def verified() -> Steps:
    return Steps().to(Move("verification"))


def closed() -> Steps:
    return verified().to(Move("incomplete", answer="?"), Move("closed", "incomplete", answer="!"))


def test_where_it_stands_and_who_brought_it_there() -> None:
    steps = verified().propose(ARCHIVE)
    assert steps.course.proposal is not None
    assert (steps.course.stage, steps.course.proposal.by, steps.course.proposal.move) == (
        "verification", R1, ARCHIVE,
    )  # fmt: skip
    found = steps.to(ARCHIVE, by=R2, proposed=2).course
    assert (found.stage, found.outcome, found.since, found.proposal) == ("closed", "archived", LATER, None)
    assert [(moved.start, moved.move.end, moved.by, moved.agreed) for moved in found.moves] == [
        ("received", "verification", R1, None),
        ("verification", "closed", R1, R2),
    ]
    assert Course("received", DAY) == follow([], DAY)


def test_a_declined_proposal_stays_in_the_history() -> None:
    found = verified().propose(ARCHIVE).add("declined", {"reason": "ada bukti"}, R2).course
    assert (found.stage, found.proposal) == ("verification", None)
    assert [(each.by, each.reason, each.proposal.move) for each in found.declined] == [
        (R2, "ada bukti", ARCHIVE)
    ]


def test_pauses() -> None:
    steps = verified().add("held", HELD).add("held", {**HELD, "reason": "legal-process"})
    assert steps.course.hold is not None
    assert (steps.course.hold.reason, steps.course.told, rules.possible(steps.course)) == (
        "legal-process", "on-hold", (),
    )  # fmt: skip
    found = steps.add("resumed", {}).course
    assert [hold.until for hold in found.holds] == [LATER, LATER]
    assert (found.hold, found.told) == (None, "received")


def test_a_pause_before_anything_was_told_ends_with_a_status() -> None:
    """Or the reporter would see `on hold` for ever."""
    steps = Steps().add("held", HELD)
    assert (Course("received", DAY).told, steps.course.told) == ("", "on-hold")
    assert steps.add("resumed", {}).course.told == "received"


def test_no_action_looks_like_what_was_before() -> None:
    words = Move("no-action", reason="tidak cukup")
    early = Steps().to(*IN_REVIEW).propose(words).to(words, by=R2, proposed=3)
    late = Steps().to(*IN_REVIEW, Move("clarification")).propose(words).to(words, by=R2, proposed=4)
    assert (early.course.told, late.course.told) == ("reviewing", "examining")


def test_steps_of_other_kinds_change_nothing() -> None:
    assert verified().add("lessons", {"cause": "…"}).course == verified().course


def test_which_case_it_goes_with() -> None:
    merged = verified().to(Move("merged", target=4711))
    assert merged.course.merged_into == 4711
    done = merged.to(Move("closed", "answered", answer="!"))
    assert done.course.merged_into == 4711
    assert done.to(Move("reopened", reason="objection")).course.merged_into == 0
    assert verified().course.merged_into == 0


@pytest.mark.parametrize(
    "steps",
    [
        Steps().to(Move("review")),
        Steps().to(Move("verification"), ARCHIVE),
        verified().propose(ARCHIVE).to(ARCHIVE, by=R1, proposed=2),
        verified().propose(ARCHIVE).to(Move("closed", "archived", answer="lain"), by=R2, proposed=2),
        verified().propose(ARCHIVE).to(ARCHIVE, by=R2, proposed=1),
        verified().propose(ARCHIVE).to(Move("review")),
        verified().propose(ARCHIVE).propose(ARCHIVE, R2),
        verified().propose(ARCHIVE).add("held", HELD),
        verified().to(Move("incomplete")),
        verified().to(Move("incomplete", answer="?"), Move("closed", "incomplete")),
        verified().add("held", HELD).to(Move("review")),
        verified().add("held", HELD).propose(ARCHIVE),
        verified().add("held", {**HELD, "review_on": "soon"}),
        verified().add("held", {**HELD, "reason": "holidays"}),
        verified().add("resumed", {}),
        verified().add("declined", {"reason": "x"}),
        closed().add("held", HELD),
        verified().to(Move("merged", target=1)).add("held", HELD),
        Steps().add("moved", {"proposed": 0}),
        Steps().to(Move("verification", reason="x" * (LONGEST_REASON + 1))),
    ],
)
def test_a_history_that_breaks_the_rules_is_damage(steps: Steps) -> None:
    with pytest.raises(VaultDamagedError):
        _ = steps.course


@pytest.mark.parametrize(
    ("steps", "move", "error"),
    [
        (Steps(), Move("closed", answer="!"), NoSuchArrowError),
        (closed(), Move("closed", "incomplete", answer="!"), NoSuchArrowError),
        (verified().add("held", HELD), Move("review"), OnHoldError),
        (verified().propose(ARCHIVE), Move("review"), ProposalOpenError),
        (verified(), Move("closed", "archived", reason="x"), AnswerMissingError),
        (verified(), Move("closed", "archived", answer="x"), WordsMissingError),
        (verified(), Move("closed", "answered", reason="x", answer="x"), OutcomeMissingError),
        (verified(), Move("incomplete"), AnswerMissingError),
        (verified(), Move("review", "archived"), NotAskedError),
        (verified(), Move("review", target=5), NotAskedError),
        (verified(), Move("review", reason="x" * (LONGEST_REASON + 1)), WordsTooLongError),
        (verified(), Move("review", reason="\ud800"), WordsTextError),
        (verified(), Move("review", reference="\0"), WordsTextError),
        (verified(), Move("incomplete", answer="x" * (LONGEST_ANSWER + 1)), WordsTooLongError),
        (Steps().to(*EXAMINED[:3]), Move("examination"), ReferenceMissingError),
        (Steps().to(*EXAMINED[:3]), Move("examination", reference="1", answer="!"), NotAskedError),
        (Steps().to(*EXAMINED), Move("result", reference="LHP-1"), OutcomeMissingError),
        (Steps().to(*EXAMINED), Move("result", "handed-over", reference="1"), OutcomeMissingError),
        (closed(), Move("reopened"), ReasonMissingError),
        (closed(), Move("reopened", reason="bosan"), ReasonMissingError),
    ],
)
def test_what_is_refused(steps: Steps, move: Move, error: type[StationError]) -> None:
    with pytest.raises(error) as raised:
        rules.check_move(steps.course, move, EVERYTHING)
    assert "{" not in str(raised.value)


@pytest.mark.parametrize(
    ("steps", "move", "lacking"),
    [
        (verified(), Move("merged", target=5), "target"),
        (Steps().to(*IN_REVIEW), Move("no-action", reason="x"), "sheet"),
        (Steps().to(*IN_REVIEW), Move("clarification"), "supervised"),
        (Steps().to(*IN_REVIEW), Move("disposition"), "unsupervised"),
        (Steps().to(*IN_REVIEW, Move("disposition")), Move("office-handling"), "forwarded"),
        (Steps().to(*EXAMINED), Move("handed-over", reference="1"), "package"),
        (
            Steps().to(*EXAMINED, Move("result", "partly", reference="1"), Move("follow-up")),
            Move("closed", "partly", answer="!"),
            "lessons",
        ),
        (
            Steps().to(
                *IN_REVIEW, Move("disposition"), Move("office-handling"), Move("answered", answer="!")
            ),
            Move("closed", "answered", reason="silence", answer="!"),
            "quiet",
        ),
        (
            verified().to(Move("merged", target=5)),
            Move("closed", "answered", answer="!"),
            "apart",
        ),
    ],
)
def test_each_fact_is_asked_for(steps: Steps, move: Move, lacking: str) -> None:
    all_but_one = {name: name != lacking for name in Facts.__dataclass_fields__}
    rules.check_move(steps.course, move, EVERYTHING)
    with pytest.raises(FactMissingError) as raised:
        rules.check_move(steps.course, move, Facts(**all_but_one))
    assert raised.value.details == {"need": lacking}
    assert str(raised.value)


def test_one_objection_and_any_number_of_new_facts() -> None:
    steps = closed()
    for reason in ("new-facts", "objection", "new-facts"):
        steps = steps.to(Move("reopened", reason=reason), Move("review"))
        words = Move("no-action", reason="tetap")
        number = len(steps.steps) + 1
        steps = steps.propose(words).to(words, by=R2, proposed=number)
        steps = steps.to(Move("closed", "no-action", answer="!"))
    rules.check_move(steps.course, Move("reopened", reason="new-facts"), EVERYTHING)
    with pytest.raises(ReopenedBeforeError):
        rules.check_move(steps.course, Move("reopened", reason="objection"), EVERYTHING)


def test_what_is_closed_cannot_be_paused() -> None:
    for steps in (closed(), verified().to(Move("merged", target=1))):
        with pytest.raises(NotOpenError):
            rules.check_hold(steps.course)
    with pytest.raises(ProposalOpenError):
        rules.check_hold(verified().propose(ARCHIVE).course)
    rules.check_hold(verified().add("held", HELD).course)


def test_a_wish_is_completed() -> None:
    wish = Move("closed", reason=" x ", answer=" ! ")
    assert rules.complete(verified().course, wish) == Move("closed", "archived", "x", answer="!")
    found = Steps().to(*EXAMINED, Move("result", "partly", reference="1"), Move("follow-up")).course
    assert rules.complete(found, Move("closed")).outcome == "partly"
    assert rules.complete(Steps().to(*EXAMINED).course, Move("result")).outcome is None
