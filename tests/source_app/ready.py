"""The deployed gunicorn settings, and a sign to the tests when a worker is ready."""

import os
from contextlib import suppress

from hardening.deploy import gunicorn
from hardening.deploy.gunicorn import *  # noqa: F403


def post_worker_init(worker: object) -> None:
    gunicorn.post_worker_init(worker)
    # A worker that replaces another finds nobody waiting.
    with suppress(BrokenPipeError):
        os.write(int(os.environ["READY"]), b".")
