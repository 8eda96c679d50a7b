"""What a worker does besides answering."""

import pytest

from source_app import housekeeping
from store.errors import StorageFullError


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        (0, 3_600),
        (12 * 3_600, 3_600),
        (23 * 3_600, 3_600),
        (24 * 3_600 - 1, 1),
        (24 * 3_600 - 0.5, 0.5),
        (50 * 86_400 + 23.5 * 3_600, 1_800),
    ],
)
def test_it_goes_round_every_hour_and_at_midnight(now: float, wait: float) -> None:
    assert housekeeping._until_next(now) == wait


@pytest.mark.parametrize("error", [StorageFullError, PermissionError])
def test_what_goes_wrong_neither_ends_it_nor_is_logged(error, capfd: pytest.CaptureFixture[str]) -> None:
    done = []

    def broken() -> None:
        raise error

    housekeeping._do([broken, lambda: done.append(1)])
    assert done == [1]
    assert capfd.readouterr() == ("", "")
