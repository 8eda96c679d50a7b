"""The table of stages and arrows keeps the promises of docs/casework.md (requirements R11, S0-12)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto import constants
from crypto.fields import Day, ReviewerId
from workstation.casework import describing, rules, stages, titles
from workstation.casework.course import Course, Move, Moved
from workstation.casework.stages import ARROWS, OUTCOMES, REOPENINGS, STAGES, Facts, Stage
from workstation.texts import STATUSES

DOCS = Path(__file__).parents[3] / "docs"
BEGUN = Day("2026-11-02")
ALL_ARROWS = [(start, end) for start in STAGES for end in ARROWS[start]]


def after(course: Course, move: Move) -> Course:
    moved = Moved(len(course.moves) + 1, move, course.stage, BEGUN, ReviewerId("r1"))
    outcome = move.outcome if move.end == "closed" else None
    return Course(move.end, BEGUN, outcome, (*course.moves, moved))


def ways(course: Course, depth: int) -> Iterator[Course]:
    """Every way from here into the next closing."""
    if course.stage == "closed":
        yield course
    elif depth:
        for end in ARROWS[course.stage]:
            for outcome in rules.outcomes(course, end) or (None,):
                yield from ways(after(course, Move(end, outcome)), depth - 1)


def test_every_stage_can_be_reached_and_left() -> None:
    found, new = {"received"}, ["received"]
    while new:
        new = [end for start in new for end in ARROWS[start] if end not in found]  # type: ignore[index]
        found |= {*new}
    assert found == {*STAGES}
    assert all(ARROWS[stage] for stage in STAGES)


def test_no_way_into_closed_without_an_answer_and_a_result() -> None:
    into = [ARROWS[start][end] for start, end in ALL_ARROWS if end == "closed"]
    assert len(into) == 7
    assert all(arrow.answer and arrow.outcomes for arrow in into)


def test_what_needs_two_persons() -> None:
    assert {(start, end) for start, end in ALL_ARROWS if ARROWS[start][end].second} == {
        ("verification", "not-competent"),
        ("verification", "closed"),
        ("review", "no-action"),
        ("clarification", "no-action"),
    }
    assert ARROWS["verification"]["closed"].outcomes == ("archived",)


def test_what_needs_are_facts_with_words() -> None:
    needs = {need for start, end in ALL_ARROWS for need in ARROWS[start][end].needs}
    assert needs <= {*Facts.__dataclass_fields__} - {"quiet"}
    assert all(describing._NEEDS[need] for need in needs)


def test_what_is_told_is_a_status_of_the_protocol() -> None:
    told = {stages.told(stage, None) for stage in STAGES if stage != "closed"}
    assert told - {""} <= {*constants.STATUSES}
    assert {stages.told("closed", outcome) for outcome in OUTCOMES} == {
        status for status in constants.STATUSES if status.startswith("closed-")
    }


def test_nobody_can_tell_from_the_statuses_what_goes_on_while_it_is_examined() -> None:
    """Every way from clarification to the end says `examining` once, and nothing else until the closing."""
    start = Course("review", BEGUN)
    begun = after(start, Move("clarification"))
    seen = set()
    for course in ways(begun, 6):
        told, here = [], start
        for moved in course.moves:
            status = rules.tells(here, moved.move)
            told += [status] if status else []
            here = after(here, moved.move)
        assert told[0] == "examining"
        assert told[1:] == [stages.told("closed", course.outcome)]
        seen.add(course.outcome)
    assert seen == {"no-action", "substantiated", "partly", "unsubstantiated", "handed-over"}


def test_the_result_of_a_closing_is_the_one_that_was_found() -> None:
    for outcome in ("substantiated", "partly", "unsubstantiated"):
        course = after(Course("examination", BEGUN), Move("result", outcome))
        assert rules.outcomes(after(course, Move("follow-up")), "closed") == (outcome,)
    course = after(Course("examination", BEGUN), Move("handed-over"))
    assert rules.outcomes(after(course, Move("follow-up")), "closed") == ("handed-over",)


@pytest.mark.parametrize(
    ("names", "known"),
    [(titles.STAGES, STAGES), (titles.OUTCOMES, OUTCOMES), (titles.HOLD_REASONS, stages.HOLD_REASONS)],
)
def test_everything_has_a_name(names: dict[str, str], known: tuple[str, ...]) -> None:
    assert tuple(names) == known
    assert {*titles.REASONS} == {*REOPENINGS, *stages.CLOSINGS}


def test_the_drawing_has_every_stage_and_every_arrow() -> None:
    drawn = (DOCS / "casework.md").read_text("utf-8")
    rows = [line.split("|")[1:-1] for line in drawn.splitlines() if line.startswith("| `")]
    found = {(start.strip(" `"), end.strip(" `")): (asked, seen.strip()) for start, end, asked, seen in rows}
    assert {*found} == {*ALL_ARROWS}
    for start, end in ALL_ARROWS:
        asked, seen = found[start, end]
        arrow = ARROWS[start][end]
        assert ("two persons" in asked) is arrow.second, (start, end)
        assert ("answer" in asked) is arrow.answer, (start, end)
        assert ("letter" in asked) is arrow.reference, (start, end)
        assert ("reason" in asked) is bool(arrow.reasons or arrow.second), (start, end)
        assert seen == seen_by_the_reporter(start, end), (start, end)


def seen_by_the_reporter(start: Stage, end: Stage) -> str:
    known = ARROWS[start][end].outcomes
    if len(known) > 1 and end == "closed":
        return "Closed: by the result"
    told = stages.told(end, known[0] if end == "closed" else None)
    return STATUSES[told] if told and told != stages.told(start, "archived") else "nothing new"
