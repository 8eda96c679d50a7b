"""docs/requirements.md has every requirement once, with tests that exist or a word of what is missing."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NUMBERS = [f"R{number}" for number in range(1, 27)]


def test_every_requirement_names_tests_that_exist() -> None:
    text = (ROOT / "docs" / "requirements.md").read_text("utf-8")
    existing = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^ *def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    entries = re.split(r"^- \*\*(?=R\d)", text, flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries] == NUMBERS
    for entry in entries:
        named = set(re.findall(r"`(test_\w+)`", entry))
        assert named, entry
        assert named <= existing, named - existing


def test_what_is_missing_stands_in_the_known_limits() -> None:
    told = (ROOT / "docs" / "requirements.md").read_text("utf-8")
    limits = (ROOT / "docs" / "known-limits.md").read_text("utf-8")
    for entry in re.split(r"^- \*\*(?=R\d)", told, flags=re.MULTILINE)[1:]:
        if "known limits" in entry:
            number = entry.split()[0]
            assert re.search(rf"\b{number}\b", limits), f"{number} is missing in docs/known-limits.md"
