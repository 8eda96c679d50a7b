"""What an office says of its deadlines and days."""

import json

from crypto.fields import Day
from tests.fuzz.target import Target
from workstation.casework.tasks import LIMITS
from workstation.review.classification import Classification
from workstation.timing import owndays, presets
from workstation.timing.deadline_errors import BadPresetError, BadWorkdaysError
from workstation.timing.owndays import MOST_DAYS
from workstation.timing.presets import Rules
from workstation.timing.workdays import OwnDays

OWN = OwnDays("ID", {Day("2026-07-01"): "Hari jadi kota"}, {Day("2026-03-24"): ""}, (2026, 2027))
CASE = Classification("aduan", "service", "drainase")


def _workdays(data: bytes) -> None:
    """Whatever is taken can be given back as lines, and is read again as the same."""
    own = owndays.parse(data)
    assert len(own.free) + len(own.work) <= MOST_DAYS
    assert owndays.parse("\n".join(owndays.lines(own)).encode()) == own


def _preset(data: bytes) -> None:
    preset, value = presets.read_own(data)
    assert presets.read(value) == preset
    for limit in LIMITS:
        Rules((preset,)).find(limit, CASE)


def _presets() -> list[bytes]:
    """Those that come with the program, under another name."""
    found = json.loads(presets.DEFAULT.read_bytes())
    return [json.dumps(preset | {"id": f"own-{number}"}).encode() for number, preset in enumerate(found)]


def _lists() -> list[bytes]:
    as_json = {
        "checked": [2026],
        "country": "ID",
        "free": {"2026-07-01": "Hari jadi"},
        "work": ["2026-03-24"],
    }
    return ["\n".join(owndays.lines(OWN)).encode(), json.dumps(as_json).encode()]


TARGETS = (
    Target("workdays", _workdays, (BadWorkdaysError,), _lists),
    Target("workdays-json", _workdays, (BadWorkdaysError,), lambda: _lists()[1:], json=True),
    Target("own-deadlines", _preset, (BadPresetError,), _presets, json=True),
)
