"""A year of a city inspectorate through the commands; its figures are counted again from the script."""

from collections.abc import Iterator
from fractions import Fraction

import pytest

from tests.workstation.year import figures
from tests.workstation.year.figures import Expected
from tests.workstation.year.office import YearOffice, begin, go_through
from tests.workstation.year.script import OFFICES, REPORTS, year
from tests.workstation.year.story import RELATED, REPORTED, Story

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return year()


@pytest.fixture(scope="module")
def office(
    stories: list[Story], tmp_path_factory: pytest.TempPathFactory, catalogues: None
) -> Iterator[YearOffice]:
    """The station on the last day of the year."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            patch.setenv(name, "C.UTF-8")
        worked = begin(tmp_path_factory.mktemp("year"), patch)
        go_through(worked, stories)
        yield worked


def test_the_year_has_everything(stories: list[Story]) -> None:
    """All kinds, results and offices, duplicates, objections, pauses, letters, and cases that are late."""
    lines = [Expected(story).line(0) for story in stories]
    assert len(stories) == REPORTS
    assert {story.office for story in stories} == {*OFFICES}
    assert {line["kind"] for line in lines} == {"aduan", "aspirasi", "permohonan-informasi"}
    assert {line["result"] for line in lines} >= {
        *("incomplete", "forwarded", "archived", "no-action", "answered", "handed-over", "open"),
        *("substantiated", "partly", "unsubstantiated"),
    }
    assert {line["timeliness"] for line in lines} == {"in-time", "late", "not-due", "overdue", "no-limit"}
    assert {line["arrival"] for line in lines} == {"drop", "letter", "sms", "social", "visit"}
    for fact in ("merged", "objections", "reopened", "paused", "excluded", "slow", "stars"):
        assert sum(bool(getattr(story, fact)) for story in stories) >= 5, fact


def test_the_register_has_every_report_as_the_script_has_it(office: YearOffice, stories: list[Story]) -> None:
    """As one reader has it: without the reports that exclude this one, and with all others."""
    found = office.run("r1", "register", "--period", "2026")["lines"]
    told = {line["case"]: line for line in found}
    read = [story for story in stories if "r1" not in story.excluded]
    assert len(read) < len(stories)
    assert told.keys() == {office.cases[story.number] for story in read}
    for story in read:
        expected = Expected(story).line(office.cases[story.number])
        line = told[office.cases[story.number]]
        assert {name: line[name] for name in expected} == expected, story


def test_the_recap_of_the_year(office: YearOffice, stories: list[Story]) -> None:
    """All of it, from two reviewers who are both there."""
    found = office.run("r1", "recap", "--period", "2026", "--with", "r2", others=("r2",))
    ratings, stars = found.pop("ratings"), figures.stars(stories)
    assert (found.pop("period"), found.pop("reviewers")) == ("2026", ["r1", "r2"])
    assert found == figures.recap(stories)
    assert ratings["count"] == len(stars) >= 5
    assert abs(Fraction(str(ratings["mean"])) - Fraction(sum(stars), len(stars))) <= Fraction(1, 20)


def test_the_recap_of_each_quarter(office: YearOffice, stories: list[Story]) -> None:
    for name in QUARTERS:
        found = office.run("r1", "recap", "--period", name, "--with", "r2", others=("r2",))
        expected = figures.recap(story for story in stories if figures.quarter(story.day) == name)
        assert {each: found[each] for each in expected} == expected


def test_who_is_reported_or_related_has_nothing_of_it(office: YearOffice, stories: list[Story]) -> None:
    """Not in the list, not in the search, not in the register, not among what is due."""
    for reader, kept in (
        (REPORTED, [story for story in stories if REPORTED in story.excluded]),
        (
            RELATED[0],
            [each for each in stories if each.office == RELATED[1] and Expected(each).classified],
        ),
    ):
        hidden = {office.cases[story.number] for story in kept}
        assert hidden
        listed = {case["number"] for case in office.run(reader, "cases")["cases"]}
        counted = {line["case"] for line in office.run(reader, "register", "--period", "2026")["lines"]}
        assert len(listed) == len(counted) == REPORTS - len(hidden)
        assert not hidden & (listed | counted)
        for story in kept[:5]:
            assert office.run(reader, "search", story.mark)["cases"] == []


def test_the_log_of_the_year_is_whole(office: YearOffice, stories: list[Story]) -> None:
    """Each report and each act left an entry at least."""
    acts = sum(len(story.events) for story in stories)
    assert office.run("r1", "log")["count"] > acts + REPORTS
