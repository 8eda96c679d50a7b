"""Moves a case from stage to stage, with what the rules ask for: a second person, an answer, a reason.

Each act is one transaction: the step in the journal, the reply to the reporter, and the head of the case. The
reporter is sent a status only when it changes, so that the number of messages tells nothing of field work.
"""

from dataclasses import dataclass, replace

from crypto import calendar
from crypto.errors import ProtocolError
from crypto.fields import Day, day
from workstation import cases, replies
from workstation.cases import Case
from workstation.casework import course, facts, journal, merging, rules, words
from workstation.casework.course import LONGEST_REASON, Course, Move
from workstation.casework.errors import (
    NoProposalError,
    NoSecondReaderError,
    NotOnHoldError,
    OwnProposalError,
    ReviewDayError,
)
from workstation.casework.stages import HoldReason
from workstation.errors import NoReplyKeyError
from workstation.offices.office_errors import GrantEndedError
from workstation.station import Station
from workstation.texts import _

_LONGEST_HOLD = 366


@dataclass(frozen=True)
class Prospect:
    """What would come of a wish. `move`: the wish, completed; `second`: another reader must agree first;
    `status`: what the reporter is told, empty if they see no change; `along`: the cases that are closed with
    it, and answered in the same words."""

    move: Move
    second: bool
    status: str
    along: tuple[Case, ...] = ()


@dataclass(frozen=True)
class Done:
    """What came of a wish: the case as it is now, and whether it waits for a second person."""

    case: Case
    proposed: bool
    along: tuple[Case, ...] = ()


def course_of(station: Station, case: Case) -> Course:
    """Where a case stands; VaultDamagedError."""
    return course.follow(journal.of_case(station, case), case.head.first)


def look_ahead(station: Station, case: Case, wish: Move, on: Day) -> Prospect:
    """What `move` would do; changes nothing. The errors of `rules.check_move`,
    NoSecondReaderError, and those of a reply."""
    steps = journal.of_case(station, case)
    now = course.follow(steps, case.head.first)
    wish = rules.complete(now, wish)
    arrow = rules.check_move(now, wish, facts.gather(station, case, steps, now, wish, on))
    if replies.possible(station, case):
        replies.check(station, case, wish.answer)
    if arrow.second and len(cases.readers(station, case)) < 2:
        raise NoSecondReaderError
    status = rules.tells(now, wish) if case.head.way_back else ""
    return Prospect(wish, arrow.second, status, along(station, case, wish))


def move(station: Station, case: Case, wish: Move, on: Day) -> Done:
    """Moves a case, or proposes the move if a second person must agree; the errors of `look_ahead`."""
    with station.vault.transaction():
        prospect = look_ahead(station, case, wish, on)
        if not prospect.second:
            return Done(_make(station, case, prospect.move, on), proposed=False, along=prospect.along)
        case, _step = journal.add(station, case, "proposed", course.move_json(prospect.move), on)
        return Done(_tell(station, case, "", on), proposed=True, along=prospect.along)


def agree(station: Station, case: Case, on: Day) -> Case:
    """Makes the move that a colleague proposed; NoProposalError, OwnProposalError, and as `move`."""
    with station.vault.transaction():
        steps = journal.of_case(station, case)
        now = course.follow(steps, case.head.first)
        if now.proposal is None:
            raise NoProposalError
        if now.proposal.by == station.reviewer:
            raise OwnProposalError
        wish = now.proposal.move
        rules.check_again(now, wish, facts.gather(station, case, steps, now, wish, on))
        return _make(station, case, wish, on, proposed=now.proposal.step)


def decline(station: Station, case: Case, reason: str, on: Day) -> Case:
    """Does not agree, or takes an own proposal back; NoProposalError, and the errors of `words.checked`."""
    reason = words.checked(reason, _("the reason"), longest=LONGEST_REASON)
    with station.vault.transaction():
        if course_of(station, case).proposal is None:
            raise NoProposalError
        case, _step = journal.add(station, case, "declined", {"reason": reason}, on)
        return _tell(station, case, "", on)


def look_at_hold(station: Station, case: Case, review_on: str, answer: str, on: Day) -> str:
    """The status that `hold` would tell, empty if they see no change; changes nothing. NotOpenError,
    ProposalOpenError, ReviewDayError, and the errors of a reply."""
    now = course_of(station, case)
    _review_day(review_on, on)
    rules.check_hold(now)
    _check_sendable(station, case, answer)
    return "on-hold" if case.head.way_back and not now.hold else ""


def hold(station: Station, case: Case, reason: HoldReason, review_on: str, answer: str, on: Day) -> Case:
    """Pauses an open case until somebody looks again, or gives a pause another reason and day.

    The `answer`, if any, is for the reporter, who sees that it is on hold. The errors of `look_at_hold`.
    """
    with station.vault.transaction():
        look_at_hold(station, case, review_on, answer, on)
        details = {"reason": reason, "review_on": review_on}
        case, _step = journal.add(station, case, "held", details, on)
        return _tell(station, case, answer, on)


def look_at_resuming(station: Station, case: Case, answer: str) -> str:
    """The same for `resume`; NotOnHoldError, and the errors of a reply."""
    now = course_of(station, case)
    if now.hold is None:
        raise NotOnHoldError
    _check_sendable(station, case, answer)
    return rules.resumed(now).told if case.head.way_back else ""


def resume(station: Station, case: Case, answer: str, on: Day) -> Case:
    """Ends a pause; the errors of `look_at_resuming`."""
    with station.vault.transaction():
        look_at_resuming(station, case, answer)
        case, _step = journal.add(station, case, "resumed", {}, on)
        return _tell(station, case, answer, on)


def along(station: Station, case: Case, wish: Move) -> tuple[Case, ...]:
    """The cases that are closed, and answered in the same words, with a move."""
    return tuple(merging.along(station, case)) if wish.end == "closed" else ()


def _make(station: Station, case: Case, move: Move, on: Day, proposed: int = 0) -> Case:
    joined = along(station, case, move)
    case, _step = journal.add(station, case, "moved", {**course.move_json(move), "proposed": proposed}, on)
    case = _tell(station, case, move.answer, on)
    for other in joined:
        other, _step = journal.add(station, other, "moved", {**course.move_json(move), "proposed": 0}, on)
        _tell(station, other, move.answer, on)
    return case


def _tell(station: Station, case: Case, answer: str, on: Day) -> Case:
    """Brings the head up to date, and tells the reporter what changed for them."""
    now = course_of(station, case)
    head = replace(
        case.head,
        stage=now.stage,
        outcome=now.outcome or "",
        held=now.hold.reason if now.hold else "",
        proposed=now.proposal.by if now.proposal else "",
        into=now.merged_into,
    )
    case = cases.update(station, case, head)
    status = now.told if head.way_back and now.told != head.status else ""
    if not replies.possible(station, case) or not (answer.strip() or status):
        return case
    try:
        return replies.write(station, case, answer, status or None, on)[0]
    except NoReplyKeyError:  # a key that the reporter's side made up keeps no case from going on
        return cases.update(station, case, replace(case.head, way_back=False))
    except GrantEndedError:  # nor does a right to reply that has ended
        return case


def _check_sendable(station: Station, case: Case, answer: str) -> None:
    if answer.strip():
        replies.check(station, case, answer)


def _review_day(untrusted_day: str, on: Day) -> None:
    try:
        review_on = day(untrusted_day)
    except ProtocolError:
        raise ReviewDayError from None
    if not on < review_on <= calendar.add_days(on, _LONGEST_HOLD):
        raise ReviewDayError
