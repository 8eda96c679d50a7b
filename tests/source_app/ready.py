"""The deployed gunicorn settings, and a sign to the tests when a worker is ready."""

import os

from hardening.deploy.gunicorn import *  # noqa: F403


def post_worker_init(_worker: object) -> None:
    os.write(int(os.environ["READY"]), b".")
