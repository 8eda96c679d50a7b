"""Which limits run, when they end, and which were kept; and that the presets say what their sources say."""

import json
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.calendar import add_days
from crypto.fields import Day, ReviewerId
from workstation.casework import stages
from workstation.casework.course import Course, Hold, Move, Moved
from workstation.casework.stages import Outcome, Stage
from workstation.casework.tasks import LIMITS, Limit
from workstation.review.classification import Classification
from workstation.timing import deadlines, presets
from workstation.timing.clock import Pause
from workstation.timing.deadline_errors import BadPresetError
from workstation.timing.deadlines import Extension
from workstation.timing.presets import Rules, shipped
from workstation.timing.workdays import Calendar, OwnDays

DAYS = Calendar(OwnDays())
INTEGRITY = Classification("aduan", "integrity")
SERVICE = Classification("aduan", "service")
INFORMATION = Classification("permohonan-informasi", "none")
BY = ReviewerId("r1")
FIRST = Day("2026-03-13")
"""A Friday before Nyepi and Idul Fitri: the next working days are 16, 17, 25, 26, 27, 30, 31 March, 1, 2 and
6 April; the 60th is 24 June, and the 90th 5 August."""


def rules(*names: str) -> Rules:
    return Rules(tuple(shipped()[name] for name in names or ("id-apip-default",)))


Act = tuple[str, str] | tuple[str, str, str]


def followed(*acts: Act) -> Course:
    """What the acts of 2026 come to: (day, where to, result), (day, held, look again on), (day, resumed)."""
    now = Course("received", FIRST)
    for step, (short, what, *more) in enumerate(acts, 1):
        day = Day(f"2026-{short}")
        if what == "held":
            pause = Hold(step, "awaiting-office", day, BY, Day(f"2026-{more[0]}"))
            now = replace(now, holds=(*now.holds, pause))
        elif what == "resumed":
            now = replace(now, holds=(*now.holds[:-1], replace(now.holds[-1], until=day)))
        else:
            end = cast(Stage, what)
            outcome = cast(Outcome, more[0]) if more else None
            answer = "Begini." if end in ("closed", "incomplete", "answered") else ""
            moved = Moved(step, Move(end, outcome, answer=answer), now.stage, day, BY)
            now = replace(now, stage=end, since=day, outcome=outcome, moves=(*now.moves, moved))
    return now


def running(
    now: Course,
    case: Classification = INTEGRITY,
    which: Rules | None = None,
    extended: tuple[Extension, ...] = (),
    replied: str | None = None,
) -> dict[Limit, str | None]:
    found = deadlines.limits(
        now, case, extended, which or rules(), DAYS, FIRST, Day(replied) if replied else None
    )
    return {due.what: due.day for due in found}


def kept(now: Course, case: Classification = INTEGRITY) -> list[tuple[Limit, str, int]]:
    found = deadlines.history(now, case, (), rules(), DAYS, FIRST)
    return [(met.due.what, met.on[5:], met.late) for met in found]


def test_at_the_beginning() -> None:
    assert running(followed()) == {
        "register": "2026-03-16",
        "verify": "2026-03-25",
        "review": "2026-04-06",
        "completion": "2026-06-24",
    }
    assert running(followed(), SERVICE)["completion"] == "2026-04-10"
    assert running(followed(), INFORMATION)["completion"] == "2026-03-27"


def test_a_category_has_a_limit_of_its_own() -> None:
    drain = Classification("aduan", "service", category="drainase")
    assert running(followed(), drain)["completion"] == running(followed())["completion"]


def test_late_by_counts_working_days() -> None:
    (register, *_others) = deadlines.limits(followed(), INTEGRITY, (), rules(), DAYS, FIRST)
    found = [register.late_by(Day(f"2026-03-{day}")) for day in ("13", "16", "17", "24", "25")]
    assert found == [-1, 0, 1, 1, 2]
    assert register.source == "id-apip-default"


def test_the_weekend_behind_the_last_day_is_late() -> None:
    found = deadlines.limits(followed(), SERVICE, (), rules(), DAYS, FIRST)
    (completion,) = (due for due in found if due.what == "completion")
    assert completion.day == "2026-04-10"  # a Friday
    late = [completion.late_by(Day(f"2026-04-{day}")) for day in ("09", "10", "11", "12", "13", "14")]
    assert late == [-1, 0, 1, 1, 1, 2]


WAY = (
    ("03-16", "verification"), ("03-26", "review"), ("03-27", "clarification"), ("03-30", "examination"),
    ("05-04", "result", "substantiated"), ("05-05", "follow-up"),
)  # fmt: skip


def test_what_was_kept_and_what_was_missed() -> None:
    """Verified on 26 March, a working day late; reviewed on the 27th; closed in time."""
    assert running(followed(*WAY)) == {"completion": "2026-06-24"}
    closed = followed(*WAY, ("06-24", "closed", "substantiated"))
    assert running(closed) == {}
    assert kept(closed) == [
        ("register", "03-16", 0), ("verify", "03-26", 1), ("review", "03-27", -5), ("completion", "06-24", 0),
    ]  # fmt: skip
    assert kept(followed(*WAY, ("06-29", "closed", "substantiated")))[-1] == ("completion", "06-29", 3)


def test_a_pause_moves_what_runs_and_is_listed() -> None:
    held = followed(*WAY[:2], ("03-30", "held", "05-01"))
    assert running(held) == {"review": None, "completion": None}
    again = followed(*WAY[:2], ("03-30", "held", "05-01"), ("04-06", "resumed"))
    assert running(again)["review"] == "2026-04-10"  # 30 March is the 6th of 10; then 7, 8, 9 and 10 April
    assert deadlines.pauses(again) == (Pause("awaiting-office", Day("2026-03-30"), Day("2026-04-06")),)


def test_completing_belongs_to_the_reporter() -> None:
    waits = followed(("03-16", "verification"), ("03-17", "incomplete"))
    assert running(waits) == {"reporter": "2026-04-16", "review": None, "completion": None}
    back = followed(("03-16", "verification"), ("03-17", "incomplete"), ("03-31", "verification"))
    assert running(back)["verify"] == "2026-04-06"
    assert running(back)["review"] == "2026-04-13"  # two days were counted before
    assert deadlines.pauses(back) == (Pause("incomplete", Day("2026-03-17"), Day("2026-03-31")),)


def test_an_office_answers_and_the_reporter_is_silent() -> None:
    way = (
        ("03-16", "verification"),
        ("03-17", "review"),
        ("03-25", "disposition"),
        ("03-26", "office-handling"),
    )
    assert running(followed(*way), SERVICE) == {"office": "2026-04-10", "completion": "2026-04-10"}
    answered = followed(*way, ("04-07", "answered"))
    assert running(answered, SERVICE) == {"close": "2026-04-21"}
    assert running(answered, SERVICE, replied="2026-04-09") == {"close": "2026-04-23"}
    assert kept(answered, SERVICE)[-2:] == [("office", "04-07", -3), ("completion", "04-07", -3)]
    unsatisfied = followed(*way, ("04-07", "answered"), ("04-08", "office-handling"))
    assert running(unsatisfied, SERVICE) == {"completion": "2026-04-10", "office": "2026-04-22"}


def test_reopening_begins_anew() -> None:
    closed = (*WAY, ("06-22", "closed", "unsubstantiated"))
    again = followed(*closed, ("07-01", "reopened"), ("07-02", "review"))
    assert running(again) == {"review": "2026-07-15", "completion": "2026-09-25"}
    assert kept(again) == kept(followed(*closed))


def test_a_merged_case_has_no_limits_of_its_own() -> None:
    merged = followed(("03-16", "verification"), ("03-17", "merged"))
    assert running(merged) == {}
    assert [what for what, *_ in kept(merged)] == ["register", "verify"]
    closed = followed(("03-16", "verification"), ("03-17", "merged"), ("06-29", "closed", "substantiated"))
    assert kept(closed) == kept(merged)


def test_one_extension_lengthens_its_limit() -> None:
    more = (Extension("completion", 30, Day("2026-04-01")),)
    assert running(followed(), extended=more)["completion"] == "2026-08-05"
    assert running(followed(), extended=more)["review"] == running(followed())["review"]
    closed = (*WAY, ("06-22", "closed", "unsubstantiated"))
    again = followed(*closed, ("07-01", "reopened"))
    assert running(again, extended=more)["completion"] == "2026-09-25"  # it belonged to the first time


def test_months_and_pauses_of_the_directive() -> None:
    external = rules("eu-external")
    assert running(followed(), which=external) == {"register": "2026-03-20", "answer": "2026-06-13"}
    more = (Extension("answer", 3, Day("2026-04-01")),)
    assert running(followed(), which=external, extended=more)["answer"] == "2026-09-13"
    paused = followed(("03-16", "verification"), ("04-01", "held", "05-01"), ("04-11", "resumed"))
    assert running(paused, which=external) == {"answer": "2026-06-23"}


def test_the_answer_is_what_tells_more_than_that_somebody_looks() -> None:
    which = rules("id-wbs-30hk")
    assert "answer" in running(followed(*WAY[:2]), which=which)
    assert "answer" not in running(followed(*WAY[:3]), which=which)


def test_the_last_preset_has_the_last_word() -> None:
    both = rules("id-apip-default", "id-uu25", "id-info")
    assert running(followed(), INFORMATION, both)["completion"] == "2026-04-06"
    assert "completion" not in running(followed(), INTEGRITY, both)  # the file is not complete yet
    assert running(followed(*WAY[:2]), INTEGRITY, both)["completion"] == "2026-05-25"
    assert running(followed(*WAY), INTEGRITY, rules("id-apip-default", "id-tgr"))["follow-up"] == "2026-07-03"


def test_without_a_rule_for_the_reporters_time_the_default_holds() -> None:
    waits = followed(("03-16", "verification"), ("03-17", "incomplete"))
    assert running(waits, which=rules("id-wbs-30")) == {"reporter": "2026-04-16"}


def test_when_an_office_should_answer() -> None:
    assert deadlines.office_due(rules(), SERVICE, DAYS, Day("2026-03-13")) == "2026-04-06"
    assert deadlines.office_due(rules("id-wbs-30"), SERVICE, DAYS, Day("2026-03-13")) is None


SAID = {
    "id-lapor": {"verify": (3, "working"), "answer": (5, "working"), "completion": (60, "working"),
                 "close": (10, "working"), "reporter": (10, "working"), "office": (5, "working")},
    "id-uu25": {"answer": (14, "calendar"), "completion": (60, "calendar"), "follow-up": (14, "calendar"),
                "reporter": (30, "calendar")},
    "id-wbs-30": {"answer": (30, "calendar")},
    "id-wbs-30hk": {"answer": (30, "working")},
    "id-dumas-2hk": {"register": (2, "working")},
    "id-apip-default": {"register": (1, "working"), "verify": (3, "working"), "review": (10, "working"),
                        "completion": (60, "working"), "reporter": (30, "calendar"), "close": (10, "working"),
                        "office": (10, "working")},
    "id-tgr": {"follow-up": (60, "calendar")},
    "id-pdp-breach": {"notice": (3, "calendar")},
    "eu-internal": {"register": (7, "calendar"), "answer": (3, "months")},
    "eu-external": {"register": (7, "calendar"), "answer": (3, "months")},
    "iso-37002": {"register": (7, "calendar"), "completion": (3, "months")},
}  # fmt: skip


@pytest.mark.parametrize("name", [*SAID, "id-info"])
def test_presets_say_what_the_brief_says(name: str) -> None:
    """R12: every preset of the brief is there, with its source; those of requests are for these alone."""
    case = INFORMATION if name == "id-info" else INTEGRITY
    expected = {"completion": (10, "working")} if name == "id-info" else SAID[name]
    waits = {"close": (10, "working"), "reporter": (30, "calendar")}
    found = {limit: rules(name).find(limit, case) for limit in LIMITS}
    assert {
        limit: (each.rule.count, each.rule.unit) for limit, each in found.items() if each
    } == waits | expected
    preset = shipped()[name]
    assert preset.citation and preset.titles["id"] != ""
    assert (preset.checked_on is None) is (name == "iso-37002")


def test_extensions_of_the_presets() -> None:
    more = {
        (name, rule.limit, rule.kinds, rule.count): rule.extension
        for name, preset in shipped().items()
        for rule in preset.limits
        if rule.extension and (rule.families or rule.kinds or name == "eu-external")
    }
    assert more == {
        ("id-apip-default", "completion", (), 60): 30,
        ("id-apip-default", "completion", ("permohonan-informasi",), 5): 7,
        ("id-info", "completion", ("permohonan-informasi",), 10): 7,
        ("eu-external", "answer", (), 3): 3,
    }


LIMIT = {"limit": "verify", "count": 3, "unit": "working", "trust": "verified"}
PRESET = {"id": "kota", "titles": {"en": "City", "id": "Kota"}, "citation": "Perwal 1/2026",
          "checked_on": None, "limits": [LIMIT]}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": "Kota"}, "1"),
        ({"citation": ""}, "1"),
        ({"checked_on": "2026-13-01"}, "1"),
        ({"limits": []}, "1"),
        ({"more": 1}, "1"),
        ({"limits": [LIMIT, LIMIT | {"count": 0}]}, "limit 2"),
        ({"limits": [LIMIT | {"limit": "verifikasi"}]}, "limit 1"),
        ({"limits": [LIMIT | {"unit": "hours"}]}, "limit 1"),
        ({"limits": [LIMIT | {"families": ["integritas"]}]}, "limit 1"),
        ({"limits": [LIMIT | {"note": "x"}]}, "limit 1"),
        ({"id": "id-lapor"}, "id-lapor"),
    ],
)
def test_a_wrong_preset_is_refused_with_the_place(change: dict[str, object], where: str) -> None:
    preset, _value = presets.read_own(json.dumps(PRESET).encode())
    assert preset.limits[0].count == 3
    with pytest.raises(BadPresetError) as raised:
        presets.read_own(json.dumps(PRESET | change).encode())
    assert f"at {where}:" in str(raised.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "\udcff"])
def test_what_is_no_preset_at_all(text: str) -> None:
    with pytest.raises(BadPresetError):
        presets.read_own(text.encode("utf-8", "surrogateescape"))


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Any way through the stages, with pauses and days between."""
    acts: list[Act] = []
    now, day = followed(), FIRST
    for _ in range(draw(st.integers(0, 14))):
        day = add_days(day, draw(st.integers(0, 12)))
        ends = [*stages.ARROWS[now.stage], *(["held"] if stages.is_open(now.stage) else [])]
        what = "resumed" if now.hold else draw(st.sampled_from(ends))
        more = "12-31" if what == "held" else "unsubstantiated"
        acts.append((day[5:], what, more) if what in ("held", "closed", "result") else (day[5:], what))
        now = followed(*acts)
    return now


@given(courses(), st.sampled_from([INTEGRITY, SERVICE, INFORMATION]))
def test_no_open_case_is_without_a_day_and_no_other_has_one(now: Course, case: Classification) -> None:
    found = deadlines.limits(now, case, (), rules(), DAYS, FIRST)
    days = [due.day for due in found if due.day is not None]
    assert bool(found) is stages.is_open(now.stage)
    assert now.hold is not None or bool(days) is stages.is_open(now.stage)
    assert days == sorted(days)
    assert all(due.late_by(due.day) == 0 for due in found if due.day is not None)
    for met in deadlines.history(now, case, (), rules(), DAYS, FIRST):
        assert met.late <= 0 or (met.due.day is not None and met.due.day < met.on)
