"""Where a case stands, as its page shows it: its course, what waits, what may come next."""

from workstation.cases import Case
from workstation.casework import describing, merging, moving, rules, stages, titles
from workstation.casework.course import Course, Declined, Move, Moved
from workstation.casework.describing import Event
from workstation.commands.show import reviewer_title
from workstation.station import Station
from workstation.texts import _


def shown(station: Station, case: Case) -> dict[str, object]:
    """What the template needs."""
    now = moving.course_of(station, case)
    return {
        "standing": describing.standing(case.head),
        "since": now.since,
        "to_do": describing.to_do(case, station.reviewer, merging.is_left_behind(station, case)),
        "events": [_event(event) for event in describing.events(now)],
        "proposal": proposed(station, now) if now.proposal else None,
        "ways": [
            (end, titles.stage(end), "; ".join(describing.asked(now, end))) for end in rules.possible(now)
        ],
        "along": merging.along(station, case),
        "can_hold": stages.is_open(now.stage) and now.proposal is None,
    }


def proposed(station: Station, now: Course) -> dict[str, object]:
    """The move that waits for a second person."""
    assert now.proposal is not None
    move = now.proposal.move
    return {
        "step": now.proposal.step,
        "day": now.proposal.day,
        "by": reviewer_title(station, now.proposal.by),
        "mine": now.proposal.by == station.reviewer,
        "way": describing.way(now.stage, move),
        "said": describing.particulars(move),
        "answer": move.answer,
        "status": rules.tells(now, move),
    }


def _event(event: Event) -> dict[str, object]:
    said, move = [], Move("received")
    if isinstance(event, Moved):
        move = event.move
        said = describing.particulars(move)
    if isinstance(event, Declined):
        said = [(_("Reason"), event.reason)]
    return {
        "day": describing.day_of(event),
        "what": describing.happened(event),
        "said": said,
        "answer": move.answer,
    }
