"""What the year comes to, counted from the script alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.workstation.year import days
from tests.workstation.year.story import END, Act, Story


@dataclass(frozen=True)
class Expected:
    """One line of the register, as the script has it."""

    story: Story

    @property
    def classified(self) -> bool:
        return any(isinstance(each, Act) and each.words[0] == "classify" for each in self.story.events)

    @property
    def result(self) -> str:
        story = self.story
        return "merged" if story.merged and story.closed is None else story.result

    @property
    def timeliness(self) -> str:
        story = self.story
        if story.merged:
            return "no-limit"
        end = story.finished or END
        late = days.between(story.begun_again or story.day, end, story.paused) > story.limit
        if story.finished:
            return "late" if late else "in-time"
        return "overdue" if late else "not-due"

    @property
    def answered(self) -> bool:
        """Whether the reporter was ever told something in words."""
        acts = [each for each in self.story.events if isinstance(each, Act)]
        return self.story.closed is not None or any("--answer" in act.words for act in acts)

    @property
    def working_days(self) -> int | None:
        return days.between(self.story.day, self.story.closed) if self.story.closed else None

    def line(self, case: int) -> dict[str, Any]:
        """Without its number in the register and the day on which it is due."""
        story = self.story
        return {
            "answered": story.arrival != "drop" or self.answered,
            "arrival": story.arrival,
            "arrived": story.day.isoformat(),
            "case": case,
            "category": story.category if self.classified else "",
            "closed": story.closed.isoformat() if story.closed else None,
            "family": story.family,
            "held": "",
            "kind": story.kind,
            "objections": story.objections,
            "office": story.office if self.classified else "",
            "quarter": quarter(story.day),
            "reopened": story.reopened,
            "result": self.result,
            "stage": story.stage,
            "timeliness": self.timeliness,
            "working_days": self.working_days,
        }


def quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def counted(lines: Iterable[Mapping[str, Any]], name: str) -> dict[str, int]:
    return dict(sorted(Counter(str(line[name]) for line in lines).items()))


def recap(stories: Iterable[Story]) -> dict[str, Any]:
    """What `recap --json` should say of these, without period, reviewers and ratings."""
    told = list(stories)
    lines = [Expected(story).line(0) for story in told]
    closed = sorted(line["working_days"] for line in lines if line["closed"])
    dimensions = ("quarter", "kind", "family", "category", "office", "arrival", "result", "timeliness")
    return {
        "by": {name: counted(lines, name) for name in dimensions},
        "by_office": {
            office: counted((line for line in lines if line["office"] == office), "timeliness")
            for office in {line["office"] for line in lines}
        },
        "erased": 0,
        "held": 0,
        "merged": sum(line["result"] == "merged" for line in lines),
        "objections": sum(line["objections"] for line in lines),
        "open": sum(line["result"] == "open" for line in lines),
        "reopened": sum(line["reopened"] for line in lines),
        "stages": counted(lines, "stage"),
        "total": len(lines),
        "unanswered": sum(not line["answered"] for line in lines),
        "working_days": {
            "closed": len(closed),
            "mean": round(sum(closed) / len(closed), 1),
            "median": closed[(len(closed) - 1) // 2],
        },
    }


def stars(stories: Iterable[Story]) -> list[int]:
    return [each for story in stories for each in story.stars]
