"""The browser's constants are those of crypto/constants.py."""

from pathlib import Path

from crypto.browser_constants import PATH, render


def test_the_browsers_copy_is_the_generated_one() -> None:
    assert Path(__file__).parents[2].joinpath(PATH).read_text() == render(), "run: make constants"
