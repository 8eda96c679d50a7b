"""No level makes the servers say more than a kind of error; whatever else they wrote would be found."""

import pytest

from tests.privacy.proofs import answers, logs


def test_the_level_that_says_most_says_no_more() -> None:
    said = logs.lines_of_a_life("debug")
    assert logs.unfit(said) == []
    assert said, "a full disk is an error of the server's own"


@pytest.mark.parametrize(
    "planted",
    [
        '127.0.0.1 - - [24/Nov/2026:01:00:00 +0000] "POST /api/item/kota/aduan HTTP/1.1" 204 0',
        f"error ValueError elsewhere {answers.AGENT}",
        "error StorageFullError store.space:check_room /var/lib/peluit/inbox.db",
        "error StorageFullError store.space:check_room 01:00",
        "8f14e45fceea167a5a36dedd4bea2543",
        "[2026-11-24 01:00:00 +0000] [4711] [DEBUG] POST /api/ticket",
    ],
)
def test_a_line_that_says_more_is_found(planted: str) -> None:
    assert logs.unfit(["error StorageFullError store.space:check_room", planted]) == [planted]


def test_gunicorns_own_log_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same life with its ordinary logger in the place of ours."""
    settings = "--log-level {level} --access-logfile - --logger-class gunicorn.glogging.Logger"
    monkeypatch.setattr(logs, "_reviewers", lambda *_: "")
    monkeypatch.setattr(answers, "_door", lambda *_: None)
    collect = answers.collect
    monkeypatch.setattr(
        logs,
        "collect",
        lambda layout, _settings: collect(layout, {"GUNICORN_CMD_ARGS": settings.format(level="debug")}),
    )
    assert any("/api/item/" in line for line in logs.unfit(logs.lines_of_a_life("debug")))
