"""gunicorn's settings for all apps (`gunicorn -c python:hardening.deploy.gunicorn source_app.wsgi:app`).

From the environment: PELUIT_APP (`source`, `noscript` or `journalist`), PELUIT_BIND (`unix:/path` or
`127.0.0.1:port`), PELUIT_WORKERS, PELUIT_THREADS, PELUIT_SEARCHABLE.
"""

import os
import signal
from typing import Any, Final

from hardening.confinement import confine, confine_master
from hardening.deploy import REACH, WORKER_START
from hardening.deploy.worker import QuietLogger, QuietWorker
from hardening.process import harden

bind: Final = os.environ.get("PELUIT_BIND", "127.0.0.1:8000")
# Set by nothing but tests that are not root and search the servers' memory.
_SEARCHABLE: Final = os.environ.get("PELUIT_SEARCHABLE") == "1"
_APP: Final = os.environ.get("PELUIT_APP", "source")
workers: Final = int(os.environ.get("PELUIT_WORKERS", "2" if _APP == "source" else "1"))
# A body that trickles in over Tor holds a thread as long as nobody needs it (worker.py). With 64
# reporters at once (bench/simultaneous.py, November 2026, six runs each, busy machine), the landing page p95
# was 0.13 to 0.26 s with 32 threads, while reports queued for the database, and 0.01 to 0.05 s with 64.
# Idle threads cost nothing: they start when needed. Without scripts a whole file holds one, and its key work
# takes 8 MiB of ours.
_THREADS: Final = {"source": "64", "noscript": "32", "journalist": "8"}
threads: Final = int(os.environ.get("PELUIT_THREADS", _THREADS[_APP]))
worker_class: Final = QuietWorker
logger_class: Final = QuietLogger

# Pages, code and wordlists are loaded once and shared by the workers' memory.
preload_app: Final = True
worker_tmp_dir: Final = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# Most of them are being gathered, and hold no thread (worker.py).
worker_connections: Final = 1_024
backlog: Final = 512

# Tor keeps a circuit's streams open: a visit needs one connection, not one for each request.
keepalive: Final = 30
timeout: Final = 60
graceful_timeout: Final = 20

# The longest address of the protocol has 108 bytes, a ticket 48.
limit_request_line: Final = 512
limit_request_fields: Final = 40
limit_request_field_size: Final = 2_048

umask: Final = 0o077
accesslog: Final = None
errorlog: Final = "-"
loglevel: Final = "error"
capture_output: Final = False
control_socket_disable: Final = True
# Nothing in front of us may speak for a client.
forwarded_allow_ips: Final = ""
proxy_allow_ips: Final = ""


def on_starting(_server: object) -> None:
    """Runs in the first process, which has loaded the application and with it the keys."""
    harden(_SEARCHABLE)


def when_ready(_server: object) -> None:
    """Runs in the first process once its sockets are there, before there are workers."""
    # USR2 would start gunicorn anew beside itself; no program can be started from here on.
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    confine_master()


def post_fork(_server: object, _worker: object) -> None:
    """Runs in each new worker."""
    harden(_SEARCHABLE)


def post_worker_init(worker: Any) -> None:
    """Runs in each worker that has its application, before it serves and before it has threads."""
    confine(worker.wsgi.extensions[REACH])
    start = worker.wsgi.extensions.get(WORKER_START)
    if start is not None:
        start()
