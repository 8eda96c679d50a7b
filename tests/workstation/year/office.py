"""The station of the scripted year, worked with its commands alone."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crypto import calendar
from crypto.fields import ChannelId, Day
from crypto.message import Content, Report, sign_message
from tests.workstation.office import Desk, Reporter, make_desk
from tests.workstation.year import days
from tests.workstation.year.script import BEGIN, OFFICES
from tests.workstation.year.story import END, RELATED, STAFF, Act, Said, Story
from workstation.cli import main

_WEEKS = 54
_OWN_DAYS = (("+", days.FREE), ("-", days.WORKED))
_OTHERS = (("badan-pusat", "external"), ("kejaksaan", "law-enforcement"))


def iso(day: date) -> Day:
    return Day(day.isoformat())


@dataclass
class YearOffice:
    """The station in the course of the year; `cases` and `reporters` by the number of the story."""

    desk: Desk
    patch: pytest.MonkeyPatch
    cases: dict[int, int] = field(default_factory=dict)
    reporters: dict[int, Reporter] = field(default_factory=dict)
    bundles: int = 0

    @property
    def letters(self) -> Path:
        return self.desk.folder.parent / "letters"

    def run(self, who: str, *words: str, others: tuple[str, ...] = ()) -> Any:
        """The JSON answer of a command that must succeed."""
        out, err = io.StringIO(), io.StringIO()
        files = [f"{each}={self.desk.passphrase_file(each)}" for each in others]
        known = [word for each in files for word in ("--passphrase-file", each)]
        with redirect_stdout(out), redirect_stderr(err):
            status = main([*words, "--json", *self.desk.as_(who), *known])
        assert status == 0, (words, err.getvalue())
        return json.loads(out.getvalue())

    def is_now(self, day: date) -> None:
        self.patch.setattr(calendar, "today", lambda: iso(day))

    def take_in(self, story: Story) -> None:
        """The report, through the server or by hand."""
        answers = {"what": f"Kejadian {story.mark}"}
        if story.channel != "permohonan-informasi":
            answers["where"] = "Balai Kota"
        if story.arrival == "drop":
            self.reporters[story.number] = Reporter(self.desk.directory, ChannelId(story.channel))
            (self.cases[story.number],) = self.deliver(story, story.day, Report(answers))["new_cases"]
            return
        words = ["--channel", story.channel, "--arrival", story.arrival, "--received", iso(story.day)]
        words += [word for name, text in answers.items() for word in ("--answer", f"{name}={text}")]
        words += [word for each in story.excluded for word in ("--exclude", each)]
        self.cases[story.number] = self.run(story.who(story.day), "intake", *words)["case"]

    def deliver(self, story: Story, day: date, content: Content) -> Any:
        """Something sealed by the reporter, in a bundle of its own."""
        reporter = self.reporters[story.number]
        message = replace(reporter.message(content, story.excluded), day=iso(day))
        item = reporter.seal_document(
            sign_message(message, reporter.keys.sign), message.excluded, calendar.epoch_of(iso(day))
        )
        self.bundles += 1
        path = self.desk.deliver(self.bundles, [item], on=iso(day), channel=ChannelId(story.channel))
        (imported,) = self.run(story.who(day), "import", str(path))["bundles"]
        path.unlink()
        return imported

    def do(self, story: Story, act: Act) -> None:
        names = {"case": self.cases[story.number], "other": self.cases.get(act.other), "folder": self.letters}
        self.run(act.who, *(word.format(**names) for word in act.words))


def begin(where: Path, patch: pytest.MonkeyPatch) -> YearOffice:
    """A new station on the first day of the year, with its offices, its holidays and a declared conflict."""
    patch.setattr(calendar, "today", lambda: iso(BEGIN))
    office = YearOffice(make_desk(where, reviewers=len(STAFF), epochs=_WEEKS, on=iso(BEGIN)), patch)
    office.letters.mkdir()
    offices, own = where / "offices.json", where / "days.txt"
    listed = [*((each, "opd") for each in OFFICES), *_OTHERS]
    offices.write_text(json.dumps([{"id": i, "kind": k, "name_id": i, "name_en": i} for i, k in listed]))
    own.write_text("".join(f"{sign}{iso(day)}\n" for sign, kept in _OWN_DAYS for day in kept))
    office.run("r1", "offices", "import", str(offices))
    office.run("r1", "workdays", "set", str(own))
    office.run(RELATED[0], "conflict", "--office", RELATED[1], "--reason", "keluarga")
    return office


def go_through(office: YearOffice, stories: list[Story]) -> None:
    """Everything in the order of its days; on one day, what comes before what is done about it."""
    happened: list[tuple[date, int, int, Story, Act | Said | None]] = []
    for story in stories:
        happened.append((story.day, 0, story.number, story, None))
        happened += [(each.day, n, story.number, story, each) for n, each in enumerate(story.events, 1)]
    for day, _, _, story, each in sorted(happened, key=lambda one: one[:3]):
        office.is_now(day)
        match each:
            case None:
                office.take_in(story)
            case Said(_, content):
                office.deliver(story, day, content)
            case Act():
                office.do(story, each)
    office.is_now(END)
