"""What the reviewers of a training station have done so far with each of its cases, told in short words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from crypto import calendar
from crypto.fields import Day
from workstation import cases
from workstation.cases import Case
from workstation.casework import moving, stages
from workstation.casework.course import Move
from workstation.casework.stages import HoldReason, Outcome, Stage
from workstation.dispositions import disposition, law_enforcement, passable
from workstation.review import classifying, lessons, planning, review_sheet
from workstation.review.classification import Classification
from workstation.station import Station

_Texts = Mapping[str, str]


@dataclass
class Story:
    """A case of training.json. `done`: how many of its acts are behind it; `by`: who proposed the last."""

    number: int
    received: Day
    given: Mapping[str, Any]
    done: int = 0
    by: str = ""

    @property
    def acts(self) -> Sequence[str]:
        return cast(Sequence[str], self.given["acts"])

    @property
    def over(self) -> bool:
        return self.done == len(self.acts)


def go_on(
    station: Station, story: Story, stories: Sequence[Story], texts: _Texts, letters: Path, on: Day
) -> None:
    """Does with a case what comes next, until it is told or somebody else must agree."""
    while not story.over:
        act = story.acts[story.done]
        if act == "agree" and story.by == station.reviewer:
            return
        span = story.given.get("span", story.given["days"])
        day = calendar.add_days(story.received, span * (story.done + 1) // (len(story.acts) + 1))
        _do(station, story, act, stories, texts, letters, min(day, on))
        story.by = station.reviewer
        story.done += 1


def _do(
    station: Station,
    story: Story,
    act: str,
    stories: Sequence[Story],
    texts: _Texts,
    letters: Path,
    on: Day,
) -> None:
    case = cases.find(station, story.number)
    name, *rest = act.split(":")
    match name:
        case "classify":
            _classify(station, case, story, on)
        case "sheet-supervised" | "sheet-service":
            sheet = replace(
                review_sheet.begun(station, case),
                evidence="fair",
                evidence_words=texts["reason"],
                supervision=name == "sheet-supervised",
                ground=texts["reference"],
                known_to=texts["reason"],
                recommendation="clarification" if name == "sheet-supervised" else "disposition",
                reasons=texts["reason"],
            )
            review_sheet.keep(station, case, review_sheet.write(sheet), on)
        case "plan":
            planning.add(station, case, texts["plan"], texts["plan-who"], calendar.add_days(on, 14), on)
        case "lessons":
            lessons.keep(station, case, texts["cause"], texts["improvement"], "", on)
        case "forward":
            _forward(station, case, story, texts, letters, on)
        case "package":
            wish = law_enforcement.Wish(
                "kejari-bayangan", texts["subject"], texts["reference"], texts["facts"]
            )
            law_enforcement.make(station, case, wish, on, letters)
        case "hold":
            review_on = calendar.add_days(on, 30)
            moving.hold(station, case, cast(HoldReason, rest[0]), review_on, "", on)
        case "agree":
            moving.agree(station, case, on)
        case "merged":
            moving.move(station, case, Move("merged", target=stories[int(rest[0])].number), on)
        case _:
            moving.move(station, case, _move(case, act, cast(Stage, name), rest, texts), on)


def _move(case: Case, act: str, end: Stage, rest: Sequence[str], texts: _Texts) -> Move:
    arrow = stages.arrow(case.head.stage, end)
    assert arrow is not None
    words = "objection" if end == "reopened" else texts["reason"] if arrow.second else ""
    return Move(
        end,
        outcome=cast(Outcome, rest[0]) if rest else None,
        reason=rest[1] if len(rest) > 1 else words,
        reference=texts["reference"] if arrow.reference else "",
        answer=texts.get(act, ""),
    )


def _classify(station: Station, case: Case, story: Story, on: Day) -> None:
    channel = station.directory.office.channel(case.head.channel)
    assert channel is not None
    given = story.given
    # what a case is about, not where it is sent: an office that is reported gets nothing of it
    office = given["office"] if channel.family == "integrity" else ""
    found = Classification(channel.kind, channel.family, given["category"], office)
    if level := given.get("level"):
        found = replace(found, level=level)
    classifying.classify(station, case, found, on)


def _forward(station: Station, case: Case, story: Story, texts: _Texts, letters: Path, on: Day) -> None:
    copies = {
        piece.number: piece.untrusted_text for piece in passable.pieces(station, case) if piece.suggested
    }
    wish = disposition.Wish(story.given["office"], texts["subject"], texts["forward"], copies, way="paper")
    disposition.forward(station, case, wish, on, letters)
