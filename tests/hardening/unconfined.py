"""The deployed settings without confinement: what its tests must be able to see."""

from hardening.deploy import gunicorn

gunicorn.confine = lambda _reach: None  # type: ignore[assignment]
gunicorn.confine_master = lambda: None  # type: ignore[assignment]

from tests.source_app.ready import *  # noqa: E402, F403

when_ready = gunicorn.when_ready
